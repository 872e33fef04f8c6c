// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// Whether one of the administrators signed the text: `armored_signature` is a detached signature,
/// binary or text, made by a key of theirs that may sign and is neither revoked nor expired now
/// (seconds since 1970).
bool is_signed_by(const std::vector<Certificate>& administrators, const std::string& text,
                  const std::string& armored_signature, std::int64_t now);

}  // namespace rehearsal::keyserver
