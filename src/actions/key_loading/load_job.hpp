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

/// As many keys go into one request: few enough to be answered within seconds.
inline constexpr std::size_t keys_in_request = 100;
/// And as many octets of packets. Hockeypuck takes forms of 10 MB, which base64 and escapes fill.
inline constexpr std::size_t octets_in_request = 2UL << 20U;

/// Keys in a file for Hockeypuck's programs, and a list that names them.
struct LoadFile {
  std::string path;       ///< Of the packets.
  std::string list_path;  ///< On each line fingerprint, digest or `-`, and size.
  std::size_t keys = 0;
};

/// A load too large for uploads, as it is kept on the storage: all that another call needs to go on
/// with it.
struct LoadJob {
  std::string identity;  ///< As identity_of() names its files.
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

/// The one on the storage; nothing when there is none of this version of the charm. Throws Failure.
[[nodiscard]] std::optional<LoadJob> kept_job(const pebble::Client& pebble);

/// Keeps it on the storage. Throws Failure.
void save_job(ActionContext& context, const LoadJob& job);

/// Removes all that belongs to a load. Throws Failure.
void remove_load(ActionContext& context);

/// Reads the list of a LoadFile.
[[nodiscard]] std::vector<OfferedKey> read_list(std::string_view text);

/// Adds a note on a key, if there are not too many yet.
void add_note(LoadJob& job, const std::string& fingerprint, const std::string& note);

/// Adds a key that was not stored, and why.
void add_refusal(LoadJob& job, const std::string& fingerprint, const std::string& reason);

/// Why a key was not stored, as far as the charm knows.
[[nodiscard]] std::string refusal_of(const LoadJob& job, const OfferedKey& key);

/// Collects keys into files of the right size for a load, and writes them where the load keeps what
/// it needs.
class LoadStaging {
 public:
  /// Files are called `<kind>-0000.pgp`; none gets more keys than this.
  LoadStaging(ActionContext& context, std::string kind, std::size_t most_keys);

  void add(const OfferedKey& key, std::string_view packets);
  /// A file of the administrator's that can be loaded just as it is.
  void add_original(const std::string& path, const std::vector<OfferedKey>& keys);
  /// Writes what is left, and returns all files.
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

/// Collects the keys that are to be offered: in memory while they are few, then in files on the
/// storage.
class KeyCollector {
 public:
  struct Held {
    OfferedKey key;
    std::string packets;
    bool known = false;  ///< Stored already, or met before.
  };

  KeyCollector(ActionContext& context, std::vector<Directory> directories);

  void take(const SortedKeys& keys);
  /// The same for a file that holds nothing else, and that hockeypuck-load can read where it is.
  void take_original(const std::string& path, const SortedKeys& keys);

  /// Whether so few were taken that the keyserver can be given all of them.
  [[nodiscard]] bool is_small() const { return small_; }

  [[nodiscard]] const std::vector<Held>& held() const { return held_; }

  /// Writes all to the storage; the job lacks identity and counts.
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
