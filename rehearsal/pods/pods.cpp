// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/pods.hpp"

#include "rehearsal/pods/file_system.hpp"
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

/// A container about to start.
struct ContainerStart {
  pid_t node = 0;                ///< Whose PID namespace it lives in.
  std::optional<pid_t> network;  ///< Whose network it shares; without one it gets its own.
  std::string hostname;
  FileSystem file_system;
  std::vector<std::string> argv;  ///< The first process; `argv[0]` is a path inside.
  std::vector<std::string> environment;
  std::filesystem::path log;  ///< Appended with what the first process prints.
};

/// When Pebble is ready for the charm.
struct PebbleReadiness {
  std::filesystem::path socket;
  std::string target;    ///< Asked with GET.
  std::string expected;  ///< What the answer must hold.
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
  // A path of any length: the address holds only the way through the open directory.
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

std::string end_of(const fs::path& log) {
  constexpr std::size_t enough = 2000;
  std::ifstream file(log);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.size() > enough ? all.substr(all.size() - enough) : all;
}

/// Starts the container's first process in namespaces of its own. Throws MachineError.
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
        execute_program(start.argv.front(), start.argv, start.environment);
      });
}

/// Waits until Pebble answers on its socket as expected. Throws MachineError with the end of `log`
/// when the process ends before, or after the limit.
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

/// The name of a unit's pod as Kubernetes has it: `hockeypuck-k8s/0` is `hockeypuck-k8s-0`.
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

/// A charm that is not root is Pebble's admin by an identity (Pebble 1.15 and newer), which is
/// there a moment after the socket.
PebbleReadiness readiness(const fs::path& socket, uid_t charm_user) {
  if (charm_user == 0) {
    return {.socket = socket, .target = "/v1/system-info", .expected = "version"};
  }
  return {.socket = socket,
          .target = "/v1/identities",
          .expected = "\"user-id\":" + std::to_string(charm_user)};
}

/// As Juju has it, each container's Pebble listens on a port of its own.
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

/// All containers are asked at once; together they have `grace`.
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
  // HTTP/1.0: the body is neither chunked nor kept open.
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

ProcessIdentity Pods::start_node() const {
  const Descriptor nothing = open_or_throw("/dev/null", O_RDWR);
  return start_detached({.flags = new_namespaces | CLONE_NEWNET}, [&](Descriptor&) {
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

fs::path Pods::hosts() const {
  return directory_ / "hosts";
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
  }
  if (!fs::exists(hosts())) {
    write_hosts({});
  }
}

void Pods::remove_files() const {
  fs::remove_all(directory_ / "pods");
  fs::remove(hosts());
}

FileSystem Pods::charm_files(const PodSpec& spec) const {
  FileSystemSpec parts{
      .root = folder(spec.unit) / charm_container,
      .hosts = hosts(),
      .programs = {{"/charm/bin/pause", programs_.pause}, {"/charm/bin/pebble", programs_.pebble}}};
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

FileSystem Pods::workload_files(const PodSpec& spec, const ContainerSpec& container) const {
  FileSystemSpec parts{.root = folder(spec.unit) / ("container-" + container.name),
                       .image = container.image,
                       .hosts = hosts()};
  if (!container.image.empty()) {
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

void Pods::write_hosts(const std::map<std::string, std::vector<std::string>>& names) const {
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
  const ProcessIdentity process = start_container(
      {.node = node.pid,
       .network = pod.charm.pid,
       .hostname = pod_name(pod.spec.unit),
       .file_system = workload_files(pod.spec, container),
       .argv = pebble_command(index, pod.spec.charm_user),
       .environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                       "HOME=/root", "JUJU_CONTAINER_NAME=" + container.name,
                       "PEBBLE=/var/lib/pebble/default",
                       "PEBBLE_SOCKET=/charm/container/pebble.socket"},
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
    // The kernel would do it too, but some time after the end of the last process.
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
