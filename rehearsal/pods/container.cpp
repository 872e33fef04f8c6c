// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/container.hpp"

#include "rehearsal/pods/descriptor.hpp"
#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/namespaces.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

namespace fs = std::filesystem;

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

/// The whole answer to one request; empty when there is none within a second.
std::string ask(const fs::path& socket_path, const std::string& target) {
  const Descriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{.tv_sec = 1};
  setsockopt(connection.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  const std::string request =
      "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  std::string answer;
  if (!connect_to(connection, socket_path) ||
      send(connection.number(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    return answer;
  }
  std::array<char, 4096> buffer{};
  for (ssize_t size = 1; size > 0;) {
    size = recv(connection.number(), buffer.data(), buffer.size(), 0);
    answer.append(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  }
  return answer;
}

std::string end_of(const fs::path& log) {
  constexpr std::size_t enough = 2000;
  std::ifstream file(log);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.size() > enough ? all.substr(all.size() - enough) : all;
}

}  // namespace

ProcessIdentity start_node(const fs::path& pause) {
  const Descriptor nothing = open_or_throw("/dev/null", O_RDWR);
  return start_detached({.flags = new_namespaces | CLONE_NEWNET}, [&](Descriptor&) {
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
        execute_program(start.argv.front(), start.argv, start.environment);
      });
}

void await_pebble(const PebbleReadiness& readiness, const ProcessIdentity& process,
                  const fs::path& log, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (ask(readiness.socket, readiness.target).find(readiness.expected) == std::string::npos) {
    if (!alive(process) || std::chrono::steady_clock::now() >= end) {
      throw MachineError("Pebble does not answer on its socket:\n" + end_of(log));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace rehearsal::pods
