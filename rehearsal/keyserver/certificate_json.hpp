// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/certificate.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// A certificate as Hockeypuck answers it with `options=json` and stores it in `keys.doc`.
nlohmann::ordered_json to_json(const Certificate& certificate);

/// The certificate of a stored document, made anew from its packets. Throws MalformedData.
Certificate from_document(const std::string& document);

}  // namespace rehearsal::keyserver
