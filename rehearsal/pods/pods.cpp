// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/pods.hpp"

#include "rehearsal/pods/container.hpp"
#include "rehearsal/pods/file_system.hpp"
#include "rehearsal/pods/image.hpp"
#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/network.hpp"
#include "rehearsal/pods/processes.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Over the old text first, so that no reader ever finds an empty file.
void write_in_place(const fs::path& path, const std::string& text) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (!file.valid() ||
      pwrite(file.number(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()) ||
      ftruncate(file.number(), static_cast<off_t>(text.size())) != 0) {
    throw_machine_error("write " + path.string(), errno);
  }
}

/// What Kubernetes does for a pod with Juju's group as its fsGroup.
void give_to_juju(const fs::path& volume) {
  std::vector<fs::path> paths = {volume};
  for (const auto& entry : fs::recursive_directory_iterator(volume)) {
    paths.push_back(entry.path());
  }
  for (const fs::path& path : paths) {
    const fs::file_status status = fs::symlink_status(path);
    if (fs::is_symlink(status)) {
      continue;
    }
    if (lchown(path.c_str(), static_cast<uid_t>(-1), juju_group) != 0) {
      throw_machine_error("chown " + path.string(), errno);
    }
    const fs::perms more = fs::is_directory(status)
                               ? fs::perms::group_all | fs::perms::set_gid
                               : fs::perms::group_read | fs::perms::group_write;
    fs::permissions(path, more, fs::perm_options::add);
  }
}

std::string end_of(const fs::path& log) {
  constexpr std::size_t enough = 2000;
  const std::string all = content_of(log);
  return all.size() > enough ? all.substr(all.size() - enough) : all;
}

/// Returns Kubernetes' name of a unit's pod: `hockeypuck-k8s-0` for `hockeypuck-k8s/0`.
std::string pod_name(const std::string& unit) {
  std::string name = unit;
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

constexpr const char* charm_container = "charm";

constexpr std::chrono::seconds pebble_start_limit(60);

/// A container's image; none where the machine's own programs are its root.
std::optional<Image> whole_image(const ContainerSpec& container) {
  if (container.image.empty() || shares_machine(container.image)) {
    return std::nullopt;
  }
  return read_image(container.image);
}

/// All containers get the signal together and share `grace`.
void end_containers(const PodState& pod, std::chrono::milliseconds grace) {
  const auto end = std::chrono::steady_clock::now() + grace;
  for (const auto& [name, process] : pod.containers) {
    send_signal(process, SIGTERM);
  }
  for (const auto& [name, process] : pod.containers) {
    wait_for_end(process, std::chrono::duration_cast<std::chrono::milliseconds>(
                              end - std::chrono::steady_clock::now()));
    end_process(process);
  }
}

}  // namespace

fs::path root_of(pid_t process) {
  return fs::path("/proc") / std::to_string(process) / "root";
}

Pods::Pods(const fs::path& directory, const ClusterPrograms& programs)
    : directory_(fs::absolute(directory)), programs_(programs) {}

ProcessIdentity Pods::start_node(std::optional<pid_t> network) const {
  return pods::start_node(programs_.pause, network);
}

fs::path Pods::folder(const std::string& unit) const {
  return directory_ / "pods" / pod_name(unit);
}

fs::path Pods::names_file() const {
  return directory_ / "names";
}

fs::path Pods::hosts(const std::string& unit) const {
  return folder(unit) / "hosts";
}

fs::path Pods::socket(const std::string& unit, const std::string& container) const {
  return folder(unit) / "sockets" / container / "pebble.socket";
}

fs::path Pods::log(const std::string& unit, const std::string& container) const {
  return folder(unit) / (container + ".log");
}

fs::path Pods::storage(const std::string& id) const {
  return directory_ / "storage" / pod_name(id);
}

void Pods::make_folders(const PodSpec& spec) const {
  fs::remove_all(folder(spec.unit));
  fs::create_directories(folder(spec.unit));
  for (const ContainerSpec& container : spec.containers) {
    fs::create_directories(socket(spec.unit, container.name).parent_path());
  }
  for (const StorageMount& mount : spec.storage) {
    fs::create_directories(storage(mount.id));
    if (spec.charm_user != 0) {
      give_to_juju(storage(mount.id));
    }
  }
  write_own_hosts(spec);
}

void Pods::remove_files() const {
  fs::remove_all(directory_ / "pods");
  fs::remove(names_file());
}

FileSystem Pods::charm_files(const PodSpec& spec) const {
  FileSystemSpec parts{
      .root = folder(spec.unit) / charm_container,
      .hosts = hosts(spec.unit),
      .programs = {{"/charm/bin/pause", programs_.pause}, {"/charm/bin/pebble", programs_.pebble}}};
  for (const ContainerSpec& container : spec.containers) {
    parts.binds["/charm/containers/" + container.name] =
        socket(spec.unit, container.name).parent_path();
  }
  for (const StorageMount& mount : spec.storage) {
    parts.binds[mount.location] = storage(mount.id);
  }
  if (spec.charm_user != 0) {
    parts.writable = {"/tmp", "/var/lib/juju"};
  }
  FileSystem file_system = make_file_system(parts);
  const fs::path juju = file_system.root / "var/lib/juju";
  fs::create_directories(juju);
  if (chown(juju.c_str(), spec.charm_user, spec.charm_user) != 0) {
    throw_machine_error("chown " + juju.string(), errno);
  }
  return file_system;
}

FileSystem Pods::workload_files(const PodSpec& spec, const ContainerSpec& container) const {
  const std::optional<Image> image = whole_image(container);
  FileSystemSpec parts{.root = folder(spec.unit) / ("container-" + container.name),
                       .image = image ? image->root : container.image,
                       .shares_machine = !image,
                       .hosts = hosts(spec.unit)};
  if (image) {
    parts.programs = pebble_files(programs_.pebble);
  } else if (!container.image.empty()) {
    parts.programs = image_programs(container.image, programs_.directories);
  }
  parts.programs["/charm/bin/pebble"] = programs_.pebble;
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

void Pods::write_own_hosts(const PodSpec& spec) const {
  std::string text = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";
  // Before the other names, as kubelet writes it: the first name of this line is the full one.
  text += spec.address + " " + spec.dns_name + " " + pod_name(spec.unit) + "\n";
  write_in_place(hosts(spec.unit), text + content_of(names_file()));
}

void Pods::write_hosts(const std::map<std::string, std::vector<std::string>>& names,
                       const std::map<std::string, PodState>& pods) const {
  std::string text;
  for (const auto& [name, addresses] : names) {
    for (const std::string& address : addresses) {
      text.append(address).append(" ").append(name).append("\n");
    }
  }
  write_in_place(names_file(), text);
  for (const auto& [unit, pod] : pods) {
    if (fs::exists(folder(unit))) {
      write_own_hosts(pod.spec);
    }
  }
}

void Pods::start_charm(const ProcessIdentity& node, PodState& pod) const {
  pod.charm = start_container({.node = node.pid,
                               .hostname = pod_name(pod.spec.unit),
                               .file_system = charm_files(pod.spec),
                               .argv = {"/charm/bin/pause"},
                               .log = log(pod.spec.unit, "charm")});
  connect_pod(node.pid, pod.charm.pid, pod.spec.address);
}

void Pods::start_workload(const ProcessIdentity& node, PodState& pod, std::size_t index) const {
  const ContainerSpec& container = pod.spec.containers[index];
  const fs::path pebble = socket(pod.spec.unit, container.name);
  fs::remove(pebble);
  const fs::path output = log(pod.spec.unit, container.name);
  const std::optional<Image> image = whole_image(container);
  const std::vector<std::string> command = pebble_command(index, pod.spec.charm_user);
  const ProcessIdentity process =
      start_container({.node = node.pid,
                       .network = pod.charm.pid,
                       .hostname = pod_name(pod.spec.unit),
                       .file_system = workload_files(pod.spec, container),
                       .directory = image ? image->directory : "/",
                       .argv = image ? loaded(programs_.pebble, command) : command,
                       .environment = workload_environment(image, container.name),
                       .log = output});
  pod.containers[container.name] = process;
  if (!await_pebble(pebble, pod.spec.charm_user, process, pebble_start_limit)) {
    throw MachineError("Pebble does not answer on its socket:\n" + end_of(output));
  }
}

void Pods::start(const ProcessIdentity& node, PodState& pod) const {
  make_folders(pod.spec);
  start_charm(node, pod);
  for (std::size_t i = 0; i < pod.spec.containers.size(); ++i) {
    start_workload(node, pod, i);
  }
}

void Pods::end(const ProcessIdentity& node, const PodState& pod,
               std::chrono::milliseconds grace) const {
  end_containers(pod, grace);
  if (alive(node)) {
    // The kernel would do this as well, but some time after the end of the last process.
    disconnect_pod(node.pid, pod.spec.address);
  }
  end_process(pod.charm);
  fs::remove_all(folder(pod.spec.unit));
}

void Pods::start_workload(const ProcessIdentity& node, PodState& pod,
                          const std::string& container) const {
  for (std::size_t i = 0; i < pod.spec.containers.size(); ++i) {
    if (pod.spec.containers[i].name == container) {
      start_workload(node, pod, i);
    }
  }
}

}  // namespace rehearsal::pods
