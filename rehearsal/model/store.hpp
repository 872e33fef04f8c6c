// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/journal.hpp"
#include "rehearsal/model/model.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal {

/// A file that only one process can hold at a time.
class FileLock {
 public:
  /// Makes the file if need be, and waits. Throws std::system_error.
  explicit FileLock(const std::filesystem::path& file);
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  int descriptor_;
};

/// The folder of a model: `model.json`, `debug.log`, `hooks.jsonl`, `charms/`, and the machine's
/// data in `machine/`. During the lifetime of a store, no other process can open the same model.
class Store {
 public:
  /// Opens the folder, makes it if necessary, and waits for its lock.
  explicit Store(std::filesystem::path directory);

  /// The model with its charms read; a new one of that name where there is none yet, which is
  /// saved.
  [[nodiscard]] Model load(const std::string& name) const;
  /// Replaces model.json in one step.
  void save(const Model& model) const;

  void append_log(const LogLine& line) const;
  void append_record(const DispatchRecord& record) const;

  [[nodiscard]] std::filesystem::path log_file() const { return directory_ / "debug.log"; }

  [[nodiscard]] std::filesystem::path record_file() const { return directory_ / "hooks.jsonl"; }

  /// Where the machine of the model in that folder keeps its files.
  [[nodiscard]] static std::filesystem::path machine_directory(
      const std::filesystem::path& directory) {
    return directory / "machine";
  }

  /// Returns the place of a revision of an application's charm.
  [[nodiscard]] std::filesystem::path charm_directory(const std::string& app, int revision) const;
  /// Copies a charm's folder there.
  void keep_charm(const std::filesystem::path& source, const std::string& app, int revision) const;

  /// Deletes the folder.
  void remove() const;

 private:
  [[nodiscard]] Model make(const std::string& name) const;

  std::filesystem::path directory_;
  std::optional<FileLock> lock_;
};

/// `$REHEARSAL_DIR`, or `rehearsal` in the user's state directory (XDG base directories).
[[nodiscard]] std::filesystem::path models_directory();

/// Returns the whole model as indented JSON, without the charms, which are read from their folders.
[[nodiscard]] std::string model_to_json(const Model& model);
/// Throws std::runtime_error if the text is not a model.
[[nodiscard]] Model model_from_json(const std::string& text);

}  // namespace rehearsal
