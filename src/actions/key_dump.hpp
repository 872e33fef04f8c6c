// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/domain/digest.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace charm::actions {

/// Names of the files in a directory of dumped keys.
namespace key_dump {

inline constexpr std::string_view checksums = "SHA256SUMS";
/// Is there from the first file of a dump until its last.
inline constexpr std::string_view unfinished = "hkp-dump.unfinished";

/// As hockeypuck-dump names them: `hkp-dump-0000.pgp`.
[[nodiscard]] std::string file_name(std::size_t number);
[[nodiscard]] bool is_file_name(std::string_view name);

}  // namespace key_dump

/// Writes keys to one file after the other, and holds no more than one of them in memory.
class KeyDumpWriter {
 public:
  KeyDumpWriter(const ActionContext& context, std::string directory, std::size_t keys_per_file);

  void take(const std::vector<postgres::KeyPackets>& keys);

  /// Ends the file that is under way, if one is.
  void end_file();

  /// The last of all: it tells that the dump is complete.
  void write_checksums() const;

  /// Removes what was written, as well as it can: a disk may be full.
  void give_up() const noexcept;

  [[nodiscard]] std::size_t keys() const { return keys_; }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  [[nodiscard]] const std::vector<Checksum>& files() const { return files_; }

 private:
  void write(const std::string& name, std::string content) const;

  const ActionContext& context_;
  std::string directory_;
  std::size_t keys_per_file_;
  std::string content_;
  std::size_t keys_in_file_ = 0;
  std::size_t keys_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Checksum> files_;
};

}  // namespace charm::actions
