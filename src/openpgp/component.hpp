// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "packet.hpp"
#include "signature.hpp"

#include <vector>

namespace charm::openpgp {

/// A part of a transferable key: the primary key, a user ID, a subkey, with the signatures that
/// follow it.
struct Component {
  Packet packet;
  /// Those of version 4.
  std::vector<Signature> signatures;
};

/// Groups the packets of one transferable secret key (RFC 4880, section 11.2); the primary key
/// comes first. User attributes and subkeys without their secret part are components too. Throws
/// InputError for a public key, for more than one key, and for packets that do not belong to keys.
[[nodiscard]] std::vector<Component> read_components(const std::vector<Packet>& packets);

}  // namespace charm::openpgp
