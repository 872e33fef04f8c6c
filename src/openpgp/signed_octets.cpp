// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "signed_octets.hpp"

namespace charm::openpgp {

Octets user_id_octets(const PublicKey& primary, std::string_view user_id) {
  return hashed_form(primary)
      .append("\xB4")
      .append(number_octets(user_id.size(), 4))
      .append(user_id);
}

Octets subkey_octets(const PublicKey& primary, const PublicKey& subkey) {
  return hashed_form(primary).append(hashed_form(subkey));
}

}  // namespace charm::openpgp
