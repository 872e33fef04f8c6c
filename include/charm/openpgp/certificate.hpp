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
  /// for another version and for a primary key that cannot be read.
  std::string fingerprint;
  /// By which keyservers tell two states of one key apart, in 32 hexadecimal digits: the MD5 of the
  /// packets in the order of SKS. Hockeypuck keeps it for the packets that it keeps.
  std::string digest;
  std::string_view packets;
};

/// Splits a sequence of packets into certificates. What keys are stored without, such as markers
/// and trust packets, may be among them. Throws InputError for secret keys, for packets of
/// messages, for data that begins with anything but a key, and for data that is cut off.
[[nodiscard]] std::vector<Certificate> read_certificates(std::string_view octets);

/// Whether the content of a file of keys is packets and no text.
[[nodiscard]] bool is_binary(std::string_view file);

/// Returns the packets of a file of public keys: what it holds if it is binary, else the content of
/// its armored blocks, one after the other, with any text between them. Throws InputError for a
/// text without a block, for a block that is damaged, and for one of a private key.
[[nodiscard]] std::string key_packets(std::string file);

}  // namespace charm::openpgp
