// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/keyserver/statistics.hpp"

#include <chrono>
#include <string>

namespace charm::keyserver {

/// What the keyserver answered to one request.
struct Answer {
  int status = 0;     ///< HTTP status; 0: nobody answered in time, or the answer was too long.
  std::string body;   ///< At most Client::longest_body bytes.
  std::string error;  ///< Why there is no status, in a few words.
};

/// What the keyserver has under the fingerprint of a primary key.
enum class StoredKey {
  unknown,  ///< It does not answer, or its database does not.
  absent,
  present,
  revoked,  ///< Present, and its owner revoked it, for whatever reason.
};

/// The keyserver on this pod's loopback, spoken to in HKP as Hockeypuck 2.3 and 2.4 understand it.
/// No function throws.
class Client {
 public:
  static constexpr std::size_t longest_body = 1UL << 20U;

  explicit Client(int hkp_port,
                  std::chrono::milliseconds patience = std::chrono::seconds(20)) noexcept
      : port_(hkp_port), patience_(patience) {}

  /// Looks keys up: `0x` and a fingerprint or key id, or words of a user id. 200 with an armored
  /// key block, 404 when there is none, 500 when the database fails.
  [[nodiscard]] Answer get(const std::string& search) const;

  /// Looks for a key in the machine-readable index (draft-shaw-openpgp-hkp-00, section 5.2),
  /// which stays short whatever others have added to the key, and tells of a revocation; get()
  /// answers 200 for revoked keys too.
  [[nodiscard]] StoredKey find(const std::string& fingerprint) const;

  /// Uploads an armored key. 200 also when the server ignores it: only get() tells.
  [[nodiscard]] Answer add(const std::string& key) const;

  /// Deletes the keys of `request` (the line `/pks/delete` and armored keys) with its armored
  /// detached signature by an administrator. 404: one of the keys is not there, and those behind it
  /// were not looked at. 422: not such a signature, or the database is down. The signature is
  /// judged before the keys are looked for.
  [[nodiscard]] Answer remove(const std::string& request, const std::string& signature) const;

  /// Asks for a key that cannot exist. Hockeypuck answers 404 when its database was asked, 500 when
  /// the database failed; its own health page answers 200 in both cases.
  [[nodiscard]] KeyserverHealth health() const;

  /// The statistics page as JSON.
  [[nodiscard]] Answer statistics() const;

 private:
  int port_;
  std::chrono::milliseconds patience_;
};

/// The same as Client::health(), waiting at most two seconds.
[[nodiscard]] KeyserverHealth look(int hkp_port);

/// Returns the version that the keyserver says it is, from its statistics page, or an empty string
/// while it does not answer within two seconds.
[[nodiscard]] std::string version(int hkp_port);

/// Returns the keyserver's metrics; empty ones while they do not come within two seconds.
[[nodiscard]] Metrics metrics(int metrics_port);

}  // namespace charm::keyserver
