// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/doors/doors.hpp"

#include <map>
#include <string>
#include <vector>

namespace charm::actions {

/// As many keys go into one request: few enough to be answered within seconds.
inline constexpr std::size_t keys_in_request = 100;
/// And as many octets of packets. Hockeypuck takes forms of 10 MB, which base64 and escapes fill.
inline constexpr std::size_t octets_in_request = 2UL << 20U;

/// Uploads keys to the keyserver of this unit, which merges them with what it has. Returns why it
/// refused some, by fingerprint; it may leave out others without a word. Throws Failure when it
/// does not answer.
[[nodiscard]] std::map<std::string, std::string> upload_keys(
    const Keyserver& keyserver, const juju::HookTools& juju,
    const std::vector<postgres::KeyPackets>& keys);

}  // namespace charm::actions
