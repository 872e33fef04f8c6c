// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/execution.hpp"

#include "rehearsal/pods/machine.hpp"
#include "rehearsal/pods/processes.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rehearsal::pods {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Splits a stream into lines and passes them to an execution.
class LineReader {
 public:
  LineReader(Descriptor reader, bool is_stderr, const Execution& execution)
      : reader_(std::move(reader)), is_stderr_(is_stderr), execution_(&execution) {}

  /// -1 after the end of the stream, which poll(2) ignores.
  [[nodiscard]] int descriptor() const { return reader_.number(); }

  /// Reads the available data once.
  void read_some() {
    std::array<char, 16384> buffer{};
    const ssize_t size = read(reader_.number(), buffer.data(), buffer.size());
    if (size > 0) {
      text_.append(buffer.data(), static_cast<std::size_t>(size));
      give_lines();
    } else if (size == 0 || errno != EINTR) {
      finish();
    }
  }

  /// Stops reading; the rest is a line as well.
  void finish() {
    reader_.reset();
    if (!text_.empty()) {
      give(std::exchange(text_, {}));
    }
  }

 private:
  void give_lines() {
    std::size_t begin = 0;
    for (std::size_t end = text_.find('\n'); end != std::string::npos;
         end = text_.find('\n', begin)) {
      give(text_.substr(begin, end - begin));
      begin = end + 1;
    }
    text_.erase(0, begin);
  }

  void give(const std::string& line) const {
    if (execution_->on_line) {
      execution_->on_line(is_stderr_, line);
    }
  }

  Descriptor reader_;
  bool is_stderr_;
  const Execution* execution_;
  std::string text_;
};

struct Pipe {
  Descriptor reader;
  Descriptor writer;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw_machine_error("pipe", errno);
  }
  return {.reader = Descriptor(ends[0]), .writer = Descriptor(ends[1])};
}

void require(int result, const char* step) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), step);
  }
}

/// A failure to enter the container goes to `failure`, a failure to execute the program to its
/// output. `start` gets the CPU time before the program starts, in nanoseconds, which does not
/// count for the program.
struct ChildEnds {
  int input = -1;
  int output = -1;
  int error = -1;
  int failure = -1;
  int start = -1;
};

/// The place where a program runs. Without a user, this process's user stays.
struct Place {
  std::optional<pid_t> pid_namespace = {};
  std::optional<Namespaces> namespaces = {};
  std::optional<uid_t> user = {};
};

void report_cpu_time(int end) {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  const double nanoseconds =
      static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
  if (write(end, &nanoseconds, sizeof nanoseconds) < 0) {
    _exit(126);
  }
}

void become_user(uid_t user) {
  require(setgroups(user == 0 ? 0 : 1, &juju_group), "setgroups");
  require(setgid(user), "setgid");
  require(setuid(user), "setuid");
}

void prepare_child(const Place& place, const ChildEnds& ends) {
  setsid();
  if (place.namespaces) {
    place.namespaces->enter();
  }
  dup2(ends.input, STDIN_FILENO);
  dup2(ends.output, STDOUT_FILENO);
  dup2(ends.error, STDERR_FILENO);
  const rlimit no_core{};
  setrlimit(RLIMIT_CORE, &no_core);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  (void)std::signal(SIGPIPE, SIG_DFL);
  if (place.user) {
    become_user(*place.user);
  }
  // A hook does not outlive the command that ran it. Follows the change of user, which clears this.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
}

[[noreturn]] void become_program(const Execution& execution, int start) {
  if (!execution.directory.empty() && chdir(execution.directory.c_str()) != 0) {
    dprintf(STDERR_FILENO, "cannot enter %s: %s\n", execution.directory.c_str(),
            std::strerror(errno));
    _exit(127);
  }
  clearenv();
  for (const auto& [name, value] : execution.environment) {
    setenv(name.c_str(), value.c_str(), 1);
  }
  std::vector<char*> argv;
  for (const std::string& argument : execution.argv) {
    argv.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: execvp's signature
  }
  argv.push_back(nullptr);
  report_cpu_time(start);
  execvp(argv.front(), argv.data());
  dprintf(STDERR_FILENO, "cannot execute %s: %s\n", argv.front(), std::strerror(errno));
  _exit(127);
}

[[noreturn]] void run_child(const Place& place, const Execution& execution, const ChildEnds& ends) {
  try {
    prepare_child(place, ends);
  } catch (const std::system_error& error) {
    dprintf(ends.failure, "%s", error.what());
    _exit(126);
  }
  become_program(execution, ends.start);
}

void throw_failure(const Descriptor& failure) {
  std::array<char, 300> text{};
  const ssize_t size = read(failure.number(), text.data(), text.size());
  if (size > 0) {
    throw MachineError("cannot enter the container: " +
                       std::string(text.data(), static_cast<std::size_t>(size)));
  }
}

int remaining(steady_clock::time_point end) {
  const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left + 1, 0, 60'000));
}

/// A running program and its remaining output.
class Watch {
 public:
  Watch(pid_t child, Descriptor start, LineReader out, LineReader err)
      : child_(child),
        start_(std::move(start)),
        process_(static_cast<int>(syscall(SYS_pidfd_open, child, 0))),
        out_(std::move(out)),
        err_(std::move(err)) {}

  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// Leaves no process if a line could not be passed on.
  ~Watch() {
    if (child_ > 0) {
      finish(false);
    }
  }

  /// Returns true if the program ended within the limit.
  bool until_end(milliseconds limit) {
    const auto end = steady_clock::now() + limit;
    while (!ended_ && steady_clock::now() < end) {
      poll_once(end);
    }
    return ended_;
  }

  ExecutionResult finish(bool ended) {
    if (!ended) {
      kill(-child_, SIGKILL);
      kill(child_, SIGKILL);
    }
    const double own_cpu = own_cpu_seconds();
    int status = 0;
    rusage usage{};
    wait4(std::exchange(child_, -1), &status, 0, &usage);
    drain();
    return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            .timed_out = !ended,
            .user_cpu_seconds = seconds(usage.ru_utime),
            .system_cpu_seconds = seconds(usage.ru_stime),
            .own_cpu_seconds = own_cpu,
            .max_rss_kib = usage.ru_maxrss};
  }

 private:
  /// The kernel shows it until the process is waited for (proc(5), schedstat).
  [[nodiscard]] double own_cpu_seconds() const {
    std::ifstream file("/proc/" + std::to_string(child_) + "/schedstat");
    double nanoseconds = 0;
    file >> nanoseconds;
    double before = 0;
    const bool started = read(start_.number(), &before, sizeof before) == sizeof before;
    return started ? (nanoseconds - before) / 1e9 : 0;
  }

  static double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  }

  void poll_once(steady_clock::time_point end) {
    std::array<pollfd, 3> events{{{.fd = out_.descriptor(), .events = POLLIN},
                                  {.fd = err_.descriptor(), .events = POLLIN},
                                  {.fd = ended_ ? -1 : process_.number(), .events = POLLIN}}};
    if (poll(events.data(), events.size(), remaining(end)) <= 0) {
      return;
    }
    if (events[0].revents != 0) {
      out_.read_some();
    }
    if (events[1].revents != 0) {
      err_.read_some();
    }
    ended_ = ended_ || events[2].revents != 0;
  }

  void drain() {
    ended_ = true;
    const auto end = steady_clock::now() + milliseconds(100);
    while ((out_.descriptor() >= 0 || err_.descriptor() >= 0) && steady_clock::now() < end) {
      poll_once(end);
    }
    out_.finish();
    err_.finish();
  }

  pid_t child_;
  Descriptor start_;
  Descriptor process_;
  LineReader out_;
  LineReader err_;
  bool ended_ = false;
};

ExecutionResult run(const Place& place, const Execution& execution) {
  if (execution.argv.empty()) {
    throw MachineError("no command to execute");
  }
  const Descriptor nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  Pipe failure = make_pipe();
  Pipe start = make_pipe();
  const pid_t child = fork_into(place.pid_namespace);
  if (child == 0) {
    run_child(place, execution,
              {.input = execution.input.value_or(nothing.number()),
               .output = execution.output.value_or(out.writer.number()),
               .error = execution.error.value_or(err.writer.number()),
               .failure = failure.writer.number(),
               .start = start.writer.number()});
  }
  for (Pipe* pipe : {&out, &err, &failure, &start}) {
    pipe->writer.reset();
  }
  Watch watch(child, std::move(start.reader), LineReader(std::move(out.reader), false, execution),
              LineReader(std::move(err.reader), true, execution));
  const bool ended = watch.until_end(execution.limit);
  const ExecutionResult result = watch.finish(ended);
  throw_failure(failure.reader);
  return result;
}

}  // namespace

ExecutionResult run_inside(pid_t container, uid_t user, const Execution& execution) {
  return run({.pid_namespace = container,
              .namespaces = Namespaces(container, {"net", "ipc", "uts", "mnt"}),
              .user = user},
             execution);
}

ExecutionResult run_in_network(pid_t process, const Execution& execution) {
  return run({.namespaces = Namespaces(process, {"net"})}, execution);
}

ExecutionResult run_here(const Execution& execution) {
  return run({}, execution);
}

}  // namespace rehearsal::pods
