// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/processes.hpp"

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

namespace rehearsal::pebble {
namespace {

void raise(const FileHandle& event) {
  eventfd_write(event.get(), 1);
}

}  // namespace

Processes::Processes(StateLock& lock, Timers& timers)
    : lock_(lock),
      timers_(timers),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { pump(); }) {}

Processes::~Processes() {
  {
    const auto held = lock_.hold();
    stopping_ = true;
  }
  raise(wake_);
  thread_.join();
}

pid_t Processes::start(const Command& command, Duration output_delay, Events events) {
  Spawned spawned = spawn(command);
  records_[spawned.pid] =
      Record{std::move(spawned.output), std::nullopt, output_delay, std::move(events)};
  raise(wake_);
  return spawned.pid;
}

void Processes::pump() {
  auto held = lock_.hold();
  while (!stopping_) {
    std::vector<pollfd> files{{wake_.get(), POLLIN, 0}};
    std::vector<pid_t> pids;
    for (const auto& [pid, record] : records_) {
      if (record.output.is_open()) {
        files.push_back({record.output.get(), POLLIN, 0});
        pids.push_back(pid);
      }
    }
    held.unlock();
    poll(files.data(), files.size(), -1);
    held.lock();
    eventfd_t ignored = 0;
    eventfd_read(wake_.get(), &ignored);
    for (std::size_t i = 0; i < pids.size(); ++i) {
      if (files[i + 1].revents != 0) {
        read_output(pids[i]);
      }
    }
  }
}

void Processes::read_output(pid_t pid) {
  const auto record = records_.find(pid);
  if (record == records_.end() || !record->second.output.is_open()) {
    return;
  }
  std::array<char, 65536> buffer{};
  const ssize_t count = read(record->second.output.get(), buffer.data(), buffer.size());
  if (count > 0) {
    record->second.events.output({buffer.data(), static_cast<std::size_t>(count)});
    lock_.changed.notify_all();
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    close_output(pid);
  }
}

void Processes::close_output(pid_t pid) {
  records_.at(pid).output.reset();
  finish_if_over(pid);
}

void Processes::finish_if_over(pid_t pid) {
  const auto found = records_.find(pid);
  if (found == records_.end() || found->second.output.is_open() || !found->second.exit_code) {
    return;
  }
  const Record record = std::move(found->second);
  records_.erase(found);
  record.events.exited(*record.exit_code);
  lock_.changed.notify_all();
}

void Processes::took_end(pid_t pid, int wait_status) {
  const auto found = records_.find(pid);
  if (found == records_.end()) {
    return;
  }
  found->second.exit_code =
      WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
  if (!found->second.output.is_open()) {
    finish_if_over(pid);
    return;
  }
  timers_.after(found->second.output_delay, [this, pid] {
    const auto record = records_.find(pid);
    if (record != records_.end() && record->second.exit_code) {
      close_output(pid);
      raise(wake_);
    }
  });
}

void Processes::reap() {
  const auto held = lock_.hold();
  int status = 0;
  for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
    took_end(pid, status);
  }
}

}  // namespace rehearsal::pebble
