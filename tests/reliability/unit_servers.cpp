// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/reliability/unit_servers.hpp"

#include "charm/domain/text.hpp"
#include "tests/unit/hook/stored_keys.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>

#include <sys/socket.h>

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Answers requests on one connection until the client hangs up.
void answer_requests(
    int connection,
    const std::function<charm::pebble::Response(const charm::pebble::Request&)>& answer) {
  for (std::string text = test::received(connection); !text.empty();
       text = test::received(connection)) {
    const std::size_t head = text.find("\r\n\r\n") + 4;
    std::istringstream lines(text.substr(0, head));
    charm::pebble::Request request;
    std::string line;
    lines >> request.method >> request.target;
    std::size_t size = 0;
    for (std::getline(lines, line); std::getline(lines, line) && line.size() > 1;) {
      const std::string name = charm::lower_case(line.substr(0, line.find(':')));
      const std::string value = line.substr(line.find(':') + 2, line.size() - name.size() - 3);
      size = name == "content-length" ? std::stoul(value) : size;
      request.content_type = name == "content-type" ? value : request.content_type;
      request.accept = name == "accept" ? value : request.accept;
    }
    request.body = text.substr(head);
    std::array<char, 65536> buffer{};
    while (request.body.size() < size) {
      const auto count = ::recv(connection, buffer.data(), buffer.size(), 0);
      if (count <= 0) {
        return;
      }
      request.body.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const charm::pebble::Response response = answer(request);
    if (!test::send_text(connection,
                         "HTTP/1.1 " + std::to_string(response.status) +
                             " -\r\nContent-Type: " + response.content_type +
                             "\r\nContent-Length: " + std::to_string(response.body.size()) +
                             "\r\n\r\n" + response.body)) {
      return;
    }
  }
}

httplib::Params parameters(const std::string& text) {
  httplib::Params params;
  httplib::detail::parse_query_text(text, params);
  return params;
}

std::string value_of(const httplib::Params& params, const std::string& name) {
  const auto found = params.find(name);
  return found == params.end() ? std::string() : found->second;
}

}  // namespace

UnitServers::UnitServers(charm::DispatchedUnit& unit, KeptDatabase& database, std::mutex& mutex)
    : unit_(unit), database_(database), mutex_(mutex) {}

void UnitServers::match() {
  const std::string socket = "/charm/containers/hockeypuck/pebble.socket";
  if (unit_.pebble.down) {
    pebble_.reset();
    fs::remove(socket);
  } else if (!pebble_) {
    fs::remove(socket);
    pebble_ = std::make_unique<test::SocketServer>(socket, [this](int connection) {
      answer_requests(connection, [this](const auto& request) { return answer_pebble(request); });
    });
  }
  match_keyserver();
}

void UnitServers::match_keyserver() {
  constexpr int hkp_port = 11371;
  constexpr int metrics_port = 9626;
  const bool runs = unit_.pebble.current("hockeypuck") == "active";
  if (!runs) {
    keyserver_.reset();
    metrics_.reset();
  } else if (!keyserver_) {
    database_.make_tables();
    keyserver_ = std::make_unique<test::SocketServer>(
        AF_INET,
        [this](int connection) {
          if (keyserver_is_frozen_) {
            static_cast<void>(test::received(connection));
            static_cast<void>(test::received(connection));  // Until the client hangs up.
          } else {
            answer_requests(connection,
                            [this](const auto& request) { return answer_hkp(request); });
          }
        },
        hkp_port);
    metrics_ = std::make_unique<test::SocketServer>(
        AF_INET,
        [](int connection) {
          answer_requests(connection, [](const auto& /*request*/) {
            return charm::pebble::Response{.status = 200};
          });
        },
        metrics_port);
  }
}

void UnitServers::close() {
  for (auto* server : {&pebble_, &keyserver_, &metrics_}) {
    server->reset();
  }
}

charm::pebble::Response UnitServers::answer_pebble(const charm::pebble::Request& request) {
  const std::lock_guard lock(mutex_);
  auto response = unit_.send(request, {});
  match_keyserver();
  return response;
}

charm::pebble::Response UnitServers::answer_hkp(const charm::pebble::Request& request) {
  const std::lock_guard lock(mutex_);
  const auto form = parameters(request.body);
  if (request.target == "/pks/add") {
    charm::store(unit_.keys, value_of(form, "keytext"));
    return {.status = 200, .body = "{}"};
  }
  if (request.target == "/pks/delete") {
    return {.status = unit_.takes(charm::issuer_of(value_of(form, "keysig"))) ? 404 : 422};
  }
  const auto query = parameters(request.target.substr(request.target.find('?') + 1));
  if (value_of(query, "op") == "stats") {
    return {.status = 200, .body = Json({{"version", "2.3.3"}, {"total", unit_.digests}}).dump()};
  }
  const std::string search = value_of(query, "search");
  const std::string fingerprint = search.substr(std::min<std::size_t>(2, search.size()));
  const auto key = charm::found(unit_.keys, fingerprint);
  if (key == charm::keyserver::StoredKey::absent) {
    return {.status = 404};
  }
  const bool revoked = key == charm::keyserver::StoredKey::revoked;
  return {.status = 200,
          .body = "info:1:1\npub:" + fingerprint + ":22:256:0::" + (revoked ? "r" : "") + "\n"};
}
