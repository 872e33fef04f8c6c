// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/armor.hpp"
#include "charm/openpgp/octets.hpp"

#include <string_view>

namespace charm::openpgp {

/// `armor` for secret octets too.
[[nodiscard]] Octets armored_text(ArmorType type, std::string_view octets);

}  // namespace charm::openpgp
