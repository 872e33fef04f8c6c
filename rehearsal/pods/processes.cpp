// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/processes.hpp"

#include "rehearsal/pods/machine.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

struct Stat {
  char state = 0;
  unsigned long long started = 0;
};

/// The name may hold any characters, and ends with the last parenthesis; see proc(5).
std::optional<Stat> read_stat(pid_t pid) {
  constexpr int fields_between_state_and_start = 18;
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(text.substr(name_end + 1));
  Stat stat;
  fields >> stat.state;
  std::string skipped;
  for (int i = 0; i < fields_between_state_and_start; ++i) {
    fields >> skipped;
  }
  fields >> stat.started;
  return stat;
}

void check(int result, const char* step) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), step);
  }
}

/// A starting process's message to its starter. The kernel adds the sender's number in the
/// receiver's namespace, because the sender knows only the one in its own namespace.
struct Report {
  std::array<char, 240> step{};
  int error_number = 0;
};

struct ReportChannel {
  Descriptor receiver;
  Descriptor sender;
};

ReportChannel make_channel() {
  std::array<int, 2> ends{};
  const int enable = 1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0 ||
      setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &enable, sizeof enable) != 0) {
    throw_machine_error("socketpair", errno);
  }
  return {.receiver = Descriptor(ends[0]), .sender = Descriptor(ends[1])};
}

void send_report(const Descriptor& channel, const char* step, int error_number) {
  Report report{.error_number = error_number};
  std::strncpy(report.step.data(), step, report.step.size() - 1);
  send(channel.number(), &report, sizeof report, MSG_NOSIGNAL);
}

struct ReceivedReport {
  Report report;
  pid_t sender = 0;
};

std::optional<ReceivedReport> receive_report(const Descriptor& channel) {
  ReceivedReport received;
  iovec data{.iov_base = &received.report, .iov_len = sizeof received.report};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(ucred))> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (recvmsg(channel.number(), &message, 0) <= 0) {
    return std::nullopt;
  }
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_type == SCM_CREDENTIALS) {
    ucred credentials{};
    std::memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
    received.sender = credentials.pid;
  }
  return received;
}

void reset_signals() {
  for (int signal = 1; signal < NSIG; ++signal) {
    (void)std::signal(signal, SIG_DFL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// The new process: reports its number, and then a failure. Closing the channel means success.
[[noreturn]] void run_detached(const std::function<void(Descriptor&)>& become,
                               Descriptor& channel) {
  try {
    setsid();
    reset_signals();
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    send_report(channel, "", 0);
    become(channel);
  } catch (const std::system_error& error) {
    send_report(channel, error.what(), error.code().value());
    _exit(1);
  } catch (const std::exception& error) {
    send_report(channel, error.what(), EINVAL);
    _exit(1);
  }
  _exit(0);
}

/// The process between the starter and the new process. It ends immediately, so that the first
/// process of the node's PID namespace inherits the new process.
[[noreturn]] void run_between(const DetachedStart& start, const std::optional<Namespaces>& network,
                              const std::function<void(Descriptor&)>& become, Descriptor& channel) {
  try {
    if (network) {
      network->enter();
    }
    check(unshare(start.flags), "unshare");
    const pid_t child = fork();
    check(child, "fork");
    if (child == 0) {
      run_detached(become, channel);
    }
  } catch (const std::system_error& error) {
    send_report(channel, error.what(), error.code().value());
  }
  _exit(0);
}

ProcessIdentity await_start(const Descriptor& channel) {
  ProcessIdentity process;
  while (const std::optional<ReceivedReport> received = receive_report(channel)) {
    if (received->report.error_number != 0) {
      throw_machine_error(received->report.step.data(), received->report.error_number);
    }
    process = identify(received->sender);
  }
  if (process.pid == 0) {
    throw MachineError("a process ended during its start");
  }
  return process;
}

}  // namespace

ProcessIdentity identify(pid_t pid) {
  const std::optional<Stat> stat = read_stat(pid);
  return {.pid = pid, .started = stat ? stat->started : 0};
}

bool alive(const ProcessIdentity& process) {
  if (process.pid <= 0) {
    return false;
  }
  const std::optional<Stat> stat = read_stat(process.pid);
  return stat && stat->started == process.started && stat->state != 'Z' && stat->state != 'X';
}

void send_signal(const ProcessIdentity& process, int signal) {
  if (alive(process)) {
    kill(process.pid, signal);
  }
}

bool wait_for_end(const ProcessIdentity& process, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (alive(process)) {
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  return true;
}

void end_process(const ProcessIdentity& process) {
  send_signal(process, SIGKILL);
  wait_for_end(process, std::chrono::seconds(10));
}

void throw_machine_error(const std::string& step, int error_number) {
  const std::string reason = std::strerror(error_number);
  std::string text = step;
  if (text.find(reason) == std::string::npos) {
    text += ": " + reason;
  }
  if (error_number == EPERM || error_number == EACCES) {
    text +=
        "; run as root (sudo make demo), or in a privileged container with CAP_SYS_ADMIN and "
        "CAP_NET_ADMIN";
  }
  throw MachineError(text);
}

Namespaces::Namespaces(pid_t process, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const std::string path = "/proc/" + std::to_string(process) + "/ns/" + name;
    descriptors_.emplace_back(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptors_.back().valid()) {
      throw_machine_error("open " + path, errno);
    }
  }
}

void Namespaces::enter() const {
  for (const Descriptor& descriptor : descriptors_) {
    check(setns(descriptor.number(), 0), "setns");
  }
}

pid_t fork_into(std::optional<pid_t> process) {
  if (!process) {
    const pid_t child = fork();
    if (child < 0) {
      throw_machine_error("fork", errno);
    }
    return child;
  }
  const Namespaces own(getpid(), {"pid"});
  const Namespaces theirs(*process, {"pid"});
  try {
    theirs.enter();
  } catch (const std::system_error& error) {
    throw_machine_error(error.what(), error.code().value());
  }
  const pid_t child = fork();
  const int fork_error = errno;
  if (child != 0) {
    own.enter();
  }
  if (child < 0) {
    throw_machine_error("fork", fork_error);
  }
  return child;
}

ProcessIdentity start_detached(const DetachedStart& start,
                               const std::function<void(Descriptor&)>& become) {
  std::optional<Namespaces> network;
  if (start.network) {
    network.emplace(*start.network, std::vector<std::string>{"net"});
  }
  ReportChannel channel = make_channel();
  const pid_t between = fork_into(start.node);
  if (between == 0) {
    run_between(start, network, become, channel.sender);
  }
  channel.sender.reset();
  waitpid(between, nullptr, 0);
  return await_start(channel.receiver);
}

void execute_program(const std::string& path, const std::vector<std::string>& argv,
                     const std::vector<std::string>& environment) {
  std::vector<char*> arguments;
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: execve's signature
  }
  arguments.push_back(nullptr);
  std::vector<char*> variables;
  for (const std::string& variable : environment) {
    variables.push_back(const_cast<char*>(variable.c_str()));  // NOLINT: execve's signature
  }
  variables.push_back(nullptr);
  execve(path.c_str(), arguments.data(), variables.data());
  throw std::system_error(errno, std::generic_category(), "execute " + path);
}

}  // namespace rehearsal::pods
