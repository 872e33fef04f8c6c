// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/file_writing.hpp"

#include "rehearsal/pebble/file_error.hpp"
#include "rehearsal/pebble/file_handle.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <random>

#include <fcntl.h>
#include <sys/stat.h>

namespace rehearsal::pebble {
namespace {

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string temporary_name(const std::string& path) {
  std::random_device random;
  return path + "." + std::to_string(random()) + "~";
}

void sync_directory(const std::string& path) {
  const FileHandle directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) {
    throw FileError("open", path, errno);
  }
  fsync(directory.get());
}

/// A file that is removed again unless it takes its final name.
class TemporaryFile {
 public:
  TemporaryFile(std::string path, mode_t permissions) : path_(std::move(path)) {
    file_ = FileHandle(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions));
    if (!file_.is_open()) {
      throw FileError("open", path_, errno);
    }
    if (fchmod(file_.get(), permissions) != 0) {
      throw FileError("chmod", path_, errno);
    }
  }

  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  ~TemporaryFile() {
    if (!renamed_ && file_.is_open()) {
      unlink(path_.c_str());
    }
  }

  void write(std::string_view content) {
    while (!content.empty()) {
      const ssize_t count = ::write(file_.get(), content.data(), content.size());
      if (count < 0 && errno != EINTR) {
        throw FileError("write", path_, errno);
      }
      content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
  }

  void give_to(const Account& owner) {
    if (fchown(file_.get(), owner.user, owner.group) != 0) {
      throw FileError(errno_text(errno), errno);
    }
  }

  void rename_to(const std::string& path) {
    if (fsync(file_.get()) != 0) {
      throw FileError("sync", path_, errno);
    }

    struct stat status {};

    const bool directory = lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    if (directory || rename(path_.c_str(), path.c_str()) != 0) {
      // Go says so without asking the kernel, which has another error for a directory.
      const int error = directory ? EEXIST : errno;
      throw FileError("rename " + path_ + " " + path + ": " + errno_text(error), error);
    }
    renamed_ = true;
  }

 private:
  std::string path_;
  FileHandle file_;
  bool renamed_ = false;
};

void make_one(const std::string& path, const FileAttributes& attributes) {
  const std::string candidate = path + ".mkdir-new";
  if (mkdir(candidate.c_str(), attributes.permissions) != 0 && errno != EEXIST) {
    throw FileError("mkdir", candidate, errno);
  }
  if (attributes.owner &&
      chown(candidate.c_str(), attributes.owner->user, attributes.owner->group) != 0) {
    throw FileError(errno_text(errno), errno);
  }
  if (chmod(candidate.c_str(), attributes.permissions) != 0) {
    throw FileError("chmod", candidate, errno);
  }
  if (rename(candidate.c_str(), path.c_str()) != 0) {
    throw FileError("rename " + candidate + " " + path + ": " + errno_text(errno), errno);
  }
  sync_directory(parent_of(path));
}

}  // namespace

mode_t parse_permissions(const std::string& text, mode_t default_permissions) {
  if (text.empty()) {
    return default_permissions;
  }
  if (text.size() != 3 || text.find_first_not_of("01234567") != std::string::npos) {
    throw FileError("permissions must be a 3-digit octal string, got " + go_quoted(text));
  }
  return static_cast<mode_t>(std::stoul(text, nullptr, 8));
}

void write_file(const std::string& path, std::string_view content,
                const FileAttributes& attributes) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (name.find('*') != std::string::npos) {
    throw FileError("cannot create tempfile for filename containing '*': " + go_quoted(name));
  }
  TemporaryFile file(temporary_name(path), attributes.permissions);
  file.write(content);
  if (attributes.owner) {
    file.give_to(*attributes.owner);
  }
  file.rename_to(path);
  sync_directory(parent_of(path));
}

// As deep as the path has parts.
void make_directory(const std::string& path, const FileAttributes& attributes, bool parents) {
  struct stat status {};

  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode)) {
      throw FileError("mkdir", path, ENOTDIR);
    }
    if (!parents) {
      throw FileError("mkdir", path, EEXIST);
    }
    return;
  }
  if (parents && parent_of(path) != "/") {
    make_directory(parent_of(path), attributes, parents);
  }
  make_one(path, attributes);
}

void remove_path(const std::string& path, bool recursive) {
  if (recursive) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) {
      throw FileError("unlinkat", path, error.value());
    }
    return;
  }
  if (std::remove(path.c_str()) != 0) {
    throw FileError("remove", path, errno);
  }
}

}  // namespace rehearsal::pebble
