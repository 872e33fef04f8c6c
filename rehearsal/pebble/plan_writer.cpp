// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/plan_writer.hpp"

#include "rehearsal/pebble/yaml_scalar.hpp"

#include <algorithm>
#include <vector>

namespace rehearsal::pebble {
namespace {

constexpr std::size_t step = 4;

template <typename Value>
std::vector<std::pair<std::string, Value>> in_key_order(
    const std::map<std::string, Value>& entries) {
  std::vector<std::pair<std::string, Value>> sorted(entries.begin(), entries.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& left, const auto& right) {
    return yaml_key_less(left.first, right.first);
  });
  return sorted;
}

std::string number_text(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void open(std::string_view key) {
    line(std::string(key) + ":");
    depth_ += step;
  }

  void close() { depth_ -= step; }

  void field(std::string_view key, const std::string& value) {
    if (!value.empty()) {
      always(key, value);
    }
  }

  void always(std::string_view key, const std::string& value) {
    line(std::string(key) + ": " + yaml_scalar(value, depth_ + step));
  }

  void field(std::string_view key, const std::optional<long>& value) {
    if (value) {
      line(std::string(key) + ": " + std::to_string(*value));
    }
  }

  void field(std::string_view key, const std::optional<Duration>& value) {
    if (value) {
      line(std::string(key) + ": " + format_duration(*value));
    }
  }

  void field(std::string_view key, const std::optional<double>& value) {
    if (value) {
      line(std::string(key) + ": " + number_text(*value));
    }
  }

  void field(std::string_view key, const std::vector<std::string>& values) {
    if (values.empty()) {
      return;
    }
    open(key);
    for (const std::string& value : values) {
      line("- " + yaml_scalar(value, depth_ + 2));
    }
    close();
  }

  void field(std::string_view key, const TextMap& values) {
    if (values.empty()) {
      return;
    }
    open(key);
    for (const auto& [name, value] : in_key_order(values)) {
      always(yaml_key(name), value);
    }
    close();
  }

  void line(const std::string& text) { out_ += std::string(depth_, ' ') + text + "\n"; }

 private:
  std::string& out_;
  std::size_t depth_ = 0;
};

void write(Writer& writer, const Service& service) {
  writer.field("summary", service.summary);
  writer.field("description", service.description);
  writer.field("startup", service.startup);
  writer.field("override", service.override_mode);
  writer.field("command", service.command);
  writer.field("after", service.after);
  writer.field("before", service.before);
  writer.field("requires", service.required);
  writer.field("environment", service.environment);
  writer.field("user-id", service.user_id);
  writer.field("user", service.user);
  writer.field("group-id", service.group_id);
  writer.field("group", service.group);
  writer.field("working-dir", service.working_dir);
  writer.field("on-success", service.on_success);
  writer.field("on-failure", service.on_failure);
  writer.field("on-check-failure", service.on_check_failure);
  writer.field("backoff-delay", service.backoff_delay);
  writer.field("backoff-factor", service.backoff_factor);
  writer.field("backoff-limit", service.backoff_limit);
  writer.field("kill-delay", service.kill_delay);
}

void write(Writer& writer, const HttpCheck& http) {
  writer.field("url", http.url);
  writer.field("headers", http.headers);
}

void write(Writer& writer, const TcpCheck& tcp) {
  writer.field("port", tcp.port == 0 ? std::nullopt : std::optional(tcp.port));
  writer.field("host", tcp.host);
}

void write(Writer& writer, const ExecCheck& exec) {
  writer.field("command", exec.command);
  writer.field("service-context", exec.service_context);
  writer.field("environment", exec.environment);
  writer.field("user-id", exec.user_id);
  writer.field("user", exec.user);
  writer.field("group-id", exec.group_id);
  writer.field("group", exec.group);
  writer.field("working-dir", exec.working_dir);
}

template <typename Kind>
void write_kind(Writer& writer, std::string_view key, const std::optional<Kind>& kind) {
  if (kind) {
    writer.open(key);
    write(writer, *kind);
    writer.close();
  }
}

void write(Writer& writer, const Check& check) {
  writer.field("override", check.override_mode);
  writer.field("level", check.level);
  writer.field("startup", check.startup);
  writer.field("period", check.period);
  writer.field("timeout", check.timeout);
  writer.line("threshold: " + std::to_string(check.threshold));
  write_kind(writer, "http", check.http);
  write_kind(writer, "tcp", check.tcp);
  write_kind(writer, "exec", check.exec);
}

void write(Writer& writer, const LogTarget& target) {
  writer.always("type", target.type);
  writer.always("location", target.location);
  if (target.services.empty()) {
    writer.line("services: []");
  }
  writer.field("services", target.services);
  writer.field("override", target.override_mode);
  writer.field("labels", target.labels);
}

template <typename Entry>
void write_section(Writer& writer, std::string_view key,
                   const std::map<std::string, Entry>& section) {
  if (section.empty()) {
    return;
  }
  writer.open(key);
  for (const auto& [name, entry] : in_key_order(section)) {
    writer.open(yaml_key(name));
    write(writer, entry);
    writer.close();
  }
  writer.close();
}

}  // namespace

std::string write_plan(const Plan& plan) {
  std::string out;
  Writer writer(out);
  write_section(writer, "services", plan.services);
  write_section(writer, "checks", plan.checks);
  write_section(writer, "log-targets", plan.log_targets);
  return out.empty() ? "{}\n" : out;
}

}  // namespace rehearsal::pebble
