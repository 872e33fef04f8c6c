// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/spawn.hpp"

#include "rehearsal/pebble/go_text.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rehearsal::pebble {
namespace {

bool is_executable(const std::string& path) {
  struct stat status {};

  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

std::string find_executable(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    return name;
  }
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string candidate = folder;
    candidate.append("/").append(name);
    if (is_executable(candidate)) {
      return candidate;
    }
  }
  throw SpawnError("exec: " + go_quoted(name) + ": executable file not found in $PATH");
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& more) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!more.contains(text.substr(0, text.find('=')))) {
      merged.push_back(text);
    }
  }
  for (const auto& [name, value] : more) {
    merged.emplace_back(name).append("=").append(value);
  }
  return merged;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

struct Pipe {
  FileHandle read_end;
  FileHandle write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw SpawnError("pipe2: " + errno_text(errno));
  }
  return {FileHandle(ends[0]), FileHandle(ends[1])};
}

/// Everything the child needs, made before the fork: between fork and exec only async-signal-safe
/// calls are allowed.
struct Child {
  const char* path;
  char* const* arguments;
  char* const* environment;
  const char* working_dir;
  const Account* account;
  bool own_process_group;
  int input;
  int output;
  int fault;
};

bool become(const Account& account) {
  return setgroups(0, nullptr) == 0 && setgid(account.group) == 0 && setuid(account.user) == 0;
}

bool prepare(const Child& child) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  return signal(SIGPIPE, SIG_DFL) != SIG_ERR && (!child.own_process_group || setpgid(0, 0) == 0) &&
         (child.account == nullptr || become(*child.account)) &&
         (child.working_dir == nullptr || chdir(child.working_dir) == 0) &&
         dup2(child.input, STDIN_FILENO) >= 0 && dup2(child.output, STDOUT_FILENO) >= 0 &&
         dup2(child.output, STDERR_FILENO) >= 0;
}

[[noreturn]] void run_child(const Child& child) {
  if (prepare(child)) {
    execve(child.path, child.arguments, child.environment);
  }
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(child.fault, &error, sizeof error);
  _exit(127);
}

/// What the child could not do, once it has run its program or given up.
int await_fault(const FileHandle& fault) {
  int error = 0;
  ssize_t count = 0;
  do {
    count = read(fault.get(), &error, sizeof error);
  } while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(sizeof error) ? error : 0;
}

bool is_own_account(const std::optional<Account>& account) {
  return !account || *account == Account{getuid(), getgid()};
}

}  // namespace

Spawned spawn(const Command& command) {
  const std::string path = find_executable(command.arguments.front());
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = merged_environment(command.environment);
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const FileHandle input(open("/dev/null", O_RDONLY | O_CLOEXEC));
  Pipe output = make_pipe();
  Pipe fault = make_pipe();
  const Child child{path.c_str(),
                    argument_pointers.data(),
                    environment_pointers.data(),
                    command.working_dir.empty() ? nullptr : command.working_dir.c_str(),
                    is_own_account(command.account) ? nullptr : &*command.account,
                    command.own_process_group,
                    input.get(),
                    output.write_end.get(),
                    fault.write_end.get()};
  const pid_t pid = fork();
  if (pid == 0) {
    run_child(child);
  }
  if (pid < 0) {
    throw SpawnError("fork/exec " + path + ": " + errno_text(errno));
  }
  fault.write_end.reset();
  if (const int error = await_fault(fault.read_end); error != 0) {
    waitpid(pid, nullptr, 0);
    throw SpawnError("fork/exec " + path + ": " + errno_text(error));
  }
  fcntl(output.read_end.get(), F_SETFL, O_NONBLOCK);
  return {pid, std::move(output.read_end)};
}

}  // namespace rehearsal::pebble
