// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/log_forwarding.hpp"

#include "rehearsal/pebble/agent_log.hpp"
#include "rehearsal/pebble/version.hpp"

#include <algorithm>
#include <utility>

namespace rehearsal::pebble {
namespace {

constexpr std::size_t batch_size = 100;
constexpr Duration batch_delay = std::chrono::seconds(1);
constexpr Duration push_timeout = std::chrono::seconds(10);

}  // namespace

LogForwarder::LogForwarder(StateLock& lock, const LogTarget& target, FindLog find_log)
    : lock_(lock),
      name_(target.name),
      location_(target.location),
      find_log_(std::move(find_log)),
      thread_([this] { run(); }) {}

LogForwarder::~LogForwarder() {
  {
    const auto held = lock_.hold();
    stop();
  }
  thread_.join();
}

void LogForwarder::stop() {
  stopping_ = true;
  lock_.changed.notify_all();
}

void LogForwarder::plan_changed(const Plan& plan, const LogTarget& target, bool from_start) {
  const auto& known = next_sources_ ? *next_sources_ : sources_;
  std::map<std::string, Source> sources;
  for (const auto& [name, service] : plan.services) {
    if (!logs_to(name, target)) {
      continue;
    }
    Source& source = sources[name];
    source.labels = loki_labels(target.labels, service);
    if (const auto old = known.find(name); old != known.end() && !from_start) {
      source.cursor = old->second.cursor;
    }
  }
  next_sources_ = std::move(sources);
  lock_.changed.notify_all();
}

bool LogForwarder::has_input() const {
  return std::any_of(sources_.begin(), sources_.end(), [this](const auto& source) {
    LogCursor cursor = source.second.cursor;
    const LogRing* log = find_log_(source.first);
    return log != nullptr && log->next(cursor).has_value();
  });
}

void LogForwarder::run() {
  auto held = lock_.hold();
  const auto ready = [this] { return stopping_ || next_sources_ || has_input(); };
  while (!stopping_) {
    if (deadline_ && !lock_.changed.wait_until(held, *deadline_, ready)) {
      flush(held);
      continue;
    }
    lock_.changed.wait(held, ready);
    if (next_sources_) {
      // What was read under the old labels goes out under them.
      flush(held);
      sources_ = *std::exchange(next_sources_, std::nullopt);
    }
    take_input(held);
  }
  take_input(held);
  flush(held);
}

void LogForwarder::take_input(std::unique_lock<std::mutex>& held) {
  for (auto& [name, source] : sources_) {
    const LogRing* log = find_log_(name);
    while (log != nullptr && !next_sources_) {
      auto entry = log->next(source.cursor);
      if (!entry) {
        break;
      }
      add(std::move(*entry));
      if (added_ >= static_cast<int>(batch_size)) {
        flush(held);
      }
    }
  }
}

void LogForwarder::add(LogEntry entry) {
  if (pending_.size() == batch_size) {
    pending_.pop_front();
  }
  pending_.push_back(std::move(entry));
  ++added_;
  deadline_ = deadline_.value_or(Clock::now() + batch_delay);
}

/// Gives the lock away while it sends; only this thread touches what is pending.
void LogForwarder::flush(std::unique_lock<std::mutex>& held) {
  added_ = 0;
  deadline_.reset();
  if (pending_.empty()) {
    return;
  }
  std::map<std::string, TextMap> labels;
  for (const auto& [name, source] : sources_) {
    labels[name] = source.labels;
  }
  const std::string body = loki_body(pending_, labels);
  held.unlock();
  const PushResult result = push(body);
  held.lock();
  if (result != PushResult::failed) {
    pending_.clear();
  }
}

PushResult LogForwarder::push(const std::string& body) {
  try {
    if (client_ == nullptr) {
      client_ = std::make_unique<HttpClient>(location_, push_timeout);
    }
    const HttpReply reply = client_->post({{"User-Agent", std::string("pebble/") + version}}, body,
                                          "application/json; charset=utf-8");
    const PushResult result = push_result(reply.status);
    if (result != PushResult::taken) {
      note("Cannot flush logs to target " + go_quoted(name_) + ": server returned HTTP " +
           std::to_string(reply.status));
    }
    return result;
  } catch (const HttpClientError& error) {
    note("Cannot flush logs to target " + go_quoted(name_) + ": " + error.what());
    return PushResult::failed;
  }
}

void LogForwarding::plan_changed(const Plan& plan) {
  for (const auto& [name, target] : plan.log_targets) {
    auto& forwarder = forwarders_[name];
    if (forwarder == nullptr) {
      forwarder = std::make_unique<LogForwarder>(lock_, target, find_log_);
    }
    forwarder->plan_changed(plan, target, resend_);
  }
}

void LogForwarding::shut_down() {
  {
    const auto held = lock_.hold();
    for (const auto& [name, forwarder] : forwarders_) {
      forwarder->stop();
    }
  }
  forwarders_.clear();
}

}  // namespace rehearsal::pebble
