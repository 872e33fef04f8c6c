// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/get_admin_key.hpp"

namespace charm::actions {

namespace {

std::string fingerprints_of(const std::vector<RetiredAdminKey>& keys) {
  std::string list;
  for (const RetiredAdminKey& key : keys) {
    list += (list.empty() ? "" : ",") + key.fingerprint;
  }
  return list;
}

}  // namespace

Results GetAdminKey::run(const ActionContext& context) const {
  const openpgp::AdminKey key = context.admin_key();
  const AdminKeys keys = context.admin_keys();
  Results results = {{"fingerprint", key.fingerprint()},
                     {"public-key", key.public_armor()},
                     {"origin", keys.current->is_brought() ? "admin-key-secret" : "charm"}};
  if (!keys.retired.empty()) {
    results["retired"] = fingerprints_of(keys.retired);
  }
  return results;
}

}  // namespace charm::actions
