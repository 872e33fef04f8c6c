// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/answers.hpp"
#include "charm/domain/deadline.hpp"
#include "charm/keyserver/statistics.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace charm::socket {
struct HttpRequest;
}

namespace charm::keyserver {

/// A client of the keyserver on this pod's loopback, which uses HKP as Hockeypuck 2.3 and 2.4
/// implement it. No function throws.
class Client {
 public:
  static constexpr std::size_t longest_body = 1UL << 20U;

  /// After the deadline, the keyserver counts as unreachable.
  explicit Client(int hkp_port, int metrics_port = 0, const Deadline& end = no_deadline) noexcept
      : port_(hkp_port), metrics_port_(metrics_port), end_(&end) {}

  virtual ~Client() = default;

  /// Looks keys up: `0x` and a fingerprint or key ID, or words of a user ID. Returns 200 with an
  /// armored block, 404 if there is no such key, 500 if the database fails.
  [[nodiscard]] virtual Answer get(const std::string& search) const;

  /// Looks for a key in the machine-readable index (draft-shaw-openpgp-hkp-00, section 5.2). The
  /// index stays short, however much others have added to the key. It also shows a revocation;
  /// get() returns 200 for revoked keys as well.
  [[nodiscard]] virtual StoredKey find(const std::string& fingerprint) const;

  /// Uploads an armored key. Returns 200 even if the server ignores it: only find() shows the
  /// result.
  [[nodiscard]] virtual Answer add(const std::string& armor) const;

  /// Deletes the keys of `request` (the line `/pks/delete` and armored keys) with an
  /// administrator's armored detached signature. 404: one of the keys does not exist, and the keys
  /// after it were not processed. 422: the signature is not valid, or the database is down.
  /// Hockeypuck checks the signature before it looks for the keys.
  [[nodiscard]] virtual Answer remove(const std::string& request,
                                      const std::string& signature) const;

  /// Asks for a key that cannot exist, and waits at most two seconds. Hockeypuck answers 404 if it
  /// could query its database, and 500 if the database failed. Its own health page answers 200 in
  /// both cases.
  [[nodiscard]] virtual KeyserverHealth health() const;

  /// Returns the statistics page as JSON.
  [[nodiscard]] virtual Answer statistics() const;

  /// Returns the version on the keyserver's statistics page, or an empty string if it does not
  /// answer within two seconds.
  [[nodiscard]] virtual std::string version() const;

  /// Returns the keyserver's metrics, or empty ones if they do not arrive within two seconds.
  [[nodiscard]] virtual Metrics metrics() const;

 private:
  [[nodiscard]] Answer ask(int port, std::chrono::milliseconds longest,
                           const socket::HttpRequest& request) const;

  int port_;
  int metrics_port_;
  const Deadline* end_;
};

}  // namespace charm::keyserver
