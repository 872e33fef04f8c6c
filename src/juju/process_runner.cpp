// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "charm/juju/command_runner.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace charm::juju {
namespace {

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}

  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}

  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }

  ~Descriptor() {
    if (value_ >= 0) {
      ::close(value_);
    }
  }

  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

std::pair<Descriptor, Descriptor> make_pipe() {
  std::array<int, 2> ends = {-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail(errno, "cannot make a pipe");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// The child's descriptors: three of ours become 0, 1 and 2, no other survives. Where `in` is -1,
/// it reads /dev/null.
class Actions {
 public:
  Actions(int in, int out, int err) {
    posix_spawn_file_actions_init(&actions_);
    if (in < 0) {
      posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    } else {
      posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
    }
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, 3);
  }

  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;

  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }

  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A new process group, so that a kill reaches grandchildren, and SIGPIPE as usual even
/// where this process ignores it.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  }

  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  ~Attributes() { posix_spawnattr_destroy(&attributes_); }

  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

/// A child process in its own group, with both its outputs on pipes. Only descriptors 0, 1 and
/// 2 are passed on. The destructor kills the group if the child still runs.
class SpawnedProcess {
 public:
  /// It reads `input`, or nothing if that is -1. Throws std::system_error when the command cannot
  /// be started.
  SpawnedProcess(const std::vector<std::string>& argv, int input);

  SpawnedProcess(const SpawnedProcess&) = delete;
  SpawnedProcess& operator=(const SpawnedProcess&) = delete;
  ~SpawnedProcess();

  [[nodiscard]] int out() const { return out_.get(); }

  [[nodiscard]] int err() const { return err_.get(); }

  /// Does not wait.
  bool ended();

  /// Becomes readable when the process ends. It is -1 where the kernel, before Linux 5.3, has none.
  [[nodiscard]] Descriptor handle() const;

  /// The exit code once it has ended, 128 + number for a signal.
  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  void record(int status);

  Descriptor out_;
  Descriptor err_;
  pid_t pid_ = -1;
  int exit_code_ = -1;
};

SpawnedProcess::SpawnedProcess(const std::vector<std::string>& argv, int input) {
  auto [out_read, out_write] = make_pipe();
  auto [err_read, err_write] = make_pipe();
  const Actions actions(input, out_write.get(), err_write.get());
  const Attributes attributes;
  std::vector<std::string> copies = argv;  // posix_spawnp wants them writable.
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& argument : copies) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  const int error = ::posix_spawnp(&pid_, pointers.front(), actions.get(), attributes.get(),
                                   pointers.data(), environ);
  if (error != 0) {
    fail(error, "cannot start " + argv.front());
  }
  out_ = std::move(out_read);
  err_ = std::move(err_read);
}

SpawnedProcess::~SpawnedProcess() {
  if (exit_code_ < 0) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

bool SpawnedProcess::ended() {
  if (exit_code_ >= 0) {
    return true;
  }
  int status = 0;
  const pid_t pid = ::waitpid(pid_, &status, WNOHANG);
  if (pid == pid_) {
    record(status);
  }
  return exit_code_ >= 0;
}

Descriptor SpawnedProcess::handle() const {
  return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

void SpawnedProcess::record(int status) {
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

using Clock = std::chrono::steady_clock;

constexpr std::size_t output_limit = 64UL << 20U;

int milliseconds_left(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 1'000'000));
}

/// Returns a file in memory with the text, at its start: the child may read it or not, at any pace,
/// and this process does not have to feed a pipe.
Descriptor memory_file(std::string_view text) {
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  while (file.get() >= 0 && !text.empty()) {
    const auto written = ::write(file.get(), text.data(), text.size());
    if (written <= 0) {
      throw Error("cannot keep " + std::to_string(text.size()) + " bytes of input in memory");
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file.get() < 0 || ::lseek(file.get(), 0, SEEK_SET) != 0) {
    throw Error("cannot make a file in memory");
  }
  return file;
}

/// Appends what is there. Returns false at the end of the stream.
bool read_some(int descriptor, std::string& text) {
  std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  const auto count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  if (text.size() > output_limit) {
    throw Error("a command printed more than 64 MiB");
  }
  return count > 0 || (count < 0 && errno == EINTR);
}

/// Reads both streams to their ends. Returns false at the deadline.
bool read_all(SpawnedProcess& process, CommandResult& result, Clock::time_point deadline) {
  std::array<pollfd, 2> streams = {pollfd{process.out(), POLLIN, 0},
                                   pollfd{process.err(), POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&result.out, &result.err};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const int ready = ::poll(streams.data(), streams.size(), milliseconds_left(deadline));
    if (ready == 0) {
      return false;
    }
    for (std::size_t i = 0; ready > 0 && i < streams.size(); ++i) {
      if (streams[i].revents != 0 && !read_some(streams[i].fd, *texts[i])) {
        streams[i].fd = -1;  // poll() skips negative descriptors.
      }
    }
  }
  return true;
}

/// Waits for the process, which has closed its output and so is about to end. Returns false at the
/// deadline.
bool wait_for_end(SpawnedProcess& process, Clock::time_point deadline) {
  if (process.ended()) {
    return true;
  }
  const Descriptor handle = process.handle();
  pollfd end{handle.get(), POLLIN, 0};
  while (!process.ended()) {
    const int left = milliseconds_left(deadline);
    if (left == 0) {
      return false;
    }
    // Without a handle poll() only sleeps.
    ::poll(&end, 1, handle.get() < 0 ? 1 : left);
  }
  return true;
}

}  // namespace

ProcessRunner::ProcessRunner(std::chrono::milliseconds limit) : limit_(limit) {}

CommandResult ProcessRunner::run(const std::vector<std::string>& argv, std::string_view input) {
  const auto deadline = Clock::now() + limit_;
  CommandResult result;
  const Descriptor in = input.empty() ? Descriptor() : memory_file(input);
  try {
    SpawnedProcess process(argv, in.get());
    if (read_all(process, result, deadline) && wait_for_end(process, deadline)) {
      result.exit_code = process.exit_code();
      return result;
    }
  } catch (const std::system_error& error) {
    return {.exit_code = 127, .out = {}, .err = error.what()};
  }
  result.exit_code = 124;
  result.err += "killed after " + std::to_string(limit_.count()) + " ms";
  return result;
}

}  // namespace charm::juju
