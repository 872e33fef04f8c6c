// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions/actions.hpp"
#include "actions/workload_files.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/text.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "key_sources.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

constexpr std::string_view prefix = "hkp-dump-";
constexpr std::string_view suffix = ".pgp";

/// The same names as hockeypuck-dump's: `hkp-dump-0000.pgp`.
std::string file_name(std::size_t number) {
  return std::string(prefix)
      .append(zero_padded(static_cast<std::int64_t>(number), 4))
      .append(suffix);
}

bool is_file_name(std::string_view name) {
  if (!name.starts_with(prefix) || !name.ends_with(suffix) ||
      name.size() < prefix.size() + 4 + suffix.size()) {
    return false;
  }
  name.remove_prefix(prefix.size());
  name.remove_suffix(suffix.size());
  return name.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The workload's user owns the file, so hockeypuck-load can read it.
File file_of_workload(const std::string& directory, std::string_view name, std::string content) {
  return {.path = directory + "/" + std::string(name),
          .content = std::move(content),
          .mode = 0640,
          .user_id = hockeypuck::user_id,
          .group_id = hockeypuck::user_id};
}

/// Writes keys to one file after the other. Holds at most one file in memory.
class KeyDumpWriter {
 public:
  KeyDumpWriter(ActionContext& context, std::string directory)
      : context_(context),
        directory_(std::move(directory)),
        keys_per_file_(
            static_cast<std::size_t>(context.parameters.number("keys-per-file", 1000, 100000))) {}

  void take(const std::vector<postgres::KeyPackets>& keys) {
    for (const postgres::KeyPackets& key : keys) {
      content_ += key.packets;
      ++keys_;
      if (++keys_in_file_ == keys_per_file_ || content_.size() >= longest_written_key_file) {
        end_file();
      }
    }
  }

  /// Ends the current file, if there is one.
  void end_file() {
    if (keys_in_file_ == 0) {
      return;
    }
    files_.push_back({.sha256 = sha256(content_), .name = file_name(files_.size())});
    bytes_ += content_.size();
    write(files_.back().name, std::move(content_));
    content_.clear();
    context_.doors.juju.action_log("wrote " + files_.back().name + ", " + std::to_string(keys_) +
                                   " keys so far");
    keys_in_file_ = 0;
  }

  /// Written last: this file makes the dump complete.
  void write_checksums() const {
    std::string checksums;
    for (const Checksum& file : files_) {
      checksums += checksum_line(file);
    }
    write(key_dump::checksums, checksums);
  }

  /// Removes the written files as far as possible, because a disk may be full. The next dump
  /// overwrites the rest.
  void give_up() const {
    std::vector<std::string> paths;
    for (const Checksum& file : files_) {
      paths.push_back(directory_ + "/" + file.name);
    }
    context_.attempt(step::RemovePaths{.paths = std::move(paths)});
  }

  [[nodiscard]] std::size_t keys() const { return keys_; }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  [[nodiscard]] const std::vector<Checksum>& files() const { return files_; }

 private:
  void write(std::string_view name, std::string content) const {
    write_file(context_, file_of_workload(directory_, name, std::move(content)));
  }

  ActionContext& context_;
  std::string directory_;
  std::size_t keys_per_file_;
  std::string content_;
  std::size_t keys_in_file_ = 0;
  std::size_t keys_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Checksum> files_;
};

struct EarlierDump {
  std::vector<std::string> files;  ///< Their names.
  bool complete = false;
  bool unfinished = false;  ///< An earlier dump of this action was interrupted.
};

EarlierDump earlier_dump(const pebble::Client& pebble, const std::string& directory) {
  EarlierDump earlier;
  with_pebble("cannot list " + directory, [&] {
    for (const pebble::FileInfo& file :
         pebble.list(directory).value_or(std::vector<pebble::FileInfo>())) {
      if (file.path == directory) {
        throw Failure("cannot dump into " + directory + ": it is a file");
      }
      earlier.complete = earlier.complete || file.name == key_dump::checksums;
      earlier.unfinished = earlier.unfinished || file.name == key_dump::unfinished;
      if (is_file_name(file.name)) {
        earlier.files.push_back(file.name);
      }
    }
  });
  return earlier;
}

void require_replaceable(const std::string& directory, const EarlierDump& earlier, bool replace) {
  const bool is_free = !earlier.complete && earlier.files.empty();
  if (!is_free && !earlier.unfinished && !replace) {
    throw Failure("there is a dump of " + std::to_string(earlier.files.size()) + " files in " +
                  directory +
                  " already: give a different directory, or replace the dump with replace=true");
  }
}

/// Marks the directory: it holds no complete dump from now on.
void begin(ActionContext& context, const std::string& directory) {
  context.perform(
      step::PlaceFiles{.directories = {hockeypuck::private_directory(directory)}, .files = {}},
      "cannot make " + directory);
  write_file(context, file_of_workload(directory, key_dump::unfinished,
                                       "The keys in this directory are not all there.\n"));
  remove_files(context, {directory + "/" + std::string(key_dump::checksums)},
               "cannot replace the dump in " + directory);
}

/// Removes files of the earlier dump that this one does not overwrite: load-keys would load them as
/// well.
void remove_surplus(ActionContext& context, const std::string& directory,
                    const EarlierDump& earlier, const std::vector<Checksum>& files) {
  std::vector<std::string> surplus;
  for (const std::string& name : earlier.files) {
    if (std::ranges::find(files, name, &Checksum::name) == files.end()) {
      surplus.push_back(std::string(directory).append("/").append(name));
    }
  }
  remove_files(context, std::move(surplus), "cannot remove the earlier dump in " + directory);
}

void write_dump(ActionContext& context, const std::string& directory, const EarlierDump& earlier,
                KeyDumpWriter& writer) {
  postgres::KeyDatabase& database = context.open_database().database;
  begin(context, directory);
  try {
    database.dump([&writer](const auto& keys) { writer.take(keys); });
    writer.end_file();
    remove_surplus(context, directory, earlier, writer.files());
    writer.write_checksums();
  } catch (const std::exception&) {
    writer.give_up();
    throw;
  }
  remove_files(context, {directory + "/" + std::string(key_dump::unfinished)},
               "cannot finish the dump in " + directory);
}

}  // namespace

Results run_dump_keys(ActionContext& context) {
  const std::string directory = path_to_write(context, "directory");
  const EarlierDump earlier = earlier_dump(context.doors.pebble, directory);
  require_replaceable(directory, earlier, context.parameters.flag("replace"));
  KeyDumpWriter writer(context, directory);
  write_dump(context, directory, earlier, writer);
  return {{"directory", directory},
          {"files", std::to_string(writer.files().size())},
          {"keys", std::to_string(writer.keys())},
          {"bytes", std::to_string(writer.bytes())}};
}

}  // namespace charm::actions
