// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_pebble.hpp"

#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/refusal.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <deque>
#include <functional>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace test {

using charm::pebble::ConnectionError;
using charm::pebble::Request;
using charm::pebble::Response;
using Json = nlohmann::json;

namespace core = rehearsal::pebble;

namespace {

std::string query_value(const std::string& target, const std::string& name) {
  std::istringstream pairs(target.substr(std::min(target.find('?') + 1, target.size())));
  for (std::string pair; std::getline(pairs, pair, '&');) {
    if (pair.starts_with(name + "=")) {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

/// Pebble 1.3 does not know log targets yet.
std::optional<core::ApiAnswer> refused_by_age(const Request& request, const std::string& version) {
  if (!version.starts_with("v1.3.") || request.target != "/v1/layers" ||
      request.body.find("log-targets") == std::string::npos) {
    return std::nullopt;
  }
  const Json body = {
      {"type", "error"},
      {"result", {{"message", "cannot parse layer: field log-targets not found in plan.Layer"}}}};
  return core::ApiAnswer{.status = 400, .body = body.dump()};
}

/// Pebble waits without a limit for a timeout of 0.
bool waits_forever(const std::string& target) {
  return query_value(target, "timeout").find_first_of("123456789") == std::string::npos;
}

/// Gives the answer the form of a change that does not end.
void make_unready(core::ApiAnswer& answer, bool waits) {
  Json body = Json::parse(answer.body);
  if (waits && answer.status == 200) {
    answer.status = 504;
    body["type"] = "error";
    body["result"] = {{"message", "timed out waiting for change"}};
  } else if (answer.status == 200) {
    body["result"]["ready"] = false;
  }
  answer.body = body.dump();
}

}  // namespace

/// The files of the test, as Pebble's API shows them.
class FakePebble::Files final : public core::FileSystem {
 public:
  explicit Files(FakePebble& pebble) : pebble_(pebble) {}

  std::vector<core::FileInfo> list(const std::string& path, bool itself) override {
    if (const auto file = pebble_.files.find(path); file != pebble_.files.end()) {
      return {info_of(file->second)};
    }
    std::vector<core::FileInfo> infos;
    bool exists = pebble_.directories.contains(path);
    for (const std::string& link : pebble_.links) {
      if (link.substr(0, link.rfind('/')) == path) {
        exists = true;
        infos.push_back({.path = link, .type = "symlink"});
      }
    }
    for (const auto& [name, file] : pebble_.files) {
      const bool below = name.starts_with(path + "/");
      exists = exists || below;
      if (below && !itself && name.find('/', path.size() + 1) == std::string::npos) {
        infos.push_back(info_of(file));
      }
    }
    if (!exists) {
      not_found(path);
    }
    return infos;
  }

  std::string read(const std::string& path) override {
    if (pebble_.unreadable.contains(path)) {
      throw core::FileError("generic-file-error", "can only read a regular file: \"" + path + "\"");
    }
    const auto file = pebble_.files.find(path);
    if (file == pebble_.files.end()) {
      not_found(path);
    }
    return file->second.content;
  }

  void write(const std::string& path, std::string_view content,
             const core::FileAttributes& attributes) override {
    require_writable(path);
    pebble_.files[path] = {.path = path,
                           .content = std::string(content),
                           .mode = attributes.mode,
                           .user_id = static_cast<int>(attributes.user.value_or(0)),
                           .group_id = static_cast<int>(attributes.group.value_or(0))};
  }

  void make_directory(const std::string& path, const core::FileAttributes& attributes,
                      bool /*parents*/) override {
    require_writable(path);
    pebble_.directories.try_emplace(
        path, charm::Directory{.path = path,
                               .mode = attributes.mode,
                               .user_id = static_cast<int>(attributes.user.value_or(0)),
                               .group_id = static_cast<int>(attributes.group.value_or(0))});
  }

  void remove(const std::string& path, bool recursive) override {
    require_writable(path);
    const auto inside = [&](const auto& item) {
      return item.first == path || (recursive && item.first.starts_with(path + "/"));
    };
    const auto gone =
        std::erase_if(pebble_.files, inside) + std::erase_if(pebble_.directories, inside);
    if (gone == 0 && !recursive) {
      not_found(path);
    }
  }

 private:
  static core::FileInfo info_of(const charm::File& file) {
    return {.path = file.path,
            .type = "file",
            .size = file.content.size(),
            .mode = file.mode,
            .last_modified = "2026-11-27T08:00:00Z"};
  }

  [[noreturn]] static void not_found(const std::string& path) {
    throw core::FileError("not-found", "stat " + path + ": no such file or directory");
  }

  void require_writable(const std::string& path) const {
    if (pebble_.unwritable.contains(path)) {
      throw core::FileError("permission-denied", "open " + path + ": permission denied");
    }
  }

  FakePebble& pebble_;
};

/// One life of the container: an agent, and processes that are only numbers.
class FakePebble::Container final : public core::Machine {
 public:
  explicit Container(FakePebble& pebble) : agent(*this, *pebble.file_system_), pebble_(pebble) {
    agent.boot_id = "b";
  }

  pid_t start(const core::Command& command, core::Duration /*output_delay*/,
              ProcessEvents events) override {
    if (pebble_.not_in_image.contains(command.service)) {
      core::bad_request("fork/exec: no such file");
    }
    const pid_t process = ++last_process_;
    ++starts[command.service];
    processes_[process] = std::move(events);
    if (const auto quick = pebble_.exits_quickly.find(command.service);
        quick != pebble_.exits_quickly.end()) {
      soon_.emplace_back([this, process, lines = quick->second] {
        const auto found = processes_.find(process);
        for (const std::string& line : lines) {
          if (found != processes_.end()) {
            found->second.output(line + "\n");
          }
        }
        end(process, 1);
      });
    }
    return process;
  }

  void send_signal(pid_t /*process*/, int /*signal*/) override {}

  void send_signal_to_group(pid_t process, int signal) override {
    soon_.emplace_back([this, process, signal] { end(process, 128 + signal); });
  }

  void after(Timer why, core::Duration /*delay*/, std::function<void()> action) override {
    if (why == Timer::okay_delay) {
      soon_.push_back(std::move(action));
    }
  }

  void watch(const std::shared_ptr<core::Watch>& /*watch*/) override {}

  bool wait(std::optional<core::Duration> /*limit*/,
            const std::function<bool()>& condition) override {
    return condition();
  }

  void wake() override {}

  void note(const std::string& /*message*/) override {}

  void print(const core::LogEntry& /*entry*/) override {}

  /// Completes everything that takes only a moment.
  void settle() {
    while (!soon_.empty()) {
      const auto action = std::move(soon_.front());
      soon_.pop_front();
      action();
    }
  }

  void end(pid_t process, int exit_code) {
    const auto found = processes_.find(process);
    if (found != processes_.end()) {
      const ProcessEvents events = std::move(found->second);
      processes_.erase(found);
      events.exited(exit_code);
    }
  }

  core::Agent agent;
  std::map<std::string, int> starts;

 private:
  FakePebble& pebble_;
  pid_t last_process_ = 0;
  std::map<pid_t, ProcessEvents> processes_;
  std::deque<std::function<void()>> soon_;
};

FakePebble::FakePebble()
    : file_system_(std::make_unique<Files>(*this)),
      container_(std::make_unique<Container>(*this)) {}

FakePebble::~FakePebble() = default;

Response FakePebble::send(const Request& request, std::chrono::milliseconds /*timeout*/) {
  if (down) {
    throw ConnectionError(request.method + " " + request.target + ": connection refused");
  }
  if (request.method == "POST") {
    record_post(request);
  }
  if (request.target.starts_with("/v1/logs")) {
    return {
        .status = 200, .body = log_lines(request.target), .content_type = "application/x-ndjson"};
  }
  return answer(request);
}

Response FakePebble::answer(const Request& request) {
  container_->agent.version = version;
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (failing.contains(path)) {
    const Json body = {{"type", "error"}, {"result", {{"message", "internal error"}}}};
    return {.status = 500, .body = body.dump(), .content_type = "application/json"};
  }
  const bool waits_for_change = path.starts_with("/v1/changes/") && path.ends_with("/wait");
  if (waits_for_change) {
    waits.push_back(request.target);
  }
  if (stuck && waits_for_change && waits_forever(request.target)) {
    throw ConnectionError(request.method + " " + request.target + ": the answer took too long");
  }
  const auto refusal = refused_by_age(request, version);
  core::ApiAnswer answer =
      refusal ? *refusal
              : core::answer(container_->agent, {.method = request.method,
                                                 .target = request.target,
                                                 .content_type = request.content_type,
                                                 .accept = request.accept,
                                                 .body = request.body});
  container_->settle();
  if (stuck && path.starts_with("/v1/changes/")) {
    make_unready(answer, waits_for_change);
  } else if (path == "/v1/signals" && answer.status == 200) {
    record_signal(request);
  } else if (path == "/v1/checks") {
    answer = core::sync_answer(checks());
  } else if (path == "/v1/health") {
    const bool healthy = core::Checks::healthy(checks(), query_value(request.target, "level"));
    answer = core::sync_answer({{"healthy", healthy}}, healthy ? 200 : 502);
  }
  return {.status = answer.status, .body = answer.body, .content_type = answer.content_type};
}

/// The checks, with the results that the test chose.
Json FakePebble::checks() const {
  Json checks = container_->agent.checks.list();
  for (Json& check : checks) {
    const auto known = check_status.find(check.at("name"));
    if (known != check_status.end()) {
      check["status"] = known->second;
    }
  }
  return checks;
}

void FakePebble::record_signal(const Request& request) {
  const Json body = Json::parse(request.body);
  for (const std::string service : body.at("services")) {
    signals.push_back(body.at("signal").get<std::string>() + " " + service);
  }
}

void FakePebble::record_post(const Request& request) {
  const bool writes = request.content_type.starts_with("multipart/form-data");
  const Json body = Json::parse(request.body, nullptr, false);
  const std::string action = body.is_object() ? body.value("action", "") : "";
  posts.push_back(request.target + " " + (writes ? "write" : action));
}

void FakePebble::restart_container() {
  container_ = std::make_unique<Container>(*this);
  const auto is_lost = [](const auto& entry) { return !entry.first.starts_with(storage); };
  std::erase_if(files, is_lost);
  std::erase_if(directories, is_lost);
  logs.clear();
}

Json FakePebble::plan() const {
  return container_->agent.plans.plan();
}

std::string FakePebble::current(const std::string& service) const {
  const core::Service* found = container_->agent.services.find(service);
  return found == nullptr ? "inactive" : found->current();
}

int FakePebble::starts(const std::string& service) const {
  const auto found = container_->starts.find(service);
  return found == container_->starts.end() ? 0 : found->second;
}

void FakePebble::end(const std::string& service, int exit_code) {
  const core::Service* found = container_->agent.services.find(service);
  if (found == nullptr) {
    throw std::out_of_range("service " + service + " was never started");
  }
  container_->end(found->process(), exit_code);
}

std::string FakePebble::log_lines(const std::string& target) const {
  const std::string names = query_value(target, "services");
  const std::string wanted = "," + names + ",";
  std::vector<std::string> lines;
  for (const auto& [time, service, message] : logs) {
    if (names.empty() || wanted.find("," + service + ",") != std::string::npos) {
      lines.push_back(Json({{"time", time}, {"service", service}, {"message", message}}).dump() +
                      "\n");
    }
  }
  const auto most = static_cast<std::size_t>(std::stoul(query_value(target, "n")));
  std::string text;
  for (std::size_t i = lines.size() - std::min(most, lines.size()); i < lines.size(); ++i) {
    text += lines[i];
  }
  return text;
}

}  // namespace test
