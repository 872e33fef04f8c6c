// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "signature.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace charm::openpgp {

/// The signatures over one component that the primary key itself made and that verify.
class SelfSignatures {
 public:
  /// `signed_octets` is what signatures over the component sign. Signatures that have expired at
  /// `now` do not count.
  SelfSignatures(const PublicKey& primary, std::span<const Signature> signatures,
                 std::string_view signed_octets, std::chrono::sys_seconds now);

  /// The newest with a type in this range.
  [[nodiscard]] std::optional<Signature> newest(SignatureType first, SignatureType last) const;

  [[nodiscard]] std::optional<Signature> newest(SignatureType type) const {
    return newest(type, type);
  }

 private:
  std::vector<Signature> valid_;
};

/// Whether a key of this age is past the lifetime that its self-signature gives it.
[[nodiscard]] bool is_expired(const PublicKey& key, const Signature& self_signature,
                              std::chrono::sys_seconds now);

}  // namespace charm::openpgp
