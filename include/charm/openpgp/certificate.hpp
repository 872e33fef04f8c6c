// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace charm::openpgp {

/// A transferable public key (RFC 9580, section 10.1), as a view of the data.
struct Certificate {
  /// Lower-case hexadecimal digits: 32 for the versions 2 and 3, 40 for 4, 64 for 5 and 6. Empty
  /// for other versions and for a primary key that cannot be read.
  std::string fingerprint;
  /// The MD5 of the packets in the order of SKS, in 32 hexadecimal digits. Keyservers use it to
  /// distinguish two states of one key. Hockeypuck computes it over the packets that it stores.
  std::string digest;
  std::string_view packets;
};

/// Splits a sequence of packets into certificates. It may contain packets that are never stored
/// with a key, such as markers and trust packets. Throws InputError for secret keys, for packets of
/// messages, for data that does not begin with a key, and for truncated data.
[[nodiscard]] std::vector<Certificate> read_certificates(std::string_view octets);

/// Whether a file of keys is binary packets, not text.
[[nodiscard]] bool is_binary(std::string_view file);

/// Returns the packets of a file of public keys: the content if it is binary, else the content of
/// its armored blocks in order. Any text may be between the blocks. Throws InputError for a text
/// without a block, for a damaged block, and for a block with a private key.
[[nodiscard]] std::string key_packets(std::string file);

}  // namespace charm::openpgp
