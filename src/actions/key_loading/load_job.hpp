// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/domain/plan.hpp"
#include "charm/pebble/client.hpp"
#include "key_sorting.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace charm::actions {

/// The limit for the keys of one request: few enough for an answer within seconds.
inline constexpr std::size_t keys_in_request = 100;
/// The limit for their octets. Hockeypuck accepts forms of 10 MB, and base64 and escapes enlarge
/// the packets.
inline constexpr std::size_t octets_in_request = 2UL << 20U;

/// Keys in a file for Hockeypuck's programs, and a list that names them.
struct LoadFile {
  std::string path;       ///< Path of the packets.
  std::string list_path;  ///< Each line has fingerprint, digest or `-`, and size.
  std::size_t keys = 0;
};

/// A load that is too large for uploads, as the storage keeps it. It holds all data that another
/// call needs to continue it.
struct LoadJob {
  std::string identity;  ///< The files, as identity_of() names them.
  KeyCounts counts;
  std::int64_t max_key_length = 0;  ///< Bytes; the keyserver refuses longer keys.
  /// New keys, for hockeypuck-load. It runs twice: over all keys, and over those that are not
  /// stored after the first run.
  std::vector<LoadFile> fresh;
  int round = 1;
  bool started = false;  ///< True if the run of this round was started.
  bool loaded = false;   ///< True if both runs have ended.
  /// Stored keys, for the keyserver, because hockeypuck-load (2.3) never changes a stored key.
  std::vector<LoadFile> known;
  std::size_t merged = 0;   ///< The number of these files that are done.
  bool tree_due = false;    ///< The prefix tree may lack keys of an earlier or failed run.
  bool tree_asked = false;  ///< A rebuild of the prefix tree was requested.

  std::size_t added = 0;
  std::size_t updated = 0;
  std::size_t refused = 0;
  std::vector<std::string> notes;  ///< Notes on keys: fingerprint and reason.
};

/// Returns the load on the storage, or nothing if there is none of this version of the charm.
/// Throws Failure.
[[nodiscard]] std::optional<LoadJob> kept_job(const pebble::Client& pebble);

/// Whether the prefix tree may lack keys of this load, and its rebuild was not requested.
[[nodiscard]] bool needs_tree(const LoadJob& job);

/// Returns the file that keeps the load on the storage.
[[nodiscard]] File job_file(const LoadJob& job);

/// Writes the load to the storage. Throws Failure.
void save_job(ActionContext& context, const LoadJob& job);

/// Removes all files of a load. Throws Failure.
void remove_load(ActionContext& context);

/// Reads the list of a LoadFile.
[[nodiscard]] std::vector<OfferedKey> read_list(std::string_view text);

/// Adds a note on a key, unless there are too many.
void add_note(LoadJob& job, const std::string& fingerprint, const std::string& note);

/// Adds a key that was not stored, with the reason.
void add_refusal(LoadJob& job, const std::string& fingerprint, const std::string& reason);

/// Returns the reason why a key was not stored, if the charm knows it.
[[nodiscard]] std::string refusal_of(const LoadJob& job, const OfferedKey& key);

/// Collects keys into files of the right size for a load, and writes them to the load's directory.
class LoadStaging {
 public:
  /// Files are called `<kind>-0000.pgp`; each has at most this many keys.
  LoadStaging(ActionContext& context, std::string kind, std::size_t most_keys);

  void add(const OfferedKey& key, std::string_view packets);
  /// Adds an operator's file that can be loaded unchanged.
  void add_original(const std::string& path, const std::vector<OfferedKey>& keys);
  /// Writes the remaining keys, and returns all files.
  [[nodiscard]] std::vector<LoadFile> finish();

 private:
  void write(const std::string& original);

  ActionContext& context_;
  std::string kind_;
  std::size_t most_keys_;
  std::string packets_;
  std::vector<OfferedKey> keys_;
  std::vector<LoadFile> files_;
};

/// Collects the keys to offer: in memory while they are few, then in files on the storage.
class KeyCollector {
 public:
  struct Held {
    OfferedKey key;
    std::string packets;
    bool known = false;  ///< Stored already, or repeated.
  };

  KeyCollector(ActionContext& context, std::vector<Directory> directories);

  void take(const SortedKeys& keys);
  /// The same for a file with no other keys, which hockeypuck-load can read where it is.
  void take_original(const std::string& path, const SortedKeys& keys);

  /// Whether the collected keys are few enough to upload all of them.
  [[nodiscard]] bool is_small() const { return small_; }

  [[nodiscard]] const std::vector<Held>& held() const { return held_; }

  /// Writes all keys to the storage. The job still needs its identity and counts.
  [[nodiscard]] LoadJob stage();

 private:
  void add(const SortedKeys::Entry& entry, bool known);
  void begin_staging();

  ActionContext& context_;
  std::vector<Directory> directories_;
  bool small_ = true;
  std::size_t octets_ = 0;
  std::vector<Held> held_;
  LoadStaging fresh_;
  LoadStaging known_;
};

}  // namespace charm::actions
