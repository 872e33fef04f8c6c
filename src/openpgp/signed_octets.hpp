// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/octets.hpp"
#include "public_key.hpp"

#include <string_view>

namespace charm::openpgp {

/// What signatures over a user ID and over a subkey sign (RFC 4880, section 5.2.4); those over the
/// primary key alone sign its hashed form.
[[nodiscard]] Octets user_id_octets(const PublicKey& primary, std::string_view user_id);
[[nodiscard]] Octets subkey_octets(const PublicKey& primary, const PublicKey& subkey);

}  // namespace charm::openpgp
