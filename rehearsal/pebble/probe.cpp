// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/probe.hpp"

#include "rehearsal/pebble/command_line.hpp"
#include "rehearsal/pebble/http_client.hpp"
#include "rehearsal/pebble/log_ring.hpp"
#include "rehearsal/pebble/tcp_dial.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

constexpr Duration default_period = std::chrono::seconds(10);
constexpr Duration default_timeout = std::chrono::seconds(3);
constexpr std::size_t kept_bytes = 512;
constexpr std::size_t kept_lines = 5;
constexpr Duration output_delay = std::chrono::seconds(1);

std::string timed_out(const Check& check) {
  return "check timed out after " + format_duration(timeout_of(check));
}

std::string with_details(const std::string& message, const std::string& details) {
  return details.empty() ? message : message + "; " + details;
}

/// The first lines of what a server answered.
std::string first_lines(const std::string& body) {
  std::string text = body.substr(0, kept_bytes);
  text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  std::size_t end = 0;
  for (std::size_t line = 0; line < kept_lines; ++line) {
    end = text.find('\n', end == 0 ? 0 : end + 1);
    if (end == std::string::npos) {
      return text;
    }
  }
  return text.substr(0, end) + "\n(...)";
}

std::optional<std::string> probe_http(const Check& check) {
  const auto deadline = std::chrono::steady_clock::now() + timeout_of(check);
  try {
    const HttpReply reply = HttpClient(check.http->url, timeout_of(check)).get(check.http->headers);
    if (reply.status >= 200 && reply.status <= 299) {
      return std::nullopt;
    }
    return with_details("non-2xx status code " + std::to_string(reply.status),
                        first_lines(reply.body));
  } catch (const HttpClientError& error) {
    const bool late = error.timed_out && std::chrono::steady_clock::now() >= deadline;
    return late ? timed_out(check) : error.what();
  }
}

std::optional<std::string> probe_tcp(const Check& check) {
  try {
    dial_tcp(check.tcp->host.empty() ? "localhost" : check.tcp->host,
             std::to_string(check.tcp->port), timeout_of(check));
    return std::nullopt;
  } catch (const DialError& error) {
    return error.timed_out ? timed_out(check) : error.what();
  }
}

/// What is known of a running command; the events may outlive the probe.
struct Outcome {
  std::string output;
  std::optional<int> exit_code;
};

Command command_of(const ExecCheck& exec) {
  return {.arguments = split_command(exec.command),
          .environment = exec.environment,
          .working_dir = exec.working_dir,
          .account = find_account(exec.user_id, exec.group_id, exec.user, exec.group)};
}

Processes::Events events_of(const std::shared_ptr<Outcome>& outcome) {
  return {[outcome](std::string_view output) {
            outcome->output += output;
            if (outcome->output.size() > kept_bytes) {
              outcome->output.erase(0, outcome->output.size() - kept_bytes);
            }
          },
          [outcome](int code) { outcome->exit_code = code; }};
}

std::optional<std::string> probe_exec(const Check& check, StateLock& lock, Processes& processes) {
  const auto outcome = std::make_shared<Outcome>();
  auto held = lock.hold();
  try {
    const pid_t pid = processes.start(command_of(*check.exec), output_delay, events_of(outcome));
    const auto ended = [&] { return outcome->exit_code.has_value(); };
    if (!lock.changed.wait_for(held, timeout_of(check), ended)) {
      // Only the command itself; what it started may stay, as with Pebble.
      kill(pid, SIGKILL);
      lock.changed.wait_for(held, 2 * output_delay, ended);
      return timed_out(check);
    }
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  if (*outcome->exit_code == 0) {
    return std::nullopt;
  }
  return with_details("exit status " + std::to_string(*outcome->exit_code),
                      last_lines_of(outcome->output, kept_lines));
}

}  // namespace

Duration period_of(const Check& check) {
  return check.period.value_or(default_period);
}

Duration timeout_of(const Check& check) {
  return std::min(check.timeout.value_or(default_timeout), period_of(check));
}

std::optional<std::string> probe(const Check& check, StateLock& lock, Processes& processes) {
  if (check.http) {
    return probe_http(check);
  }
  return check.tcp ? probe_tcp(check) : probe_exec(check, lock, processes);
}

}  // namespace rehearsal::pebble
