// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/log_forwarding.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace rehearsal::pebble {
namespace {

using Json = nlohmann::json;

constexpr std::size_t batch_size = 100;

/// Whether a service's output goes to a target: the last matching entry of its list decides.
bool logs_to(const std::string& service, const Json& target) {
  const auto entries = target.value("services", std::vector<std::string>());
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (*entry == service || *entry == "all") {
      return true;
    }
    if (*entry == "-" + service || *entry == "-all") {
      return false;
    }
  }
  return false;
}

/// Go's crypto/x509 reads every file of this directory once. OpenSSL reads only those with a hash
/// as their name.
X509_STORE* trusted_certificates() {
  X509_STORE* store = X509_STORE_new();
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator("/etc/ssl/certs", missing)) {
    X509_STORE_load_file(store, entry.path().c_str());
  }
  ERR_clear_error();
  return store;
}

/// Each client holds a reference.
X509_STORE* shared_certificates() {
  static X509_STORE* const store = trusted_certificates();
  X509_STORE_up_ref(store);
  return store;
}

}  // namespace

LogForwarder::LogForwarder(Agent& agent, std::string location)
    : agent_(agent), location_(std::move(location)), thread_([this] { run(); }) {}

LogForwarder::~LogForwarder() {
  {
    const std::scoped_lock held(agent_.machine.lock);
    stopping_ = true;
    agent_.machine.wake();
  }
  thread_.join();
}

void LogForwarder::plan_changed(const Entries& services, const Entries& target) {
  next_sources_.emplace();
  for (const auto& [name, service] : services.items()) {
    if (logs_to(name, target)) {
      Source& source = (*next_sources_)[name];
      source.labels = target.value("labels", TextMap());
      source.labels["pebble_service"] = name;
    }
  }
  agent_.machine.wake();
}

bool LogForwarder::has_input() const {
  return std::any_of(sources_.begin(), sources_.end(), [this](const auto& source) {
    LogCursor cursor = source.second.cursor;
    const LogRing* log = agent_.services.log(source.first);
    return log != nullptr && log->next(cursor).has_value();
  });
}

void LogForwarder::run() {
  std::unique_lock held(agent_.machine.lock);
  const auto ready = [this] { return stopping_ || next_sources_ || has_input(); };
  while (!stopping_) {
    const auto limit = deadline_
                           ? std::optional(std::chrono::ceil<Duration>(*deadline_ - Clock::now()))
                           : std::nullopt;
    if (!agent_.machine.wait(limit, ready)) {
      flush(held);
      continue;
    }
    if (next_sources_) {
      // Lines that were read under the old labels are sent with them.
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
    const LogRing* log = agent_.services.log(name);
    while (log != nullptr && !next_sources_) {
      auto entry = log->next(source.cursor);
      if (!entry) {
        break;
      }
      if (pending_.size() == batch_size) {
        pending_.pop_front();
      }
      pending_.push_back(std::move(*entry));
      deadline_ = deadline_.value_or(Clock::now() + std::chrono::seconds(1));
      if (++added_ >= static_cast<int>(batch_size)) {
        flush(held);
      }
    }
  }
}

/// Returns one stream for each service, with times in nanoseconds.
std::string LogForwarder::body() const {
  std::map<std::string, Json> streams;
  for (const LogEntry& entry : pending_) {
    Json& stream = streams[entry.service];
    const auto source = sources_.find(entry.service);
    stream["stream"] = source == sources_.end() ? TextMap() : source->second.labels;
    stream["values"].push_back(
        {std::to_string(entry.time.time_since_epoch().count()), entry.message});
  }
  Json list = Json::array();
  for (auto& [service, stream] : streams) {
    list.push_back(std::move(stream));
  }
  return Json({{"streams", std::move(list)}}).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Releases the lock while it sends. Only this thread uses the pending lines.
void LogForwarder::flush(std::unique_lock<std::mutex>& held) {
  added_ = 0;
  deadline_.reset();
  if (pending_.empty()) {
    return;
  }
  const std::string text = body();
  held.unlock();
  const bool settled = push(text);
  held.lock();
  if (settled) {
    pending_.clear();
  }
}

bool LogForwarder::push(const std::string& body) {
  const std::size_t slash = location_.find('/', location_.find("://") + 3);
  httplib::Client client(location_.substr(0, slash));
  if (location_.starts_with("https:")) {
    client.set_ca_cert_store(shared_certificates());
  }
  client.set_connection_timeout(std::chrono::seconds(10));
  client.set_read_timeout(std::chrono::seconds(10));
  const httplib::Result result = client.Post(
      slash == std::string::npos ? "/" : location_.substr(slash),
      {{"User-Agent", "pebble/" + agent_.version}}, body, "application/json; charset=utf-8");
  if (!result || (result->status != 200 && result->status != 204)) {
    agent_.machine.note(
        "Cannot flush logs to " + location_ + ": " +
        (result ? "HTTP " + std::to_string(result->status) : httplib::to_string(result.error())));
  }
  // 4xx other than 429 means that Loki will never accept the lines.
  const int status = result ? result->status : 500;
  return status == 200 || status == 204 || (status >= 400 && status < 500 && status != 429);
}

LogForwarding::LogForwarding(Agent& agent) {
  agent.plans.on_change([this, &agent](const Entries& /*plan*/) {
    for (const auto& [name, target] : agent.plans.section("log-targets").items()) {
      auto& forwarder = forwarders_[name];
      if (forwarder == nullptr) {
        forwarder = std::make_unique<LogForwarder>(agent, target.at("location"));
      }
      forwarder->plan_changed(agent.plans.section("services"), target);
    }
  });
}

}  // namespace rehearsal::pebble
