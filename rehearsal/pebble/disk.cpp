// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/disk.hpp"

#include "rehearsal/pebble/refusal.hpp"
#include "rehearsal/pebble/time_text.hpp"
#include "rehearsal/pods/processes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

namespace rehearsal::pebble {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const std::string& path, int error) {
  const std::string kind = error == ENOENT                     ? "not-found"
                           : error == EACCES || error == EPERM ? "permission-denied"
                                                               : "generic-file-error";
  throw FileError(kind, what + " " + path + ": " + std::generic_category().message(error));
}

std::string type_of(const struct stat& status) {
  switch (status.st_mode & S_IFMT) {
    case S_IFREG:
      return "file";
    case S_IFDIR:
      return "directory";
    case S_IFLNK:
      return "symlink";
    default:
      return "other";
  }
}

FileInfo info_of(const std::string& path, const struct stat& status) {
  return {.path = path,
          .type = type_of(status),
          .size = static_cast<std::uint64_t>(status.st_size),
          .mode = status.st_mode,
          .user = status.st_uid,
          .group = status.st_gid,
          .last_modified = format_time_seconds(SystemTime(std::chrono::seconds(status.st_mtime)))};
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

void give(const std::string& path, const FileAttributes& attributes) {
  if (attributes.user && chown(path.c_str(), *attributes.user, *attributes.group) != 0) {
    fail("chown", path, errno);
  }
  if (chmod(path.c_str(), attributes.mode) != 0) {
    fail("chmod", path, errno);
  }
}

void write_all(const pods::Descriptor& file, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t count = ::write(file.number(), content.data(), content.size());
    if (count < 0 && errno != EINTR) {
      fail("write", path, errno);
    }
    content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
}

void write_new(const std::string& path, std::string_view content,
               const FileAttributes& attributes) {
  const pods::Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.valid()) {
    fail("open", path, errno);
  }
  write_all(file, content, path);
  give(path, attributes);
  if (fsync(file.number()) != 0) {
    fail("sync", path, errno);
  }
}

}  // namespace

std::vector<FileInfo> Disk::list(const std::string& path, bool itself) {
  struct stat status {};

  if (stat(path.c_str(), &status) != 0) {
    fail("stat", path, errno);
  }
  if (!S_ISDIR(status.st_mode) || itself) {
    return {info_of(path, status)};
  }
  std::error_code error;
  std::vector<FileInfo> infos;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    if (lstat(entry.path().c_str(), &status) == 0) {
      infos.push_back(info_of(entry.path(), status));
    }
  }
  if (error) {
    fail("open", path, error.value());
  }
  std::sort(infos.begin(), infos.end(),
            [](const FileInfo& left, const FileInfo& right) { return left.path < right.path; });
  return infos;
}

std::string Disk::read(const std::string& path) {
  struct stat status {};

  if (stat(path.c_str(), &status) != 0) {
    fail("stat", path, errno);
  }
  if (!S_ISREG(status.st_mode)) {
    throw FileError("generic-file-error", "can only read a regular file: " + in_quotes(path));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    fail("open", path, errno);
  }
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

void Disk::write(const std::string& path, std::string_view content,
                 const FileAttributes& attributes) {
  std::random_device random;
  const std::string temporary = path + "." + std::to_string(random()) + "~";
  try {
    write_new(temporary, content, attributes);
    if (rename(temporary.c_str(), path.c_str()) != 0) {
      fail("rename " + temporary, path, errno == EISDIR ? EEXIST : errno);
    }
  } catch (const FileError&) {
    unlink(temporary.c_str());
    throw;
  }
}

// The recursion depth is the number of the path's parts.
void Disk::make_directory(const std::string& path, const FileAttributes& attributes, bool parents) {
  struct stat status {};

  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode)) {
      fail("mkdir", path, ENOTDIR);
    }
    if (!parents) {
      fail("mkdir", path, EEXIST);
    }
    return;
  }
  if (parents && parent_of(path) != path) {
    make_directory(parent_of(path), attributes, parents);
  }
  // The directory is not visible under its name before it has its owner.
  const std::string candidate = path + ".mkdir-new";
  if (mkdir(candidate.c_str(), 0700) != 0 && errno != EEXIST) {
    fail("mkdir", candidate, errno);
  }
  give(candidate, attributes);
  if (rename(candidate.c_str(), path.c_str()) != 0) {
    fail("rename " + candidate, path, errno);
  }
}

void Disk::remove(const std::string& path, bool recursive) {
  if (recursive) {
    std::error_code error;
    fs::remove_all(path, error);
    if (error) {
      fail("unlinkat", path, error.value());
    }
  } else if (std::remove(path.c_str()) != 0) {
    fail("remove", path, errno);
  }
}

}  // namespace rehearsal::pebble
