// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_dump.hpp"

#include "charm/domain/digest.hpp"
#include "charm/domain/text.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "workload_files.hpp"

#include <algorithm>

namespace charm::actions {
namespace key_dump {

constexpr std::string_view prefix = "hkp-dump-";
constexpr std::string_view suffix = ".pgp";

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

}  // namespace key_dump

KeyDumpWriter::KeyDumpWriter(const ActionContext& context, std::string directory,
                             std::size_t keys_per_file)
    : context_(context), directory_(std::move(directory)), keys_per_file_(keys_per_file) {}

void KeyDumpWriter::take(const std::vector<postgres::KeyPackets>& keys) {
  for (const postgres::KeyPackets& key : keys) {
    content_ += key.packets;
    ++keys_;
    if (++keys_in_file_ == keys_per_file_ || content_.size() >= longest_written_key_file) {
      end_file();
    }
  }
}

void KeyDumpWriter::end_file() {
  if (keys_in_file_ == 0) {
    return;
  }
  files_.push_back({.sha256 = sha256(content_), .name = key_dump::file_name(files_.size())});
  bytes_ += content_.size();
  write(files_.back().name, std::move(content_));
  content_.clear();
  context_.juju.action_log("wrote " + files_.back().name + ", " + std::to_string(keys_) +
                           " keys so far");
  keys_in_file_ = 0;
}

void KeyDumpWriter::write_checksums() const {
  std::string checksums;
  for (const Checksum& file : files_) {
    checksums += checksum_line(file);
  }
  write(std::string(key_dump::checksums), checksums);
}

/// For the workload's user: hockeypuck-load may read it as it is.
void KeyDumpWriter::write(const std::string& name, std::string content) const {
  write_file(context_, {.path = directory_ + "/" + name,
                        .content = std::move(content),
                        .mode = 0640,
                        .user_id = hockeypuck::user_id,
                        .group_id = hockeypuck::user_id});
}

void KeyDumpWriter::give_up() const noexcept {
  try {
    std::vector<std::string> paths;
    for (const Checksum& file : files_) {
      paths.push_back(directory_ + "/" + file.name);
    }
    context_.pebble.remove(paths, false);
  } catch (const std::exception&) {
    return;  // The next dump overwrites them.
  }
}

}  // namespace charm::actions
