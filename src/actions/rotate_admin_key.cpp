// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/rotate_admin_key.hpp"

namespace charm::actions {

Results RotateAdminKey::run(const ActionContext& context) const {
  const AdminKeyRotation rotation = context.rotate_admin_key();
  return {{"fingerprint", rotation.current},
          {"retired", rotation.retired},
          {"next",
           "The keyserver takes requests of the new key. The old one is taken too until the "
           "leader's next hook, within minutes, which revokes it."}};
}

}  // namespace charm::actions
