// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace charm::actions {

using TableRow = std::vector<std::string>;

/// Lines the cells up in columns, two blanks between them. No line ends in blanks, with which Juju
/// would print the whole text quoted on one line; the last has no line end.
[[nodiscard]] std::string table(const std::vector<TableRow>& rows);

}  // namespace charm::actions
