// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace charm {

/// One entry of the block list. Valid C++17, because the layer `postgres` includes it.
struct BlockedKey {
  std::string fingerprint;  ///< 40 or 64 lower-case hexadecimal digits.
  std::string blocked_at;   ///< UTC, `2026-11-23T20:44:11Z`; empty: now.
  std::string blocked_by;
  std::string comment;
};

inline bool operator==(const BlockedKey& left, const BlockedKey& right) {
  return left.fingerprint == right.fingerprint && left.blocked_at == right.blocked_at &&
         left.blocked_by == right.blocked_by && left.comment == right.comment;
}

/// Makes a comment that can be stored and shown anywhere: valid UTF-8 on one line, no control
/// characters, no spaces around it, at most 1000 bytes. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string block_comment(std::string_view text);

/// The first line of an exported block list.
inline constexpr std::string_view block_list_header = "fingerprint,blocked-at,by,comment";

/// Returns an entry as a line of an exported block list (CSV of RFC 4180), without the newline.
[[nodiscard]] std::string block_list_line(const BlockedKey& entry);

/// Reads one line of a block list. All fields after the fingerprint may be missing. Returns nothing
/// for the header, an empty line and a line that begins with `#`. Throws charm::Error with the
/// reason.
[[nodiscard]] std::optional<BlockedKey> read_block_list_line(std::string_view line);

/// One line of a block list that has an entry.
struct BlockListLine {
  std::string_view text;
  BlockedKey entry;
};

/// Reads the lines of a block list one after the other.
class BlockListReader {
 public:
  explicit BlockListReader(std::string_view text) : rest_(text) {}

  /// Returns the next line with an entry, or nothing at the end. Throws InputError that begins with
  /// the number of the line.
  [[nodiscard]] std::optional<BlockListLine> next();

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

}  // namespace charm
