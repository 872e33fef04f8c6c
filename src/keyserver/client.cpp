// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/client.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>

namespace charm::keyserver {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds patience = std::chrono::seconds(2);

struct Answer {
  int status = 0;
  std::string body;
};

constexpr std::size_t longest_body = 1UL << 20U;

/// Returns the answer to one request, or nothing when nobody gives it in time.
std::optional<Answer> get(const std::string& address, int port, const std::string& target,
                          Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if (left.count() <= 0) {
    return std::nullopt;
  }
  httplib::Client client(address, port);
  client.set_connection_timeout(left);
  client.set_read_timeout(left);
  client.set_write_timeout(left);
  client.set_follow_location(false);
  Answer answer;
  const httplib::Result result = client.Get(target, [&](const char* data, std::size_t size) {
    answer.body.append(data, size);
    return Clock::now() < deadline && answer.body.size() <= longest_body;
  });
  if (!result) {
    return std::nullopt;
  }
  answer.status = result->status;
  return answer;
}

/// Asks on the pod's own loopback, in either family.
std::optional<Answer> get(int port, const std::string& target) {
  // The library writes without MSG_NOSIGNAL: a server that hangs up would end us.
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
  const auto deadline = Clock::now() + patience;
  for (const char* address : {"127.0.0.1", "::1"}) {
    if (auto answer = get(address, port, target, deadline)) {
      return answer;
    }
  }
  return std::nullopt;
}

}  // namespace

KeyserverHealth look(int hkp_port) {
  const std::string nobody(40, '0');
  const auto answer = get(hkp_port, "/pks/lookup?op=get&search=0x" + nobody);
  if (!answer) {
    return KeyserverHealth::unreachable;
  }
  return answer->status == 200 || answer->status == 404 ? KeyserverHealth::serving
                                                        : KeyserverHealth::database_failing;
}

std::string version(int hkp_port) {
  const auto answer = get(hkp_port, "/pks/lookup?op=stats&options=json");
  if (!answer) {
    return "";
  }
  const auto page = nlohmann::json::parse(answer->body, nullptr, false);
  // Hockeypuck 2.3 and 2.4 write their keys in different case.
  for (const char* key : {"version", "Version"}) {
    if (page.is_object() && page.contains(key) && page[key].is_string()) {
      return page[key].get<std::string>();
    }
  }
  return "";
}

}  // namespace charm::keyserver
