// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_sources.hpp"

#include "actions/workload_files.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/text.hpp"

#include <algorithm>
#include <optional>

namespace charm::actions {
namespace {

KeySource source_of(const pebble::FileInfo& file) {
  return {.name = file.path, .state = std::to_string(file.size) + " " + file.last_modified};
}

bool holds_keys(const std::string& name) {
  return name.ends_with(".pgp") || name.ends_with(".asc");
}

std::vector<Checksum> checksums_of(const pebble::Client& pebble, const std::string& path) {
  try {
    return read_checksums(read_file(pebble, path));
  } catch (const InputError& error) {
    throw Failure(path + ": " + error.what());
  }
}

/// If the list and the directory name different files, a dump was copied in part, or two dumps were
/// mixed.
void take_checksums(const std::string& directory, const std::vector<Checksum>& checksums,
                    std::vector<KeySource>& sources) {
  for (const Checksum& checksum : checksums) {
    const auto found =
        std::ranges::find(sources, directory + "/" + checksum.name, &KeySource::name);
    if (found != sources.end()) {
      found->sha256 = checksum.sha256;
    } else if (holds_keys(checksum.name)) {
      throw Failure("there is no " + checksum.name + " in " + directory +
                    ", but its SHA256SUMS lists it: nothing was loaded");
    }
  }
  for (const KeySource& source : sources) {
    if (source.sha256.empty()) {
      throw Failure(source.name + " is not in the SHA256SUMS of its directory: nothing was loaded");
    }
  }
}

std::vector<KeySource> sources_in(const pebble::Client& pebble, const std::string& directory,
                                  const std::vector<pebble::FileInfo>& files) {
  std::vector<KeySource> sources;
  std::optional<std::string> checksums;
  for (const pebble::FileInfo& file : files) {
    if (file.name == key_dump::unfinished) {
      throw Failure("the dump in " + directory + " is not complete: run dump-keys again");
    }
    if (file.name == key_dump::checksums) {
      checksums = file.path;
    } else if (holds_keys(file.name) && file.type != "directory") {
      sources.push_back(source_of(file));
    }
  }
  if (checksums) {
    take_checksums(directory, checksums_of(pebble, *checksums), sources);
  }
  if (sources.empty()) {
    throw Failure("there are no .pgp or .asc files in " + directory);
  }
  return sources;
}

std::vector<KeySource> sources_at(const pebble::Client& pebble, std::string path) {
  path.erase(std::max<std::size_t>(1, path.find_last_not_of('/') + 1));
  std::optional<std::vector<pebble::FileInfo>> files;
  with_pebble("cannot list " + path, [&] { files = pebble.list(path); });
  if (!files) {
    throw Failure("there is no " + path + " in the hockeypuck container");
  }
  if (files->size() == 1 && files->front().path == path) {
    return {source_of(files->front())};
  }
  return sources_in(pebble, path, *files);
}

std::vector<KeySource> named_files(const pebble::Client& pebble, const std::string& text) {
  std::vector<KeySource> sources;
  for (const std::string_view path : words(text, std::string(blanks) + ",")) {
    if (!path.starts_with('/')) {
      throw Failure("the parameter files needs absolute paths in the hockeypuck container, not \"" +
                    std::string(path) + "\"");
    }
    for (KeySource& source : sources_at(pebble, std::string(path))) {
      if (std::ranges::find(sources, source.name, &KeySource::name) == sources.end()) {
        sources.push_back(std::move(source));
      }
    }
  }
  return sources;
}

std::vector<KeySource> named_urls(const std::string& text) {
  std::vector<KeySource> sources;
  try {
    for (const Checksum& checksum : read_checksums(text)) {
      sources.push_back({.name = checksum.name, .sha256 = checksum.sha256, .is_url = true});
    }
  } catch (const InputError& error) {
    throw Failure(std::string("the parameter urls: ") + error.what());
  }
  return sources;
}

std::string read_source(const pebble::Client& pebble, const KeySource& source) {
  const auto content = pebble.read(source.name, longest_key_file);
  if (!content) {
    throw InputError("it does not exist any more");
  }
  if (!source.sha256.empty() && sha256(*content) != source.sha256) {
    throw InputError("its SHA-256 is not that of SHA256SUMS");
  }
  if (content->starts_with("\x1F\x8B")) {
    throw InputError("it is compressed: unpack it first");
  }
  return *content;
}

}  // namespace

std::vector<KeySource> key_sources(const Parameters& parameters, const pebble::Client& pebble) {
  const std::string files = parameters.text("files");
  const std::string urls = parameters.text("urls");
  const bool by_path = !trimmed(files).empty();
  if (by_path == !trimmed(urls).empty()) {
    throw Failure("give either the parameter files or the parameter urls");
  }
  std::vector<KeySource> sources = by_path ? named_files(pebble, files) : named_urls(urls);
  if (sources.empty()) {
    throw Failure(std::string("the parameter ") + (by_path ? "files" : "urls") + " is empty");
  }
  return sources;
}

std::string identity_of(const std::vector<KeySource>& sources) {
  std::string text;
  for (const KeySource& source : sources) {
    text += source.name + "\n" + source.sha256 + "\n" + source.state + "\n";
  }
  return sha256(text);
}

std::string content_of(const KeySource& source, ActionContext& context) {
  return source.is_url ? context.fetch({.sha256 = source.sha256, .name = source.name})
                       : read_source(context.doors.pebble, source);
}

}  // namespace charm::actions
