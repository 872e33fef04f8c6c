// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/get_admin_key.hpp"

namespace charm::actions {

Results GetAdminKey::run(const ActionContext& context) const {
  const openpgp::AdminKey key = context.admin_key();
  return {{"fingerprint", key.fingerprint()}, {"public-key", key.public_armor()}};
}

}  // namespace charm::actions
