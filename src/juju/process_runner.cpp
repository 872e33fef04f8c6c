// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "charm/juju/command_runner.hpp"

#include <algorithm>
#include <csignal>
#include <optional>
#include <system_error>

#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace charm::juju {
namespace {

constexpr std::size_t output_limit = 64UL << 20U;
/// The time between two checks of the size of the output.
constexpr std::chrono::milliseconds between_looks(50);

/// A file descriptor that its owner closes.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  ~Descriptor() {
    if (value_ >= 0) {
      ::close(value_);
    }
  }

  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

/// A file in memory. The child reads or writes it at any speed, and no pipe needs attention.
class MemoryFile {
 public:
  /// Makes a file with this text, and sets the position to its start.
  explicit MemoryFile(std::string_view text) : file_(::memfd_create("stream", MFD_CLOEXEC)) {
    while (file_.get() >= 0 && !text.empty()) {
      const auto written = ::write(file_.get(), text.data(), text.size());
      if (written <= 0) {
        throw Error("cannot keep " + std::to_string(text.size()) + " bytes of input in memory");
      }
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (file_.get() < 0 || ::lseek(file_.get(), 0, SEEK_SET) != 0) {
      throw Error("cannot make a file in memory");
    }
  }

  [[nodiscard]] int descriptor() const { return file_.get(); }

  /// Throws Error if the output exceeds the limit.
  [[nodiscard]] std::size_t size() const {
    struct stat status {};

    ::fstat(file_.get(), &status);
    const auto bytes = static_cast<std::size_t>(status.st_size);
    if (bytes > output_limit) {
      throw Error("a command printed more than 64 MiB");
    }
    return bytes;
  }

  [[nodiscard]] std::string content() const {
    std::string text(size(), '\0');
    const auto count = ::pread(file_.get(), text.data(), text.size(), 0);
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return text;
  }

 private:
  Descriptor file_;
};

/// Starts a command with these three descriptors and no other. It gets a new process group, so that
/// a kill reaches grandchildren. SIGPIPE has its default action even if this process ignores it.
/// Throws std::system_error.
pid_t spawn(const std::vector<std::string>& argv, int in, int out, int err) {
  std::vector<std::string> copies = argv;  // posix_spawnp requires writable strings.
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& argument : copies) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const int error =
      ::posix_spawnp(&pid, pointers.front(), &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot start " + argv.front());
  }
  return pid;
}

/// A process. The destructor kills it with its group unless it has ended.
class Process {
 public:
  explicit Process(pid_t pid)
      : pid_(pid), handle_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  ~Process() {
    if (!exit_code_) {
      ::kill(-pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }

  /// Waits for its end, at most for the given time. Returns the exit code, or 128 + number for a
  /// signal.
  std::optional<int> wait(std::chrono::milliseconds longest) {
    pollfd end{handle_.get(), POLLIN, 0};
    // Before Linux 5.3 there is no handle, and poll() only sleeps.
    ::poll(&end, 1, handle_.get() < 0 ? 1 : static_cast<int>(longest.count()));
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return exit_code_;
  }

 private:
  pid_t pid_;
  Descriptor handle_;
  std::optional<int> exit_code_;
};

}  // namespace

ProcessRunner::ProcessRunner(const Deadline& end, std::chrono::milliseconds longest)
    : end_(&end), longest_(longest) {}

std::chrono::milliseconds ProcessRunner::limit() const {
  constexpr std::chrono::milliseconds to_report(3000);
  constexpr std::chrono::milliseconds after_a_hang(1000);
  return hung_ ? std::min(after_a_hang, longest_)
               : std::max(end_->left(longest_), std::min(to_report, longest_));
}

CommandResult ProcessRunner::run(const std::vector<std::string>& argv, std::string_view input) {
  const std::chrono::milliseconds longest = limit();
  const Deadline end(longest);
  const MemoryFile in(input);
  const MemoryFile out({});
  const MemoryFile err({});
  std::optional<int> exit_code;
  try {
    Process process(spawn(argv, in.descriptor(), out.descriptor(), err.descriptor()));
    for (auto left = longest; !exit_code && left.count() > 0; left = end.left(longest)) {
      exit_code = process.wait(std::min(left, between_looks));
      static_cast<void>(out.size() + err.size());
    }
  } catch (const std::system_error& error) {
    return {.exit_code = 127, .out = {}, .err = error.what()};
  }
  CommandResult result{
      .exit_code = exit_code.value_or(124), .out = out.content(), .err = err.content()};
  if (!exit_code) {
    hung_ = true;
    result.err += "killed after " + std::to_string(longest.count()) + " ms";
  }
  return result;
}

}  // namespace charm::juju
