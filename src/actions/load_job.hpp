// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "key_sorting.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace charm::actions {

/// Keys in a file for Hockeypuck's programs, with a list beside it that names them.
struct LoadFile {
  std::string path;       ///< Of the packets.
  std::string list_path;  ///< On each line fingerprint, digest or `-`, and size.
  std::size_t keys = 0;
};

/// A load too large for uploads, as it is kept on the storage: all that another call needs to go on
/// with it.
struct LoadJob {
  std::string identity;  ///< Of the files it was told of.
  KeyCounts counts;
  std::int64_t max_key_length = 0;  ///< Bytes; the keyserver refuses longer keys.
  /// New keys, for hockeypuck-load. It is run twice: over all, and over what is not stored then.
  std::vector<LoadFile> fresh;
  int round = 1;
  bool started = false;  ///< This round's run.
  bool loaded = false;   ///< Both are over.
  /// Keys that are stored already, for the keyserver: hockeypuck-load (2.3) never changes one.
  std::vector<LoadFile> known;
  std::size_t merged = 0;   ///< How many files of them are done.
  bool tree_asked = false;  ///< The prefix tree is being rebuilt, or was.

  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t refused = 0;
  std::vector<std::string> notes;  ///< On some keys: fingerprint and reason.
};

[[nodiscard]] std::string job_text(const LoadJob& job);
/// Nothing when the text is no job of this version of the charm.
[[nodiscard]] std::optional<LoadJob> read_job(const std::string& text);

[[nodiscard]] std::string list_text(const std::vector<OfferedKey>& keys);
[[nodiscard]] std::vector<OfferedKey> read_list(std::string_view text);

/// Adds what there is to tell of a key, if there is not too much yet.
void add_note(LoadJob& job, const std::string& fingerprint, const std::string& note);

/// Adds a key that was not stored, and why.
void add_refusal(LoadJob& job, const std::string& fingerprint, const std::string& reason);

}  // namespace charm::actions
