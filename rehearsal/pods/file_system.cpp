// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/file_system.hpp"

#include "rehearsal/pods/execution.hpp"
#include "rehearsal/pods/machine.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <list>
#include <system_error>

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

namespace fs = std::filesystem;

void make_directory(const fs::path& directory, mode_t mode) {
  fs::create_directories(directory);
  chmod(directory.c_str(), mode);
}

void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// The path without its links, as a process with this root finds it. An image may have links to
/// absolute paths, which must not lead out of it.
std::string resolved(const fs::path& root, const std::string& path) {
  constexpr int most_links = 40;
  const fs::path asked = path;
  std::list<fs::path> rest(asked.begin(), asked.end());
  fs::path found = "/";
  for (int links = 0; !rest.empty() && links < most_links;) {
    const fs::path part = rest.front();
    rest.pop_front();
    const fs::path next = part == ".." ? found.parent_path() : found / part;
    std::error_code missing;
    const fs::path link = fs::read_symlink(root / next.relative_path(), missing);
    if (missing) {
      found = next;
      continue;
    }
    ++links;
    rest.insert(rest.begin(), link.begin(), link.end());
    found = link.is_absolute() ? fs::path("/") : found;
  }
  return found.lexically_normal().string();
}

fs::path inside(const fs::path& root, const std::string& path) {
  return root / fs::path(resolved(root, path)).relative_path();
}

void make_directories(const fs::path& root) {
  for (const char* name : {"dev", "proc", "sys", "etc", "home", "opt", "srv", "mnt", "media", "run",
                           "var/lib", "var/log", "var/cache", "var/spool", "usr"}) {
    make_directory(root / name, 0755);
  }
  make_directory(root / "root", 0700);
  make_directory(root / "tmp", 01777);
  make_directory(root / "var/tmp", 01777);
  make_directory(root / "run/lock", 01777);
  fs::create_symlink("/run", root / "var/run");
  fs::create_symlink("/run/lock", root / "var/lock");
}

void copy_if_present(const fs::path& source, const fs::path& target) {
  if (fs::exists(source)) {
    fs::copy(source, target,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing |
                 fs::copy_options::copy_symlinks);
  }
}

/// The images of charms have Juju's user for `charm-user: non-root`.
void add_juju_user(const fs::path& etc) {
  std::ofstream(etc / "passwd", std::ios::app)
      << "juju:x:170:170:Juju:/home/juju:/usr/sbin/nologin\n";
  std::ofstream(etc / "group", std::ios::app) << "juju:x:170:\n";
}

void fill_etc(const fs::path& etc) {
  for (const char* name : {"passwd", "group", "ld.so.cache", "ld.so.conf", "ld.so.conf.d",
                           "localtime", "os-release", "mime.types", "services", "protocols"}) {
    copy_if_present(fs::path("/etc") / name, etc / name);
  }
  fs::create_directories(etc / "ssl");
  copy_if_present("/etc/ssl/openssl.cnf", etc / "ssl/openssl.cnf");
  // Copied, because a container may add certificates.
  copy_if_present("/etc/ssl/certs", etc / "ssl/certs");
  add_juju_user(etc);
  write_file(etc / "nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n");
  write_file(etc / "host.conf", "multi on\n");
  write_file(etc / "resolv.conf", "");
}

/// The installed packages are those of the machine, and apt has no source of others. So a charm can
/// install a package that the machine has.
void share_package_database(const fs::path& root) {
  const fs::path status = "var/lib/dpkg/status";
  if (!fs::exists("/" / status)) {
    return;
  }
  for (const char* name : {"apt.conf.d", "preferences.d", "sources.list.d"}) {
    fs::create_directories(root / "etc/apt" / name);
  }
  fs::create_directories((root / status).parent_path());
  fs::copy_file("/" / status, root / status);
}

class Builder {
 public:
  explicit Builder(const fs::path& root) : file_system_{.root = root} {}

  void bind_directory(const fs::path& source, const std::string& target, bool read_only) {
    fs::create_directories(inside(file_system_.root, target));
    add(source, target, read_only);
  }

  void bind_file(const fs::path& source, const std::string& target, bool read_only) {
    const fs::path file = inside(file_system_.root, target);
    fs::create_directories(file.parent_path());
    const std::ofstream touched(file, std::ios::app);
    add(source, target, read_only);
  }

  /// A file that Kubernetes writes, whatever the image has there.
  void write(const std::string& target, const std::string& text) {
    fs::remove(file_system_.root / fs::path(target).relative_path());
    write_file(inside(file_system_.root, target), text);
  }

  void mount(const std::string& type, const std::string& target, const std::string& data) {
    file_system_.mounts.push_back({.source = type, .target = target, .type = type, .data = data});
  }

  /// On most machines /bin and similar directories are links into /usr.
  void share_system_directory(const std::string& path) {
    if (fs::is_symlink(path)) {
      fs::create_symlink(fs::read_symlink(path), inside(file_system_.root, path));
    } else if (fs::is_directory(path)) {
      bind_directory(path, path, true);
    }
  }

  [[nodiscard]] FileSystem take() { return std::move(file_system_); }

 private:
  void add(const fs::path& source, const std::string& target, bool read_only) {
    file_system_.mounts.push_back(
        {.source = source, .target = resolved(file_system_.root, target), .read_only = read_only});
  }

  FileSystem file_system_;
};

void share_machine(Builder& builder) {
  for (const char* path : {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    builder.share_system_directory(path);
  }
  for (const char* path :
       {"/etc/alternatives", "/etc/postgresql-common", "/etc/nginx", "/etc/prometheus"}) {
    if (fs::is_directory(path)) {
      builder.bind_directory(path, path, true);
    }
  }
}

/// Binds the machine's own device files, because many containers may not make new ones.
void make_devices(Builder& builder, const fs::path& root) {
  fs::remove_all(root / "dev");
  for (const char* name : {"null", "zero", "full", "random", "urandom", "tty"}) {
    builder.bind_file(fs::path("/dev") / name, std::string("/dev/") + name, false);
  }
  make_directory(root / "dev/shm", 01777);
  builder.mount("tmpfs", "/dev/shm", "mode=1777");
  fs::create_symlink("/proc/self/fd", root / "dev/fd");
  fs::create_symlink("/proc/self/fd/0", root / "dev/stdin");
  fs::create_symlink("/proc/self/fd/1", root / "dev/stdout");
  fs::create_symlink("/proc/self/fd/2", root / "dev/stderr");
}

/// With owners, links and times, as an image has them.
void copy_tree(const fs::path& source, const fs::path& target) {
  std::string reason;
  const ExecutionResult result =
      run_here({.argv = {"cp", "-a", "--reflink=auto", (source / ".").string(), target.string()},
                .environment = {{"PATH", "/usr/bin:/bin"}},
                .directory = "/",
                .on_line = [&reason](bool, const std::string& line) { reason = line; }});
  if (result.exit_code != 0) {
    throw MachineError("cannot copy the image " + source.string() + ": " + reason);
  }
}

/// The machine's programs, and over them the image.
void share_with_machine(Builder& builder, const FileSystemSpec& spec) {
  make_directories(spec.root);
  fill_etc(spec.root / "etc");
  share_package_database(spec.root);
  share_machine(builder);
  if (!spec.image.empty()) {
    copy_tree(spec.image, spec.root);
    fs::remove(spec.root / "rehearsal-image.json");
  }
}

/// The image alone, with the files that Kubernetes writes.
void use_image_alone(Builder& builder, const FileSystemSpec& spec) {
  fs::create_directories(spec.root);
  copy_tree(spec.image, spec.root);
  for (const char* name : {"proc", "sys", "etc"}) {
    fs::create_directories(spec.root / name);
  }
  builder.write("/etc/hosts", "");
  builder.write("/etc/resolv.conf", "");
}

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

/// If both directories are the same, the old root is below the new one and can be detached; see
/// pivot_root(2).
void become_root(const std::string& root) {
  check(chdir(root.c_str()), "chdir to the container's root");
  check(static_cast<int>(syscall(SYS_pivot_root, ".", ".")), "pivot_root");
  check(umount2(".", MNT_DETACH), "unmount the old root");
  check(chdir("/"), "chdir /");
}

}  // namespace

FileSystem make_file_system(const FileSystemSpec& spec) {
  fs::remove_all(spec.root);
  Builder builder(spec.root);
  if (spec.shares_machine) {
    share_with_machine(builder, spec);
  } else {
    use_image_alone(builder, spec);
  }
  make_devices(builder, spec.root);
  builder.mount("proc", "/proc", "");
  builder.bind_file(spec.hosts, "/etc/hosts", true);
  for (const auto& [path, source] : spec.binds) {
    builder.bind_directory(source, path, false);
  }
  for (const auto& [path, source] : spec.programs) {
    builder.bind_file(source, path, true);
  }
  for (const std::string& path : spec.writable) {
    builder.bind_directory(inside(spec.root, path), path, false);
  }
  FileSystem file_system = builder.take();
  file_system.read_only_root = !spec.writable.empty();
  return file_system;
}

void enter_file_system(const FileSystem& file_system) {
  const std::string root = file_system.root.string();
  // No change here may affect the machine's own mounts.
  check(mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make mounts private");
  check(mount(root.c_str(), root.c_str(), nullptr, MS_BIND | MS_REC, nullptr), "bind the root");
  for (const MountPoint& mount_point : file_system.mounts) {
    apply(mount_point, root);
  }
  if (file_system.read_only_root) {
    check(mount(nullptr, root.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr),
          "mount the root read-only");
  }
  become_root(root);
}

}  // namespace rehearsal::pods
