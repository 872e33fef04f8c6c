// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.hpp"

#include "tests/support/file_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace test {
namespace {

using std::chrono::steady_clock;

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// All data that the child needs, made before the fork: between fork and exec nothing may allocate.
class Execution {
 public:
  explicit Execution(const Command& command) : command_(command) {
    for (const std::string& argument : command_.arguments) {
      argv_.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: execvp's signature
    }
    argv_.push_back(nullptr);
    for (char** entry = environ; *entry != nullptr; ++entry) {
      if (!is_replaced(*entry)) {
        environment_.push_back(*entry);
      }
    }
    for (std::string& entry : command_.environment) {
      environment_.push_back(entry.data());
    }
    environment_.push_back(nullptr);
    if (!command_.user.empty() && geteuid() == 0) {
      const passwd* user = getpwnam(command_.user.c_str());
      if (user == nullptr) {
        throw std::runtime_error("no such user: " + command_.user);
      }
      uid_ = user->pw_uid;
      gid_ = user->pw_gid;
      switch_user_ = true;
    }
  }

  /// In the child: becomes the program, or ends with 127.
  [[noreturn]] void become(int input, int output, int error, pid_t parent) {
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    setpgid(0, 0);
    bool ready = chdir(command_.directory.c_str()) == 0;
    if (switch_user_) {
      ready = ready && setgroups(0, nullptr) == 0 && setgid(gid_) == 0 && setuid(uid_) == 0;
    }
    // Follows the change of user, which would clear it. SIGQUIT: postgres stops immediately and
    // cleanly.
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (ready && getppid() == parent) {
      execvpe(argv_.front(), argv_.data(), environment_.data());
    }
    _exit(127);
  }

 private:
  bool is_replaced(std::string_view entry) const {
    const std::string_view name = entry.substr(0, entry.find('=') + 1);
    return std::ranges::any_of(command_.environment, [name](const std::string& replacement) {
      return replacement.starts_with(name);
    });
  }

  Command command_;
  std::vector<char*> argv_;
  std::vector<char*> environment_;
  bool switch_user_ = false;
  uid_t uid_ = 0;
  gid_t gid_ = 0;
};

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : number_(open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (number_ < 0) {
      throw_errno("open " + path.string());
    }
  }

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() { close(number_); }

  int number() const { return number_; }

 private:
  int number_;
};

pid_t spawn(const Command& command, const Descriptor& input, const Descriptor& output,
            const Descriptor& error) {
  if (command.arguments.empty()) {
    throw std::invalid_argument("a command needs a program");
  }
  Execution execution(command);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) {
    throw_errno("fork");
  }
  if (child == 0) {
    execution.become(input.number(), output.number(), error.number(), parent);
  }
  setpgid(child, child);
  return child;
}

int exit_status(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

/// Returns nothing if the child is still running at that time.
std::optional<int> wait_until(pid_t pid, steady_clock::time_point end) {
  using namespace std::chrono_literals;
  auto pause = 1ms;
  for (;;) {
    int status = 0;
    if (waitpid(pid, &status, WNOHANG) == pid) {
      return exit_status(status);
    }
    if (steady_clock::now() >= end) {
      return std::nullopt;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, 20ms);
  }
}

}  // namespace

CommandResult run(const Command& command, std::chrono::seconds limit) {
  const TemporaryDirectory files("run");
  std::ofstream(files.path() / "input", std::ios::binary) << command.input;
  const Descriptor input(files.path() / "input", O_RDONLY);
  const Descriptor output(files.path() / "output", O_CREAT | O_WRONLY | O_APPEND);
  const Descriptor error(files.path() / "error", O_CREAT | O_WRONLY | O_APPEND);
  const pid_t pid = spawn(command, input, output, error);
  const std::optional<int> status = wait_until(pid, steady_clock::now() + limit);
  if (!status) {
    kill(-pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    throw std::runtime_error(command.arguments.front() + " took too long");
  }
  if (*status == 127) {
    throw std::runtime_error("cannot execute " + command.arguments.front());
  }
  return {.status = *status,
          .output = file_text(files.path() / "output"),
          .error = file_text(files.path() / "error")};
}

std::optional<std::filesystem::path> find_on_path(const std::string& program) {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread.
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::filesystem::path file = std::filesystem::path(folder) / program;
    if (std::filesystem::is_regular_file(file) && access(file.c_str(), X_OK) == 0) {
      return file;
    }
  }
  return std::nullopt;
}

ChildProcess::ChildProcess(const Command& command, const std::filesystem::path& log) {
  const Descriptor input("/dev/null", O_RDONLY);
  const Descriptor output(log, O_CREAT | O_WRONLY | O_APPEND);
  pid_ = spawn(command, input, output, output);
}

ChildProcess::~ChildProcess() {
  if (!status_) {
    kill(-pid_, SIGKILL);
    reap(0);
  }
}

bool ChildProcess::reap(int options) {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, options) == pid_) {
    status_ = exit_status(status);
  }
  return status_.has_value();
}

bool ChildProcess::running() {
  return !reap(WNOHANG);
}

void ChildProcess::signal(int number) const {
  if (!status_) {
    kill(pid_, number);
  }
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds limit) {
  if (!status_) {
    status_ = wait_until(pid_, steady_clock::now() + limit);
  }
  return status_;
}

}  // namespace test
