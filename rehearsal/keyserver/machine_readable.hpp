// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"

#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// The index for `options=mr` (draft-shaw-openpgp-hkp-00, section 5.2).
std::string machine_readable_index(const std::vector<Certificate>& certificates);

}  // namespace rehearsal::keyserver
