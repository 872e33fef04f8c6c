// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/client.hpp"

#include "charm/domain/text.hpp"

#include <httplib.h>

#include <csignal>
#include <functional>
#include <optional>
#include <sstream>

namespace charm::keyserver {
namespace {

using Clock = std::chrono::steady_clock;
using Exchange = std::function<httplib::Result(httplib::Client&, const httplib::ContentReceiver&)>;

constexpr std::chrono::milliseconds patience = std::chrono::seconds(20);
constexpr std::chrono::milliseconds patience_to_look = std::chrono::seconds(2);
const std::string lookup_page = "/pks/lookup";
const std::string statistics_page = lookup_page + "?op=stats&options=json";

Answer ask(const std::string& address, int port, Clock::time_point deadline,
           const Exchange& exchange) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if (left.count() <= 0) {
    return {.error = "no answer in time"};
  }
  httplib::Client client(address, port);
  client.set_connection_timeout(left);
  client.set_read_timeout(left);
  client.set_write_timeout(left);
  client.set_follow_location(false);
  Answer answer;
  const httplib::Result result = exchange(client, [&](const char* data, std::size_t size) {
    answer.body.append(data, size);
    return Clock::now() < deadline && answer.body.size() <= Client::longest_body;
  });
  if (!result) {
    const bool too_long = answer.body.size() > Client::longest_body;
    return {.error = too_long ? "the answer is too long" : httplib::to_string(result.error())};
  }
  answer.status = result->status;
  if (answer.body.empty()) {
    answer.body = result->body;
  }
  return answer;
}

/// Asks on the pod's own loopback, IPv4 or IPv6.
Answer ask(int port, std::chrono::milliseconds longest, const Exchange& exchange) {
  // The library writes without MSG_NOSIGNAL: a server that hangs up would kill this process.
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
  const auto deadline = Clock::now() + longest;
  Answer answer;
  for (const char* address : {"127.0.0.1", "::1"}) {
    Answer other = ask(address, port, deadline, exchange);
    if (other.status != 0) {
      return other;
    }
    answer = answer.error.empty() ? other : answer;
  }
  return answer;
}

/// The library builds a target with parameters with regular expressions, which is expensive. The
/// requests of every hook therefore have a literal target.
Answer page(int port, std::chrono::milliseconds longest, const std::string& target) {
  return ask(port, longest, [&target](httplib::Client& client, const auto& receiver) {
    return client.Get(target, receiver);
  });
}

Answer post(int port, const char* page, const httplib::Params& form) {
  return ask(port, patience, [&](httplib::Client& client, const auto& /*receiver*/) {
    return client.Post(page, form);
  });
}

/// Returns the flags of this key's line `pub:FINGERPRINT:ALGORITHM:LENGTH:CREATED:EXPIRES:FLAGS`,
/// or nothing if the index has no such line. A search for a subkey's fingerprint finds another
/// primary key.
std::optional<std::string> flags_in(const std::string& index, const std::string& fingerprint) {
  constexpr std::size_t flags_at = 6;
  std::istringstream lines(index);
  for (std::string line; std::getline(lines, line);) {
    const auto parts = fields(line, ":");
    if (parts.size() > flags_at && parts[0] == "pub" && lower_case(parts[1]) == fingerprint) {
      return std::string(parts[flags_at]);
    }
  }
  return std::nullopt;
}

}  // namespace

Answer Client::get(const std::string& search) const {
  const httplib::Params query = {{"op", "get"}, {"search", search}};
  return ask(port_, patience, [&query](httplib::Client& client, const auto& receiver) {
    return client.Get(lookup_page, query, httplib::Headers(), receiver);
  });
}

StoredKey Client::find(const std::string& fingerprint) const {
  const Answer answer =
      page(port_, patience, lookup_page + "?op=vindex&options=mr&search=0x" + fingerprint);
  if (answer.status == 404) {
    return StoredKey::absent;
  }
  if (answer.status != 200) {
    return StoredKey::unknown;
  }
  const auto flags = flags_in(answer.body, fingerprint);
  if (!flags) {
    return StoredKey::absent;
  }
  return flags->find('r') == std::string::npos ? StoredKey::present : StoredKey::revoked;
}

Answer Client::add(const std::string& armor) const {
  return post(port_, "/pks/add", {{"keytext", armor}});
}

Answer Client::remove(const std::string& request, const std::string& signature) const {
  return post(port_, "/pks/delete", {{"keytext", request}, {"keysig", signature}});
}

KeyserverHealth Client::health() const {
  const Answer answer =
      page(port_, patience_to_look, lookup_page + "?op=get&search=0x" + std::string(40, '0'));
  if (answer.status == 0) {
    return KeyserverHealth::unreachable;
  }
  return answer.status == 200 || answer.status == 404 ? KeyserverHealth::serving
                                                      : KeyserverHealth::database_failing;
}

Answer Client::statistics() const {
  return page(port_, patience, statistics_page);
}

std::string Client::version() const {
  const auto statistics = parse_statistics(page(port_, patience_to_look, statistics_page).body);
  return statistics ? statistics->version : "";
}

Metrics Client::metrics() const {
  return parse_metrics(page(metrics_port_, patience_to_look, "/metrics").body);
}

}  // namespace charm::keyserver
