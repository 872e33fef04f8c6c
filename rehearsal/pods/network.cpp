// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/network.hpp"

#include "rehearsal/pods/descriptor.hpp"
#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/namespaces.hpp"
#include "rehearsal/pods/programs.hpp"

#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

/// An anonymous file: what is written to it can be read by a child.
Descriptor make_file(const std::string& content) {
  Descriptor file(memfd_create("rehearsal", MFD_CLOEXEC));
  if (!file.valid() || write(file.number(), content.data(), content.size()) < 0 ||
      lseek(file.number(), 0, SEEK_SET) < 0) {
    throw_machine_error("make an anonymous file", errno);
  }
  return file;
}

std::string content_of(const Descriptor& file) {
  std::array<char, 2000> text{};
  const ssize_t size = pread(file.number(), text.data(), text.size(), 0);
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

[[noreturn]] void become_ip(const std::string& program, const std::vector<std::string>& argv,
                            const Namespaces& network, const Descriptor& input,
                            const Descriptor& output) {
  try {
    network.enter();
    dup2(input.number(), STDIN_FILENO);
    dup2(output.number(), STDOUT_FILENO);
    dup2(output.number(), STDERR_FILENO);
    execute_program(program, argv, {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"});
  } catch (const std::system_error& error) {
    dprintf(output.number(), "%s", error.what());
    _exit(127);
  }
}

/// Runs lines of ip(8) in the network namespace of a process.
void run_ip(pid_t process, const std::string& lines, bool tolerant = false) {
  const std::optional<std::filesystem::path> program = find_program("ip");
  if (!program) {
    throw MachineError("there is no ip on PATH: install the package iproute2");
  }
  const Namespaces network(process, {"net"});
  const Descriptor input = make_file(lines);
  const Descriptor output = make_file("");
  std::vector<std::string> argv = {"ip", "-batch", "-"};
  if (tolerant) {
    argv.insert(argv.begin() + 1, "-force");
  }
  const pid_t child = fork_into(std::nullopt);
  if (child == 0) {
    become_ip(program->string(), argv, network, input, output);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0 && !tolerant) {
    throw MachineError("the pod network cannot be made: " + content_of(output));
  }
}

/// At most 15 characters: the last two numbers of the address tell pods of one bridge apart.
std::string link_name(const std::string& address) {
  const std::size_t third = address.find('.', address.find('.') + 1);
  return "pod" + address.substr(third + 1);
}

}  // namespace

void make_bridge(pid_t node) {
  run_ip(node,
         "link set lo up\n"
         "link add pods type bridge\n"
         "addr add 10.1.0.1/16 dev pods\n"
         "link set pods up\n");
}

void connect_pod(pid_t node, pid_t pod, const std::string& address) {
  const std::string link = link_name(address);
  run_ip(node, "link add " + link + " type veth peer name eth0 netns " + std::to_string(pod) +
                   "\nlink set " + link + " master pods up\n");
  run_ip(pod, "link set lo up\naddr add " + address +
                  "/16 dev eth0\nlink set eth0 up\nroute add default via 10.1.0.1\n");
}

void disconnect_pod(pid_t node, const std::string& address) {
  run_ip(node, "link del " + link_name(address) + "\n", true);
}

}  // namespace rehearsal::pods
