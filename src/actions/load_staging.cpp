// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "load_staging.hpp"

#include "charm/domain/text.hpp"
#include "charm/hockeypuck/key_load.hpp"
#include "workload_files.hpp"

namespace charm::actions {

LoadStaging::LoadStaging(const ActionContext& context, std::string kind, std::size_t most_keys)
    : context_(context), kind_(std::move(kind)), most_keys_(most_keys) {}

void LoadStaging::add(const OfferedKey& key, std::string_view packets) {
  if (keys_.size() == most_keys_ || packets_.size() + packets.size() > longest_written_key_file) {
    write({});
  }
  keys_.push_back(key);
  packets_ += packets;
}

void LoadStaging::add_original(const std::string& path, const std::vector<OfferedKey>& keys) {
  write({});
  keys_ = keys;
  write(path);
}

std::vector<LoadFile> LoadStaging::finish() {
  write({});
  return std::move(files_);
}

void LoadStaging::write(const std::string& original) {
  if (keys_.empty()) {
    return;
  }
  const std::string name = kind_ + "-" + zero_padded(static_cast<std::int64_t>(files_.size()), 4);
  const File list = key_load::readable_file(name + ".list", list_text(keys_));
  LoadFile file{.path = original, .list_path = list.path, .keys = keys_.size()};
  if (original.empty()) {
    const File packets = key_load::readable_file(name + ".pgp", std::move(packets_));
    write_file(context_, packets);
    file.path = packets.path;
  }
  write_file(context_, list);
  files_.push_back(std::move(file));
  packets_.clear();
  keys_.clear();
}

void remove_load(const ActionContext& context) {
  with_pebble("cannot remove " + std::string(key_load::directory),
              [&] { context.pebble.remove({std::string(key_load::directory)}, true); });
}

}  // namespace charm::actions
