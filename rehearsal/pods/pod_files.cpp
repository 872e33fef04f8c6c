// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/pod_files.hpp"

#include "rehearsal/pods/descriptor.hpp"
#include "rehearsal/pods/namespaces.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

namespace fs = std::filesystem;

constexpr const char* charm_container = "charm";

void write_identity(const fs::path& file, uid_t charm_user) {
  std::ofstream(file) << "identities:\n  charm:\n    access: admin\n    local:\n      user-id: "
                      << charm_user << "\n";
}

}  // namespace

std::string pod_name(const std::string& unit) {
  std::string name = unit;
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

fs::path root_of(pid_t process) {
  return fs::path("/proc") / std::to_string(process) / "root";
}

PodFiles::PodFiles(const fs::path& directory) : directory_(fs::absolute(directory)) {}

fs::path PodFiles::pod(const std::string& unit) const {
  return directory_ / "pods" / pod_name(unit);
}

fs::path PodFiles::hosts() const {
  return directory_ / "hosts";
}

fs::path PodFiles::socket(const std::string& unit, const std::string& container) const {
  return pod(unit) / "sockets" / container / "pebble.socket";
}

fs::path PodFiles::log(const std::string& unit, const std::string& container) const {
  return pod(unit) / (container + ".log");
}

fs::path PodFiles::storage(const std::string& id) const {
  return directory_ / "storage" / pod_name(id);
}

void PodFiles::make_pod(const PodSpec& spec) const {
  remove_pod(spec.unit);
  fs::create_directories(pod(spec.unit));
  for (const ContainerSpec& container : spec.containers) {
    fs::create_directories(socket(spec.unit, container.name).parent_path());
  }
  for (const StorageMount& mount : spec.storage) {
    fs::create_directories(storage(mount.id));
  }
  if (!fs::exists(hosts())) {
    write_hosts({});
  }
}

void PodFiles::remove_pod(const std::string& unit) const {
  fs::remove_all(pod(unit));
}

void PodFiles::remove_all() const {
  fs::remove_all(directory_ / "pods");
  fs::remove(hosts());
}

FileSystem PodFiles::make_charm(const PodSpec& spec, const ClusterPrograms& programs) const {
  FileSystemSpec parts{
      .root = pod(spec.unit) / charm_container,
      .hosts = hosts(),
      .programs = {{"/charm/bin/pause", programs.pause}, {"/charm/bin/pebble", programs.pebble}}};
  for (const ContainerSpec& container : spec.containers) {
    parts.binds["/charm/containers/" + container.name] =
        socket(spec.unit, container.name).parent_path();
  }
  for (const StorageMount& mount : spec.storage) {
    parts.binds[mount.location] = storage(mount.id);
  }
  FileSystem file_system = make_file_system(parts);
  const fs::path juju = file_system.root / "var/lib/juju";
  fs::create_directories(juju);
  if (chown(juju.c_str(), spec.charm_user, spec.charm_user) != 0) {
    throw_machine_error("chown " + juju.string(), errno);
  }
  return file_system;
}

FileSystem PodFiles::make_workload(const PodSpec& spec, const ContainerSpec& container,
                                   const ClusterPrograms& programs) const {
  FileSystemSpec parts{.root = pod(spec.unit) / ("container-" + container.name),
                       .image = container.image,
                       .hosts = hosts()};
  if (!container.image.empty()) {
    parts.programs = image_programs(container.image, programs.directories);
  }
  parts.programs["/charm/bin/pebble"] = programs.pebble;
  parts.binds["/charm/container"] = socket(spec.unit, container.name).parent_path();
  for (const StorageMount& mount : spec.storage) {
    const auto location = mount.container_locations.find(container.name);
    if (location != mount.container_locations.end()) {
      parts.binds[location->second] = storage(mount.id);
    }
  }
  FileSystem file_system = make_file_system(parts);
  write_identity(file_system.root / "charm/identities.yaml", spec.charm_user);
  return file_system;
}

void PodFiles::write_hosts(const std::map<std::string, std::vector<std::string>>& names) const {
  std::string text = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
  for (const auto& [name, addresses] : names) {
    for (const std::string& address : addresses) {
      text.append(address).append(" ").append(name).append("\n");
    }
  }
  const Descriptor file(open(hosts().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  // Over the old text first, so that no reader ever finds an empty file.
  if (!file.valid() ||
      pwrite(file.number(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()) ||
      ftruncate(file.number(), static_cast<off_t>(text.size())) != 0) {
    throw_machine_error("write " + hosts().string(), errno);
  }
}

}  // namespace rehearsal::pods
