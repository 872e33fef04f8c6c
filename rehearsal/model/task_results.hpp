// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/charm.hpp"

#include <string>
#include <vector>

namespace rehearsal {

/// The results of a task with what the charm printed: `stdout` and `stderr` unless empty, base64
/// where they are no UTF-8, and `return-code`.
[[nodiscard]] std::string with_output(const std::string& results, const std::string& out,
                                      const std::string& err, int return_code);

/// The parameters of an action from `key=value` arguments: typed as its schema has them, defaults
/// merged. Throws UserError for one of a wrong type, an undeclared one where the schema (or
/// `strict`, Juju 4.0) forbids it, and a required one missing.
[[nodiscard]] std::string action_params(const std::string& action, const ActionSpec& spec,
                                        const std::vector<std::string>& arguments, bool strict);

}  // namespace rehearsal
