// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pods {

/// One mount(2) of a container, done inside its mount namespace before the change of root.
struct MountPoint {
  std::filesystem::path source;
  std::string target;  ///< Relative to the container's root, for example `/usr`.
  std::string type;    ///< Empty: a bind of `source`.
  std::string data;
  bool read_only = false;

  bool operator==(const MountPoint&) const = default;
};

/// A container's root: a separate directory, and the mounts over it.
struct FileSystem {
  std::filesystem::path root;
  std::vector<MountPoint> mounts;
  bool read_only_root = false;  ///< Nothing but the mounts can be written.
};

/// The parts of a container's root.
struct FileSystemSpec {
  std::filesystem::path root;   ///< Emptied and made again.
  std::filesystem::path image;  ///< Copied in; may be empty.
  bool shares_machine = true;   ///< The machine's programs are in it, and the image adds to them.
  std::filesystem::path hosts;  ///< Becomes /etc/hosts.
  std::map<std::string, std::filesystem::path>
      programs;                                        ///< Files by their path inside, read-only.
  std::map<std::string, std::filesystem::path> binds;  ///< Directories by their path inside.
  /// Empty: the whole root can be written. Otherwise only these directories and the binds can.
  std::vector<std::string> writable;
};

/// Makes the root directory with everything but the mounts. Without the machine's programs, the
/// root is the image alone. With them, the machine's /usr is shared read-only, and of its /etc only
/// what programs need to find libraries, users and certificates. Throws MachineError.
[[nodiscard]] FileSystem make_file_system(const FileSystemSpec& spec);

/// Makes `file_system` the root of the calling process, which must be in a new mount namespace and
/// a new PID namespace. Throws std::system_error that names the step.
void enter_file_system(const FileSystem& file_system);

}  // namespace rehearsal::pods
