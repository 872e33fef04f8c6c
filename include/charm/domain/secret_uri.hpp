// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace charm {

/// Returns the secret's id, the 20 last characters of `secret:<id>` or `secret://<model>/<id>`, or
/// an empty text for what is not the URI of a secret (Juju 3.6): the hook tools refuse that as a
/// wrong argument.
[[nodiscard]] std::string_view secret_id(std::string_view uri);

}  // namespace charm
