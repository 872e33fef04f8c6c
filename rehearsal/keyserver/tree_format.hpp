// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/recon_message.hpp"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

// What is in the files of a TreeFolder. The names are LevelDB's, the contents are not.

/// A prefix tree that cannot be opened. In LevelDB's words, as Hockeypuck prints them.
class TreeError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// "000002.ldb": a file's number in six digits, and what it is.
std::string table_name(std::size_t number);
std::string log_name(std::size_t number);
/// "MANIFEST-000004".
std::string manifest_name(std::size_t number);
/// Of one of these names; nothing for any other.
std::optional<std::size_t> number_of_file(std::string_view name);

/// The name of the manifest that CURRENT gives. Throws TreeError.
std::string parse_current(std::string_view text);

struct TableFile {
  std::size_t number = 0;
  /// In octets. What is behind is no part of the table.
  std::size_t size = 0;
  bool operator==(const TableFile&) const = default;
};

/// Which files hold the tree.
struct TreeManifest {
  std::size_t log = 0;
  /// None before the second start.
  std::optional<TableFile> table = std::nullopt;
  bool operator==(const TreeManifest&) const = default;
};

std::string serialize(const TreeManifest& manifest);
/// Throws TreeError; `file` is the name to put into it.
TreeManifest parse_tree_manifest(std::string_view text, const std::string& file);

/// The digests, one on a line, and a footer of check sum and mark.
std::string serialize_table(const Digests& digests);
/// `octets` is all of the file, `table` what the manifest says of it. Throws TreeError.
Digests parse_table(std::string_view octets, const TableFile& table);

enum class TreeChange { added, removed };

/// A line of the log.
std::string serialize(TreeChange change, const std::string& digest);
/// Applies the log to the digests, up to its first damaged line. False when there is not one line.
bool apply_log(std::string_view log, Digests& digests);

}  // namespace rehearsal::keyserver
