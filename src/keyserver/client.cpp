// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/client.hpp"

#include "charm/domain/text.hpp"
#include "charm/socket/bounded_client.hpp"

#include <optional>
#include <sstream>
#include <utility>

namespace charm::keyserver {
namespace {

using socket::HttpRequest;

constexpr std::chrono::milliseconds patience = std::chrono::seconds(20);
constexpr std::chrono::milliseconds patience_to_look = std::chrono::seconds(2);
const std::string lookup_page = "/pks/lookup";
const std::string statistics_page = lookup_page + "?op=stats&options=json";

HttpRequest page(const std::string& target) {
  return {.method = "GET", .target = target, .longest_answer = Client::longest_body};
}

HttpRequest form(const std::string& target, const std::string& fields) {
  return {.method = "POST",
          .target = target,
          .body = fields,
          .content_type = "application/x-www-form-urlencoded",
          .longest_answer = Client::longest_body};
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

/// Asks on the pod's own loopback, IPv4 or IPv6.
Answer Client::ask(int port, std::chrono::milliseconds longest, const HttpRequest& request) const {
  const Deadline end(end_->left(longest));
  Answer answer;
  for (const char* address : {"127.0.0.1", "::1"}) {
    socket::HttpAnswer received =
        socket::BoundedClient(address, port).exchange(request, end.left(longest));
    if (received.status != 0) {
      return {.status = received.status, .body = std::move(received.body)};
    }
    answer.error = answer.error.empty() ? std::move(received.error) : answer.error;
  }
  return answer;
}

Answer Client::get(const std::string& search) const {
  return ask(port_, patience, page(lookup_page + "?op=get&search=" + percent_encoded(search)));
}

StoredKey Client::find(const std::string& fingerprint) const {
  const Answer answer =
      ask(port_, patience, page(lookup_page + "?op=vindex&options=mr&search=0x" + fingerprint));
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
  return ask(port_, patience, form("/pks/add", "keytext=" + percent_encoded(armor)));
}

Answer Client::remove(const std::string& request, const std::string& signature) const {
  return ask(port_, patience,
             form("/pks/delete",
                  "keytext=" + percent_encoded(request) + "&keysig=" + percent_encoded(signature)));
}

KeyserverHealth Client::health() const {
  const Answer answer =
      ask(port_, patience_to_look, page(lookup_page + "?op=get&search=0x" + std::string(40, '0')));
  if (answer.status == 0) {
    return KeyserverHealth::unreachable;
  }
  return answer.status == 200 || answer.status == 404 ? KeyserverHealth::serving
                                                      : KeyserverHealth::database_failing;
}

Answer Client::statistics() const {
  return ask(port_, patience, page(statistics_page));
}

std::string Client::version() const {
  const auto statistics =
      parse_statistics(ask(port_, patience_to_look, page(statistics_page)).body);
  return statistics ? statistics->version : "";
}

Metrics Client::metrics() const {
  return parse_metrics(ask(metrics_port_, patience_to_look, page("/metrics")).body);
}

}  // namespace charm::keyserver
