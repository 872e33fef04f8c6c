// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "spawned_process.hpp"

#include <array>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace charm::juju {
namespace {

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

/// A process group of its own, so that a kill reaches grandchildren, and SIGPIPE as usual even
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

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(value_, other.value_);
  return *this;
}

Descriptor::~Descriptor() {
  if (value_ >= 0) {
    ::close(value_);
  }
}

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

}  // namespace charm::juju
