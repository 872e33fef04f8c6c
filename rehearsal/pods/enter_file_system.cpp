// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/file_system.hpp"

#include <cerrno>
#include <system_error>

#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

void check(int result, const std::string& step) {
  if (result != 0) {
    throw std::system_error(errno, std::generic_category(), step);
  }
}

void apply(const MountPoint& mount_point, const std::string& root) {
  const std::string target = root + mount_point.target;
  const std::string step = "mount " + mount_point.target;
  if (!mount_point.type.empty()) {
    check(mount(mount_point.source.c_str(), target.c_str(), mount_point.type.c_str(),
                MS_NOSUID | MS_NODEV, mount_point.data.c_str()),
          step);
    return;
  }
  check(mount(mount_point.source.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr),
        step);
  if (mount_point.read_only) {
    check(mount(nullptr, target.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr),
          step + " read-only");
  }
}

/// With the same directory for both, the old root lies under the new one and can be detached; see
/// pivot_root(2).
void become_root(const std::string& root) {
  check(chdir(root.c_str()), "chdir to the container's root");
  check(static_cast<int>(syscall(SYS_pivot_root, ".", ".")), "pivot_root");
  check(umount2(".", MNT_DETACH), "unmount the old root");
  check(chdir("/"), "chdir /");
}

}  // namespace

void enter_file_system(const FileSystem& file_system) {
  const std::string root = file_system.root.string();
  // Nothing done here may reach the machine's own mounts.
  check(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make mounts private");
  check(mount(root.c_str(), root.c_str(), nullptr, MS_BIND | MS_REC, nullptr), "bind the root");
  for (const MountPoint& mount_point : file_system.mounts) {
    apply(mount_point, root);
  }
  become_root(root);
}

}  // namespace rehearsal::pods
