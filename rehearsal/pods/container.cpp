// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/container.hpp"

#include "rehearsal/pods/programs.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

namespace fs = std::filesystem;

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

/// As containerd does, which makes the directory if the image lacks it.
void enter_directory(const fs::path& directory) {
  fs::create_directories(directory);
  if (chdir(directory.c_str()) != 0) {
    throw std::system_error(errno, std::generic_category(), "chdir " + directory.string());
  }
}

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

constexpr const char* pebble_libraries = "/charm/lib";

fs::path library_inside(const fs::path& library) {
  return pebble_libraries / library.filename();
}

}  // namespace

ProcessIdentity start_node(const fs::path& pause, std::optional<pid_t> network) {
  const Descriptor nothing = open_or_throw("/dev/null", O_RDWR);
  const int own_network = network ? 0 : CLONE_NEWNET;
  return start_detached({.network = network, .flags = new_namespaces | own_network},
                        [&](Descriptor&) {
                          use_streams(nothing, nothing);
                          if (chdir("/") != 0) {
                            throw std::system_error(errno, std::generic_category(), "chdir /");
                          }
                          execute_program(pause.string(), {"rehearsal-node"}, {});
                        });
}

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

std::map<std::string, fs::path> pebble_files(const fs::path& pebble) {
  std::map<std::string, fs::path> files;
  for (const fs::path& library : libraries_of(pebble)) {
    files[library_inside(library).string()] = library;
  }
  return files;
}

std::vector<std::string> loaded(const fs::path& pebble, std::vector<std::string> command) {
  for (const fs::path& library : libraries_of(pebble)) {
    if (is_loader(library)) {
      command.insert(command.begin(),
                     {library_inside(library).string(), "--library-path", pebble_libraries});
    }
  }
  return command;
}

void write_identity(const fs::path& file, uid_t charm_user) {
  std::ofstream(file) << "identities:\n  charm:\n    access: admin\n    local:\n      user-id: "
                      << charm_user << "\n";
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

bool await_pebble(const fs::path& socket, uid_t charm_user, const ProcessIdentity& process,
                  std::chrono::milliseconds limit) {
  const PebbleReadiness condition = readiness(socket, charm_user);
  const auto end = std::chrono::steady_clock::now() + limit;
  const auto is_ready = [&condition] {
    const std::string result = ask_pebble(condition.socket, condition.target).dump();
    return result.find(condition.expected) != std::string::npos;
  };
  while (!is_ready()) {
    if (!alive(process) || std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace rehearsal::pods
