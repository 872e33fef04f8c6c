// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/processes.hpp"

#include "rehearsal/pebble/refusal.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

namespace rehearsal::pebble {
namespace {

std::string errno_text(int error) {
  return std::generic_category().message(error);
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
    if (access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
  }
  bad_request("exec: " + in_quotes(name) + ": executable file not found in $PATH");
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

/// Returns the command's environment, with the home and the name of its user unless it sets them.
std::map<std::string, std::string> environment_of(const Command& command) {
  std::map<std::string, std::string> environment = command.environment;
  if (!command.user) {
    return environment;
  }
  constexpr std::size_t longest_entry = 16384;
  std::vector<char> buffer(longest_entry);
  passwd entry{};
  passwd* found = nullptr;
  getpwuid_r(*command.user, &entry, buffer.data(), buffer.size(), &found);
  if (found != nullptr && environment["HOME"].empty()) {
    environment["HOME"] = found->pw_dir;
  }
  if (found != nullptr && environment["USER"].empty()) {
    environment["USER"] = found->pw_name;
  }
  return environment;
}

struct Pipe {
  pods::Descriptor read_end;
  pods::Descriptor write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    bad_request("pipe2: " + errno_text(errno));
  }
  return {pods::Descriptor(ends[0]), pods::Descriptor(ends[1])};
}

/// All data that the child needs, made before the fork. Between fork and exec only
/// async-signal-safe calls are allowed.
struct Child {
  const char* path;
  char* const* arguments;
  char* const* environment;
  const Command& command;
  int input;
  int output;
  int fault;
};

bool become(const Command& command) {
  return setgroups(0, nullptr) == 0 && (!command.group || setgid(*command.group) == 0) &&
         setuid(*command.user) == 0;
}

bool prepare(const Child& child) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const Command& command = child.command;
  const bool own_user = !command.user || *command.user == getuid();
  return signal(SIGPIPE, SIG_DFL) != SIG_ERR && setpgid(0, 0) == 0 &&
         (own_user || become(command)) &&
         (command.working_dir.empty() || chdir(command.working_dir.c_str()) == 0) &&
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

/// Waits until the child has run its program or failed, and returns the error.
int await_fault(const pods::Descriptor& fault) {
  int error = 0;
  ssize_t count = 0;
  do {
    count = read(fault.number(), &error, sizeof error);
  } while (count < 0 && errno == EINTR);
  return count == static_cast<ssize_t>(sizeof error) ? error : 0;
}

struct Spawned {
  pid_t process = -1;
  /// Standard output and standard error of the process, in one non-blocking pipe.
  pods::Descriptor output;
};

/// Starts a process with /dev/null as its input. Throws Refusal.
Spawned spawn(const Command& command) {
  const std::string path = find_executable(command.arguments.front());
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = merged_environment(environment_of(command));
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  const pods::Descriptor input(open("/dev/null", O_RDONLY | O_CLOEXEC));
  Pipe output = make_pipe();
  Pipe fault = make_pipe();
  const Child child{path.c_str(),   argument_pointers.data(),  environment_pointers.data(), command,
                    input.number(), output.write_end.number(), fault.write_end.number()};
  const pid_t process = fork();
  if (process == 0) {
    run_child(child);
  }
  if (process < 0) {
    bad_request("fork/exec " + path + ": " + errno_text(errno));
  }
  fault.write_end.reset();
  if (const int error = await_fault(fault.read_end); error != 0) {
    waitpid(process, nullptr, 0);
    bad_request("fork/exec " + path + ": " + errno_text(error));
  }
  fcntl(output.read_end.number(), F_SETFL, O_NONBLOCK);
  return {process, std::move(output.read_end)};
}

void raise(const pods::Descriptor& event) {
  eventfd_write(event.number(), 1);
}

}  // namespace

Processes::Processes(Machine& machine)
    : machine_(machine),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { pump(); }) {}

void Processes::stop() {
  {
    const std::scoped_lock held(machine_.lock);
    stopping_ = true;
  }
  raise(wake_);
  thread_.join();
}

pid_t Processes::start(const Command& command, Duration output_delay,
                       Machine::ProcessEvents events) {
  Spawned spawned = spawn(command);
  records_[spawned.process] =
      Record{std::move(spawned.output), std::nullopt, output_delay, std::move(events)};
  raise(wake_);
  return spawned.process;
}

void Processes::pump() {
  std::unique_lock held(machine_.lock);
  while (!stopping_) {
    std::vector<pollfd> files{{wake_.number(), POLLIN, 0}};
    std::vector<pid_t> owners;
    for (const auto& [process, record] : records_) {
      if (record.output.valid()) {
        files.push_back({record.output.number(), POLLIN, 0});
        owners.push_back(process);
      }
    }
    held.unlock();
    poll(files.data(), files.size(), -1);
    held.lock();
    eventfd_t ignored = 0;
    eventfd_read(wake_.number(), &ignored);
    for (std::size_t i = 0; i < owners.size(); ++i) {
      if (files[i + 1].revents != 0) {
        read_output(owners[i]);
      }
    }
  }
}

void Processes::read_output(pid_t process) {
  const auto record = records_.find(process);
  if (record == records_.end() || !record->second.output.valid()) {
    return;
  }
  std::array<char, 65536> buffer{};
  const ssize_t count = read(record->second.output.number(), buffer.data(), buffer.size());
  if (count > 0) {
    record->second.events.output({buffer.data(), static_cast<std::size_t>(count)});
    machine_.wake();
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    close_output(process);
  }
}

void Processes::close_output(pid_t process) {
  records_.at(process).output.reset();
  finish_if_over(process);
}

void Processes::finish_if_over(pid_t process) {
  const auto found = records_.find(process);
  if (found == records_.end() || found->second.output.valid() || !found->second.exit_code) {
    return;
  }
  const Record record = std::move(found->second);
  records_.erase(found);
  record.events.exited(*record.exit_code);
  machine_.wake();
}

void Processes::took_end(pid_t process, int wait_status) {
  const auto found = records_.find(process);
  if (found == records_.end()) {
    return;
  }
  found->second.exit_code =
      WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
  if (!found->second.output.valid()) {
    finish_if_over(process);
    return;
  }
  machine_.after(Machine::Timer::other, found->second.output_delay, [this, process] {
    const auto record = records_.find(process);
    if (record != records_.end() && record->second.exit_code) {
      close_output(process);
      raise(wake_);
    }
  });
}

void Processes::reap() {
  const std::scoped_lock held(machine_.lock);
  int status = 0;
  for (pid_t process = waitpid(-1, &status, WNOHANG); process > 0;
       process = waitpid(-1, &status, WNOHANG)) {
    took_end(process, status);
  }
}

}  // namespace rehearsal::pebble
