// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/prefix_tree.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What is kept on the storage beside the prefix tree, as JSON for a person to read.
namespace charm::prefix_tree {

[[nodiscard]] std::string file_text(const Rebuild& rebuild);
[[nodiscard]] std::string file_text(const Record& record);

/// Reads the file of a rebuild. Whatever it holds, there is one: of a text that is not ours it is
/// to begin anew.
[[nodiscard]] Rebuild read_rebuild(std::string_view text);

/// Reads a record. Of a text that is not ours there is none.
[[nodiscard]] std::optional<Record> read_record(std::string_view text);

}  // namespace charm::prefix_tree
