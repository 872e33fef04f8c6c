// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"

#include <cstdint>
#include <string_view>

namespace charm::openpgp {

/// RFC 4880, section 9.4: those that a signature may still use. A signature that was read may have
/// another value.
enum class HashAlgorithm : std::uint8_t { sha256 = 8, sha384 = 9, sha512 = 10, sha224 = 11 };

/// OpenSSL's name of it, or a null pointer.
[[nodiscard]] const char* openssl_name(HashAlgorithm algorithm);

/// Throws charm::Error for an algorithm without a name.
[[nodiscard]] Octets digest(HashAlgorithm algorithm, std::string_view octets);

/// Only for fingerprints of version 4 (RFC 4880, section 12.2).
[[nodiscard]] Octets sha1(std::string_view octets);

/// Only for fingerprints of version 3 and for the digests that keyservers compare.
[[nodiscard]] Octets md5(std::string_view octets);

}  // namespace charm::openpgp
