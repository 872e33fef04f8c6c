// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/pods.hpp"

#include "rehearsal/pods/file_system.hpp"
#include "rehearsal/pods/image.hpp"
#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/network.hpp"
#include "rehearsal/pods/processes.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

namespace fs = std::filesystem;

/// A container before its start.
struct ContainerStart {
  pid_t node = 0;                ///< The process whose PID namespace it shares.
  std::optional<pid_t> network;  ///< The process whose network it shares; absent: a new network.
  std::string hostname;
  FileSystem file_system;
  std::string directory = "/";    ///< Where the first process works.
  std::vector<std::string> argv;  ///< The first process; `argv[0]` is a path inside.
  std::vector<std::string> environment;
  std::filesystem::path log;  ///< The output of the first process is appended.
};

/// The condition under which Pebble is ready for the charm.
struct PebbleReadiness {
  std::filesystem::path socket;
  std::string target;    ///< The target of a GET.
  std::string expected;  ///< Text that the answer must contain.
};

constexpr int new_namespaces = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS;

Descriptor open_or_throw(const fs::path& file, int flags) {
  Descriptor descriptor(open(file.c_str(), flags | O_CLOEXEC, 0644));
  if (!descriptor.valid()) {
    throw_machine_error("open " + file.string(), errno);
  }
  return descriptor;
}

void use_streams(const Descriptor& input, const Descriptor& output) {
  dup2(input.number(), STDIN_FILENO);
  dup2(output.number(), STDOUT_FILENO);
  dup2(output.number(), STDERR_FILENO);
}

bool connect_to(const Descriptor& connection, const fs::path& socket_path) {
  // Works for a path of any length: the address holds only a path through the open directory.
  const Descriptor directory(
      open(socket_path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const std::string path =
      "/proc/self/fd/" + std::to_string(directory.number()) + "/" + socket_path.filename().string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy_n(path.c_str(), std::min(path.size(), sizeof address.sun_path - 1), address.sun_path);
  return connect(connection.number(),
                 reinterpret_cast<const sockaddr*>(&address),  // NOLINT: the socket API
                 sizeof address) == 0;
}

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

/// As containerd does, which makes the directory if the image lacks it.
void enter_directory(const fs::path& directory) {
  fs::create_directories(directory);
  if (chdir(directory.c_str()) != 0) {
    throw std::system_error(errno, std::generic_category(), "chdir " + directory.string());
  }
}

/// Starts the container's first process in new namespaces. Throws MachineError.
ProcessIdentity start_container(const ContainerStart& start) {
  const Descriptor nothing = open_or_throw("/dev/null", O_RDONLY);
  const Descriptor log = open_or_throw(start.log, O_WRONLY | O_CREAT | O_APPEND);
  const int own_network = start.network ? 0 : CLONE_NEWNET;
  return start_detached(
      {.node = start.node, .network = start.network, .flags = new_namespaces | own_network},
      [&](Descriptor&) {
        if (sethostname(start.hostname.data(), start.hostname.size()) != 0) {
          throw std::system_error(errno, std::generic_category(), "sethostname");
        }
        enter_file_system(start.file_system);
        use_streams(nothing, log);
        enter_directory(start.directory);
        execute_program(start.argv.front(), start.argv, start.environment);
      });
}

/// Waits until Pebble gives the expected answer on its socket. Throws MachineError with the end of
/// `log` if the process ends first, or at the time limit.
void await_pebble(const PebbleReadiness& readiness, const ProcessIdentity& process,
                  const fs::path& log, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  const auto is_ready = [&readiness] {
    const std::string result = ask_pebble(readiness.socket, readiness.target).dump();
    return result.find(readiness.expected) != std::string::npos;
  };
  while (!is_ready()) {
    if (!alive(process) || std::chrono::steady_clock::now() >= end) {
      throw MachineError("Pebble does not answer on its socket:\n" + end_of(log));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

/// Returns Kubernetes' name of a unit's pod: `hockeypuck-k8s-0` for `hockeypuck-k8s/0`.
std::string pod_name(const std::string& unit) {
  std::string name = unit;
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

constexpr const char* charm_container = "charm";

void write_identity(const fs::path& file, uid_t charm_user) {
  std::ofstream(file) << "identities:\n  charm:\n    access: admin\n    local:\n      user-id: "
                      << charm_user << "\n";
}

constexpr std::chrono::seconds pebble_start_limit(60);

/// A charm that is not root is Pebble's admin by an identity (Pebble 1.15 and newer). The identity
/// exists a moment after the socket.
PebbleReadiness readiness(const fs::path& socket, uid_t charm_user) {
  if (charm_user == 0) {
    return {.socket = socket, .target = "/v1/system-info", .expected = "version"};
  }
  return {.socket = socket,
          .target = "/v1/identities",
          .expected = "\"user-id\":" + std::to_string(charm_user)};
}

/// As in Juju, each container's Pebble listens on a different port.
std::vector<std::string> pebble_command(std::size_t index, uid_t charm_user) {
  constexpr std::size_t first_port = 38813;
  std::vector<std::string> command = {"/charm/bin/pebble",
                                      "run",
                                      "--create-dirs",
                                      "--hold",
                                      "--http",
                                      ":" + std::to_string(first_port + index),
                                      "--verbose"};
  if (charm_user != 0) {
    command.insert(command.end(), {"--identities", "/charm/identities.yaml"});
  }
  return command;
}

/// A container's image; none where the machine's own programs are its root.
std::optional<Image> whole_image(const ContainerSpec& container) {
  if (container.image.empty() || shares_machine(container.image)) {
    return std::nullopt;
  }
  return read_image(container.image);
}

constexpr const char* pebble_libraries = "/charm/lib";

fs::path library_inside(const fs::path& library) {
  return pebble_libraries / library.filename();
}

/// Pebble comes with its libraries, because the image may have others or none.
std::map<std::string, fs::path> pebble_files(const fs::path& pebble) {
  std::map<std::string, fs::path> files;
  for (const fs::path& library : libraries_of(pebble)) {
    files[library_inside(library).string()] = library;
  }
  return files;
}

/// The command with the loader that came with Pebble.
std::vector<std::string> loaded(const fs::path& pebble, std::vector<std::string> command) {
  for (const fs::path& library : libraries_of(pebble)) {
    if (is_loader(library)) {
      command.insert(command.begin(),
                     {library_inside(library).string(), "--library-path", pebble_libraries});
    }
  }
  return command;
}

/// What Juju sets goes over what the image sets.
std::vector<std::string> workload_environment(const std::optional<Image>& image,
                                              const std::string& container) {
  std::map<std::string, std::string> variables = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, {"HOME", "/root"}};
  if (image) {
    for (const auto& [name, value] : image->environment) {
      variables[name] = value;
    }
  }
  variables["JUJU_CONTAINER_NAME"] = container;
  variables["PEBBLE"] = "/charm/container/pebble";
  variables["PEBBLE_COPY_ONCE"] = "/var/lib/pebble/default";
  variables["PEBBLE_SOCKET"] = "/charm/container/pebble.socket";
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) {
    environment.push_back(name + "=" + value);
  }
  return environment;
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

nlohmann::json ask_pebble(const fs::path& socket_path, const std::string& target) {
  using Json = nlohmann::json;
  const Descriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{.tv_sec = 2};
  setsockopt(connection.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  // HTTP/1.0: the body is not chunked, and the connection closes.
  const std::string request = "GET " + target + " HTTP/1.0\r\nHost: localhost\r\n\r\n";
  if (!connect_to(connection, socket_path) ||
      send(connection.number(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    return nullptr;
  }
  std::string answer;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 1; size > 0;) {
    size = recv(connection.number(), buffer.data(), buffer.size(), 0);
    answer.append(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  const std::size_t head = std::min(answer.find("\r\n\r\n"), answer.size());
  const Json json = Json::parse(answer.substr(head), nullptr, false);
  const bool good = json.is_object() && json.value("type", "") == "sync";
  return good ? json.value("result", Json()) : Json();
}

Pods::Pods(const fs::path& directory, const ClusterPrograms& programs)
    : directory_(fs::absolute(directory)), programs_(programs) {}

ProcessIdentity Pods::start_node(std::optional<pid_t> network) const {
  const Descriptor nothing = open_or_throw("/dev/null", O_RDWR);
  const int own_network = network ? 0 : CLONE_NEWNET;
  return start_detached({.network = network, .flags = new_namespaces | own_network},
                        [&](Descriptor&) {
                          use_streams(nothing, nothing);
                          if (chdir("/") != 0) {
                            throw std::system_error(errno, std::generic_category(), "chdir /");
                          }
                          execute_program(programs_.pause.string(), {"rehearsal-node"}, {});
                        });
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
  await_pebble(readiness(pebble, pod.spec.charm_user), process, output, pebble_start_limit);
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
