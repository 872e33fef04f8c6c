// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/admin_key.hpp"

#include <chrono>
#include <span>
#include <string>

namespace charm::openpgp {

/// The two form fields of an administrator's request to Hockeypuck 2.2 and later, to be sent
/// URL-encoded; the form may have 10 MB. A request has no date and no number: whoever sees it can
/// repeat it for ever, so it is never logged or stored.
struct SignedRequest {
  std::string keytext;
  std::string keysig;
};

/// A request for `/pks/delete` of the keys with these primary-key packets: each element is a whole
/// packet with its header, as Hockeypuck stores it (base64 in `doc->'packet'->>'data'` of table
/// `keys`). The primary key alone says which key is meant, also where the key itself is revoked.
/// The keyserver deletes in this order and stops with 404 at the first key it does not have.
/// Throws InputError when there is no element, or one that is not a public-key packet.
[[nodiscard]] SignedRequest delete_request(const AdminKey& key,
                                           std::span<const std::string> primary_key_packets,
                                           std::chrono::sys_seconds now);

/// A request that changes nothing: to delete a key that was made for it, which nobody has.
/// Hockeypuck 2.3 looks at the signature before it looks for the key, so it answers 404 exactly
/// where it takes requests of `key`, and 422 where it does not.
[[nodiscard]] SignedRequest trial_request(const AdminKey& key, std::chrono::sys_seconds now);

}  // namespace charm::openpgp
