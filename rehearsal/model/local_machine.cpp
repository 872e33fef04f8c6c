// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/local_machine.hpp"

#include "rehearsal/model/model.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rehearsal {
namespace {

namespace fs = std::filesystem;

std::string relocated(const std::string& text, const fs::path& root) {
  static const std::string juju = "/var/lib/juju";
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = text.find(juju); at != std::string::npos; at = text.find(juju, from)) {
    result += text.substr(from, at - from) + root.string() + juju;
    from = at + juju.size();
  }
  return result + text.substr(from);
}

/// One stream of a child: calls back for each whole line.
class LineReader {
 public:
  LineReader(int descriptor, bool is_stderr, const Execution& execution)
      : descriptor_(descriptor), is_stderr_(is_stderr), execution_(execution) {}

  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  ~LineReader() { close(descriptor_); }

  [[nodiscard]] int descriptor() const { return open_ ? descriptor_ : -1; }

  void read_some() {
    std::array<char, 4096> buffer{};
    const ssize_t size = read(descriptor_, buffer.data(), buffer.size());
    if (size <= 0) {
      open_ = false;
      if (!rest_.empty()) {
        deliver(std::exchange(rest_, {}));
      }
      return;
    }
    rest_.append(buffer.data(), static_cast<std::size_t>(size));
    for (std::size_t end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n')) {
      deliver(rest_.substr(0, end));
      rest_.erase(0, end + 1);
    }
  }

 private:
  void deliver(const std::string& line) const {
    if (execution_.on_line) {
      execution_.on_line(is_stderr_, line);
    }
  }

  int descriptor_;
  bool is_stderr_;
  const Execution& execution_;
  bool open_ = true;
  std::string rest_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  list.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    list.push_back(text.data());
  }
  list.push_back(nullptr);
  return list;
}

struct Program {
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  std::string directory;
};

[[noreturn]] void become(Program& program, std::optional<int> input, int out, int err) {
  setpgid(0, 0);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(input.value_or(nothing), STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (chdir(program.directory.c_str()) == 0) {
    execve(program.argv[0].c_str(), pointers(program.argv).data(),
           pointers(program.environment).data());
  }
  _exit(127);
}

/// Reads both streams until they end or time is up; false when it was.
bool read_all(LineReader& out, LineReader& err, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (out.descriptor() >= 0 || err.descriptor() >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return false;
    }
    std::array<pollfd, 2> events{pollfd{out.descriptor(), POLLIN, 0},
                                 pollfd{err.descriptor(), POLLIN, 0}};
    if (poll(events.data(), events.size(), static_cast<int>(left.count())) <= 0) {
      continue;
    }
    if (events[0].revents != 0) {
      out.read_some();
    }
    if (events[1].revents != 0) {
      err.read_some();
    }
  }
  return true;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

ExecutionResult reap(pid_t child, bool in_time) {
  if (!in_time) {
    kill(-child, SIGKILL);
  }
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          .timed_out = !in_time,
          .user_cpu_seconds = seconds_of(usage.ru_utime),
          .system_cpu_seconds = seconds_of(usage.ru_stime),
          .max_rss_kib = usage.ru_maxrss};
}

}  // namespace

LocalMachine::LocalMachine(fs::path directory) : directory_(std::move(directory)) {}

void LocalMachine::create_pod(const PodSpec& spec) {
  fs::create_directories(charm_root(spec.unit));
}

void LocalMachine::delete_pod(const std::string& unit, std::chrono::milliseconds /*grace*/) {
  fs::remove_all(charm_root(unit));
}

void LocalMachine::restart_container(const std::string& unit, const std::string& container) {
  throw MachineError(unit + " has no container " + container + " on this kind of machine");
}

bool LocalMachine::pod_exists(const std::string& unit) const {
  return fs::exists(charm_root(unit));
}

bool LocalMachine::container_running(const std::string& unit,
                                     const std::string& /*container*/) const {
  return pod_exists(unit);
}

fs::path LocalMachine::charm_root(const std::string& unit) const {
  return directory_ / unit_tag(unit);
}

fs::path LocalMachine::container_root(const std::string& unit, const std::string& container) const {
  throw MachineError(unit + " has no container " + container + " on this kind of machine");
}

fs::path LocalMachine::pebble_socket(const std::string& unit, const std::string& container) const {
  return charm_root(unit) / "charm/containers" / container / "pebble.socket";
}

ExecutionResult LocalMachine::execute(const std::string& unit, const Execution& execution) {
  const fs::path root = charm_root(unit);
  Program program{
      .argv = execution.argv, .environment = {}, .directory = relocated(execution.directory, root)};
  program.argv[0] = relocated(program.argv[0], root);
  for (const auto& [name, value] : execution.environment) {
    program.environment.push_back(name + "=" + relocated(value, root));
  }
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0) {
    throw MachineError(std::string("cannot make a pipe: ") + std::strerror(errno));
  }
  const pid_t child = fork();
  if (child == 0) {
    become(program, execution.input, out[1], err[1]);
  }
  close(out[1]);
  close(err[1]);
  if (child < 0) {
    close(out[0]);
    close(err[0]);
    throw MachineError(std::string("cannot start a process: ") + std::strerror(errno));
  }
  LineReader out_lines(out[0], false, execution);
  LineReader err_lines(err[0], true, execution);
  return reap(child, read_all(out_lines, err_lines, execution.limit));
}

void LocalMachine::set_names(const std::map<std::string, std::vector<std::string>>& names) {
  names_ = names;
}

void LocalMachine::destroy() {
  fs::remove_all(directory_);
}

}  // namespace rehearsal
