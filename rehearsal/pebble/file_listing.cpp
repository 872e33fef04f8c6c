// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/file_listing.hpp"

#include "rehearsal/pebble/file_error.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>
#include <fnmatch.h>

namespace rehearsal::pebble {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

using Directory = std::unique_ptr<DIR, CloseDirectory>;

std::vector<std::string> names_in(const std::string& path) {
  const Directory directory(opendir(path.c_str()));
  if (directory == nullptr) {
    throw FileError("open", path, errno);
  }
  std::vector<std::string> names;
  // The stream is this thread's own.
  while (const dirent* entry = readdir(directory.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// The path without doubled and trailing slashes and dots.
std::string cleaned(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (start < path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string part = path.substr(start, end - start);
    start = end + 1;
    if (part == ".." && !parts.empty()) {
      parts.pop_back();
    } else if (!part.empty() && part != "." && part != "..") {
      parts.push_back(part);
    }
  }
  std::string result;
  for (const std::string& part : parts) {
    result += "/" + part;
  }
  return result.empty() ? "/" : result;
}

/// Go refuses a pattern whose bracket or backslash is unfinished; fnmatch takes it literally.
void require_valid(const std::string& pattern) {
  bool in_set = false;
  bool set_is_empty = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char character = pattern[i];
    if (character == '\\') {
      ++i;
      if (i == pattern.size()) {
        throw FileError("syntax error in pattern");
      }
      set_is_empty = false;
    } else if (in_set) {
      in_set = character != ']' || set_is_empty;
      set_is_empty = set_is_empty && character == '^';
    } else if (character == '[') {
      in_set = true;
      set_is_empty = true;
    }
  }
  if (in_set) {
    throw FileError("syntax error in pattern");
  }
}

}  // namespace

bool matches_pattern(const std::string& pattern, const std::string& name) {
  require_valid(pattern);
  return fnmatch(pattern.c_str(), name.c_str(), FNM_PATHNAME) == 0;
}

std::string file_type(const struct stat& status) {
  switch (status.st_mode & S_IFMT) {
    case S_IFREG:
      return "file";
    case S_IFDIR:
      return "directory";
    case S_IFLNK:
      return "symlink";
    case S_IFSOCK:
      return "socket";
    case S_IFIFO:
      return "named-pipe";
    case S_IFCHR:
    case S_IFBLK:
      return "device";
    default:
      return "unknown";
  }
}

std::vector<FileInfo> list_files(const std::string& path, const std::string& pattern, bool itself) {
  FileInfo named{cleaned(path), "", {}};
  if (stat(path.c_str(), &named.status) != 0) {
    throw FileError("stat", path, errno);
  }
  named.name = named.path == "/" ? "/" : named.path.substr(named.path.rfind('/') + 1);
  const auto selected = [&](const std::string& name) {
    return pattern.empty() || matches_pattern(pattern, name);
  };
  if (!S_ISDIR(named.status.st_mode) || itself) {
    return selected(named.name) ? std::vector{named} : std::vector<FileInfo>{};
  }
  std::vector<FileInfo> infos;
  for (const std::string& name : names_in(path)) {
    FileInfo info{(named.path == "/" ? "" : named.path) + "/" + name, name, {}};
    if (selected(name) && lstat(info.path.c_str(), &info.status) == 0) {
      infos.push_back(info);
    }
  }
  return infos;
}

}  // namespace rehearsal::pebble
