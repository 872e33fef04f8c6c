// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions.hpp"

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

Results run_get_admin_key(ActionContext& context) {
  const openpgp::AdminKey key = context.admin_key();
  const AdminKeys keys = context.plan().admin_keys;
  Results results = {{"fingerprint", key.fingerprint()},
                     {"public-key", key.public_armor()},
                     {"origin", keys.current->is_brought() ? "admin-key-secret" : "charm"}};
  if (!keys.retired.empty()) {
    results["retired"] = fingerprints_of(keys.retired);
  }
  return results;
}

Results run_rotate_admin_key(ActionContext& context) {
  const AdminKeyRotation rotation = context.rotate_admin_key();
  return {{"fingerprint", rotation.current},
          {"retired", rotation.retired},
          {"next",
           "The keyserver accepts requests that the new key signs. The leader's next hook, within "
           "minutes, revokes the old key. Until then the keyserver accepts both."}};
}

}  // namespace charm::actions
