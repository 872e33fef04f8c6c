// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/network.hpp"

#include "rehearsal/pods/execution.hpp"
#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/programs.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

/// Runs lines of ip(8) in the network namespace of a process.
void run_ip(pid_t process, const std::string& lines, bool tolerant = false) {
  if (!find_program("ip")) {
    throw MachineError("ip is not on PATH: install the package iproute2");
  }
  std::string output;
  const ExecutionResult result = run_in_network(
      process, {.argv = {"/bin/sh", "-c", "printf '%s' \"$1\" | ip -batch -", "sh", lines},
                .environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}, {"LC_ALL", "C"}},
                .on_line = [&output](bool /*is_stderr*/, const std::string& line) {
                  output += line + "\n";
                }});
  if (result.exit_code != 0 && !tolerant) {
    throw MachineError("cannot create the pod network: " + output);
  }
}

/// At most 15 characters: the last three numbers of the address tell pods of one bridge apart.
std::string link_name(const std::string& address) {
  return "pod" + address.substr(address.find('.') + 1);
}

sockaddr_in ipv4(const char* address, std::uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  inet_pton(AF_INET, address, &result.sin_addr);
  return result;
}

const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // NOLINT: the socket API
}

bool send_all(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

/// Moves the available data. At the end of `from`, also ends the writing side of `to`, and returns
/// false.
bool move_bytes(int from, int to) {
  std::array<char, 65536> buffer{};
  const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
  if (size <= 0 || !send_all(to, buffer.data(), static_cast<std::size_t>(size))) {
    shutdown(to, SHUT_WR);
    return false;
  }
  return true;
}

void copy_both_ways(int left, int right) {
  std::array<pollfd, 2> events{{{.fd = left, .events = POLLIN}, {.fd = right, .events = POLLIN}}};
  while (events[0].fd >= 0 || events[1].fd >= 0) {
    if (poll(events.data(), events.size(), -1) < 0) {
      return;
    }
    if (events[0].revents != 0 && !move_bytes(left, right)) {
      events[0].fd = -1;
    }
    if (events[1].revents != 0 && !move_bytes(right, left)) {
      events[1].fd = -1;
    }
  }
}

void serve(const Descriptor& client, const RelayTarget& target) {
  const std::optional<std::string> address = target.address();
  const Descriptor server(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!address) {
    return;
  }
  const sockaddr_in remote = ipv4(address->c_str(), target.port);
  if (connect(server.number(), generic(remote), sizeof remote) == 0) {
    copy_both_ways(client.number(), server.number());
  }
}

/// Uses one process for each connection. It runs in the model's network namespace, while the
/// listening socket stays in its original one.
[[noreturn]] void relay(int listener, const RelayTarget& target) {
  (void)std::signal(SIGCHLD, SIG_IGN);
  for (;;) {
    Descriptor client(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (!client.valid() && errno != EINTR && errno != ECONNABORTED) {
      _exit(1);
    }
    if (!client.valid()) {
      continue;
    }
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      close(listener);
      serve(client, target);
      _exit(0);
    }
  }
}

/// A relay keeps only its socket open, which becomes number 3.
void keep_only(int socket) {
  if (chdir("/") != 0) {
    _exit(1);
  }
  const Descriptor nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    dup2(nothing.number(), stream);
  }
  dup2(socket, 3);
  close_range(4, ~0U, 0);
}

}  // namespace

void make_bridge(pid_t node) {
  run_ip(node,
         "link set lo up\n"
         "link add pods type bridge\n"
         "addr add 10.1.0.1/9 dev pods\n"
         "link set pods up\n");
}

void connect_pod(pid_t node, pid_t pod, const std::string& address) {
  const std::string link = link_name(address);
  run_ip(node, "link add " + link + " type veth peer name eth0 netns " + std::to_string(pod) +
                   "\nlink set " + link + " master pods up\n");
  run_ip(pod, "link set lo up\naddr add " + address +
                  "/9 dev eth0\nlink set eth0 up\nroute add default via 10.1.0.1\n");
}

void disconnect_pod(pid_t node, const std::string& address) {
  run_ip(node, "link del " + link_name(address) + "\n", true);
}

LocalListener listen_locally(std::uint16_t port) {
  LocalListener listener{.socket = Descriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))};
  const int enable = 1;
  setsockopt(listener.socket.number(), SOL_SOCKET, SO_REUSEADDR, &enable, sizeof enable);
  sockaddr_in address = ipv4("127.0.0.1", port);
  socklen_t size = sizeof address;
  if (bind(listener.socket.number(), generic(address), size) != 0 ||
      listen(listener.socket.number(), 64) != 0) {
    throw_machine_error("listen on 127.0.0.1:" + std::to_string(port), errno);
  }
  getsockname(listener.socket.number(),
              reinterpret_cast<sockaddr*>(&address),  // NOLINT: the socket API
              &size);
  listener.port = ntohs(address.sin_port);
  return listener;
}

ProcessIdentity start_relay(pid_t node, const LocalListener& listener, const RelayTarget& target) {
  return start_detached({.node = node}, [&](Descriptor& ready) {
    Namespaces(target.network, {"net"}).enter();
    const int socket = fcntl(listener.socket.number(), F_DUPFD_CLOEXEC, 100);
    ready.reset();
    keep_only(socket);
    relay(3, target);
  });
}

void relay_here(const LocalListener& listener, const RelayTarget& target) {
  const Namespaces network(target.network, {"net"});
  const pid_t parent = getpid();
  const pid_t child = fork_into(std::nullopt);
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) {
      _exit(0);
    }
    (void)std::signal(SIGTERM, SIG_DFL);
    (void)std::signal(SIGINT, SIG_DFL);
    try {
      network.enter();
      relay(listener.socket.number(), target);
    } catch (const std::system_error&) {
      _exit(1);
    }
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace rehearsal::pods
