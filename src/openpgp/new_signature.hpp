// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "packet.hpp"
#include "secret_key.hpp"
#include "signature.hpp"

#include <chrono>
#include <string_view>

namespace charm::openpgp {

/// What a new signature says.
struct Statement {
  SignatureType type = SignatureType::binary;
  std::chrono::sys_seconds created = {};
  /// Hashed subpackets besides the creation time and the issuer's fingerprint.
  Octets subpackets;
};

/// A signature of version 4 with SHA-512 over these octets. The issuer is named by its fingerprint
/// and, not hashed, by its key ID, which Hockeypuck 2.3 needs.
[[nodiscard]] Packet new_signature(const SecretKey& signer, const Statement& statement,
                                   std::string_view signed_octets);

}  // namespace charm::openpgp
