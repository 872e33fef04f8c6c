// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/local_machine.hpp"

#include <httplib.h>

#include <csignal>

#include <netinet/in.h>
#include <sys/socket.h>

namespace rehearsal::pebble {
namespace {

/// Writes each line with one call, so that lines of several threads do not mix. A failure cannot be
/// reported.
void write_line(int file, const std::string& line) {
  [[maybe_unused]] const ssize_t written = write(file, line.data(), line.size());
}

/// Splits http://ADDRESS/TARGET at the first slash after the address.
std::pair<std::string, std::string> split_url(const std::string& url) {
  const std::size_t slash = url.find('/', url.find("://") + 3);
  return slash == std::string::npos ? std::pair(url, std::string("/"))
                                    : std::pair(url.substr(0, slash), url.substr(slash));
}

template <typename Address>
bool connects(const Address& address, int family) {
  const pods::Descriptor socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// Probes a port of this machine, which answers immediately or never.
std::optional<std::string> probe_port(long port) {
  const sockaddr_in address{.sin_family = AF_INET,
                            .sin_port = htons(static_cast<std::uint16_t>(port)),
                            .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  const sockaddr_in6 address6{.sin6_family = AF_INET6,
                              .sin6_port = htons(static_cast<std::uint16_t>(port)),
                              .sin6_addr = in6addr_loopback};
  return connects(address, AF_INET) || connects(address6, AF_INET6)
             ? std::nullopt
             : std::optional("cannot connect to port " + std::to_string(port));
}

/// Probes once, and returns the fault.
std::optional<std::string> probe(const Watch& watch) {
  if (watch.url.empty()) {
    return probe_port(watch.tcp_port);
  }
  const auto [address, target] = split_url(watch.url);
  httplib::Client client(address);
  client.set_connection_timeout(watch.timeout);
  client.set_read_timeout(watch.timeout);
  client.set_url_encode(false);
  const httplib::Result result = client.Get(target);
  if (!result) {
    return "Get " + watch.url + ": " + httplib::to_string(result.error());
  }
  return result->status >= 200 && result->status <= 299
             ? std::nullopt
             : std::optional("non-2xx status code " + std::to_string(result->status));
}

}  // namespace

LocalMachine::LocalMachine(bool verbose)
    : verbose_(verbose), processes_(*this), timer_thread_([this] { run_timers(); }) {}

LocalMachine::~LocalMachine() {
  {
    std::unique_lock held(lock);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait(held, [this] { return watches_ == 0; });
  }
  timer_thread_.join();
  processes_.stop();
}

pid_t LocalMachine::start(const Command& command, Duration output_delay, ProcessEvents events) {
  return processes_.start(command, output_delay, std::move(events));
}

void LocalMachine::send_signal(pid_t process, int signal) {
  kill(process, signal);
}

void LocalMachine::send_signal_to_group(pid_t process, int signal) {
  kill(-process, signal);
}

void LocalMachine::after(Timer /*why*/, Duration delay, std::function<void()> action) {
  timers_.emplace(Clock::now() + delay, std::move(action));
  changed_.notify_all();
}

void LocalMachine::run_timers() {
  std::unique_lock held(lock);
  while (!stopping_) {
    if (timers_.empty()) {
      changed_.wait(held);
    } else if (timers_.begin()->first > Clock::now()) {
      const Clock::time_point until = timers_.begin()->first;
      changed_.wait_until(held, until);
    } else {
      const auto action = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      action();
    }
  }
}

void LocalMachine::watch(const std::shared_ptr<Watch>& watch) {
  ++watches_;
  std::thread([this, watch] { run_watch(watch); }).detach();
}

void LocalMachine::run_watch(const std::shared_ptr<Watch>& watch) {
  std::unique_lock held(lock);
  const auto over = [&] { return watch->stopping || stopping_; };
  auto next = Clock::now() + watch->period;
  while (!changed_.wait_until(held, next, over)) {
    held.unlock();
    const auto error = probe(*watch);
    held.lock();
    if (!over()) {
      watch->record(error);
    }
    next = std::max(next + watch->period, Clock::now());
  }
  --watches_;
  changed_.notify_all();
}

bool LocalMachine::wait(std::optional<Duration> limit, const std::function<bool()>& condition) {
  // The caller holds the lock, which the wait releases.
  constexpr Duration longest = std::chrono::hours(1);
  return changed_.wait_for(lock, limit.value_or(longest), condition);
}

void LocalMachine::wake() {
  changed_.notify_all();
}

void LocalMachine::note(const std::string& message) {
  write_line(STDERR_FILENO, format_time_milliseconds(now()) + " [pebble] " + message + "\n");
}

void LocalMachine::print(const LogEntry& entry) {
  if (verbose_) {
    write_line(STDOUT_FILENO, format_time_milliseconds(entry.time) + " [" + entry.service + "] " +
                                  entry.message + "\n");
  }
}

}  // namespace rehearsal::pebble
