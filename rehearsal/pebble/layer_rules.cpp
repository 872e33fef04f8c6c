// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/layer_rules.hpp"

#include "rehearsal/pebble/account.hpp"
#include "rehearsal/pebble/command_line.hpp"
#include "rehearsal/pebble/layer_reader.hpp"
#include "rehearsal/pebble/start_order.hpp"

#include <stdexcept>

namespace rehearsal::pebble {
namespace {

bool is_action(const std::string& action, const char* also) {
  return action.empty() || action == "restart" || action == "shutdown" || action == "ignore" ||
         action == also;
}

void require_action(const std::string& service, const std::string& when, const std::string& action,
                    const char* also) {
  if (!is_action(action, also)) {
    throw LayerError("plan service " + go_quoted(service) + " " + when + " action " +
                     go_quoted(action) + " invalid");
  }
}

std::string shortest(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

void validate_service_name(const std::string& name) {
  if (name.empty()) {
    throw LayerError("cannot use empty string as service name");
  }
  if (name == "pebble") {
    throw LayerError("cannot use reserved service name " + go_quoted(name));
  }
  if (name.starts_with("-")) {
    throw LayerError("cannot use service name " + go_quoted(name) +
                     ": starting with \"-\" not allowed");
  }
}

void validate_service(const std::string& name, const std::optional<Service>& service) {
  validate_service_name(name);
  if (!service) {
    throw LayerError("service object cannot be null for service " + go_quoted(name));
  }
  try {
    service_arguments(name, service->command);
  } catch (const std::invalid_argument& fault) {
    throw LayerError("plan service " + go_quoted(name) + " command invalid: " + fault.what());
  }
  require_action(name, "on-success", service->on_success, "failure-shutdown");
  require_action(name, "on-failure", service->on_failure, "success-shutdown");
  for (const auto& [check, action] : service->on_check_failure) {
    require_action(name, "on-check-failure", action, "success-shutdown");
  }
  if (service->backoff_factor && *service->backoff_factor < 1) {
    throw LayerError("plan service " + go_quoted(name) +
                     " backoff-factor must be 1.0 or greater, not " +
                     shortest(*service->backoff_factor));
  }
}

void validate_exec_check(const std::string& name, const ExecCheck& exec) {
  try {
    split_command(exec.command);
  } catch (const std::invalid_argument& fault) {
    throw LayerError("plan check " + go_quoted(name) + " command invalid: " + fault.what());
  }
  try {
    find_account(exec.user_id, exec.group_id, exec.user, exec.group);
  } catch (const std::invalid_argument& fault) {
    throw LayerError("plan check " + go_quoted(name) + " has invalid user/group: " + fault.what());
  }
}

void require_not_zero(const std::string& name, const char* what,
                      const std::optional<Duration>& duration) {
  if (duration && duration->count() == 0) {
    throw LayerError("plan check " + go_quoted(name) + " " + what + " must not be zero");
  }
}

void validate_check(const std::string& name, const std::optional<Check>& check) {
  if (name.empty()) {
    throw LayerError("cannot use empty string as check name");
  }
  if (!check) {
    throw LayerError("check object cannot be null for check " + go_quoted(name));
  }
  if (!check->level.empty() && check->level != "alive" && check->level != "ready") {
    throw LayerError("plan check " + go_quoted(name) + " level must be \"alive\" or \"ready\"");
  }
  if (!check->startup.empty() && check->startup != "enabled" && check->startup != "disabled") {
    throw LayerError("plan check " + go_quoted(name) +
                     " startup must be \"enabled\" or \"disabled\"");
  }
  require_not_zero(name, "period", check->period);
  require_not_zero(name, "timeout", check->timeout);
  if (check->exec) {
    validate_exec_check(name, *check->exec);
  }
}

constexpr const char* target_types = R"("loki", "opentelemetry" or "syslog")";

void validate_target_type(const std::string& name, const std::string& type) {
  if (type == "opentelemetry" || type == "syslog") {
    throw LayerError("not supported by the rehearsal's agent: log target " + go_quoted(name) +
                     " of type " + go_quoted(type));
  }
  if (!type.empty() && type != "loki") {
    throw LayerError("log target " + go_quoted(name) + " has unsupported type " + go_quoted(type) +
                     ", must be " + target_types);
  }
}

void validate_target(const std::string& name, const std::optional<LogTarget>& target) {
  if (!target) {
    throw LayerError("log target object cannot be null for log target " + go_quoted(name));
  }
  for (const auto& [label, value] : target->labels) {
    if (label.starts_with("pebble_")) {
      throw LayerError("log target " + go_quoted(name) + ": label " + go_quoted(label) +
                       " uses reserved prefix \"pebble_\"");
    }
  }
  validate_target_type(name, target->type);
}

void require(bool given, const char* what, const char* kind, const std::string& name) {
  if (!given) {
    throw LayerError("plan must set \"" + std::string(what) + "\" for " + kind + " check " +
                     go_quoted(name));
  }
}

void validate_planned_check(const Plan& plan, const std::string& name, const Check& check) {
  int types = 0;
  if (check.http) {
    require(!check.http->url.empty(), "url", "http", name);
    ++types;
  }
  if (check.tcp) {
    require(check.tcp->port != 0, "port", "tcp", name);
    ++types;
  }
  if (check.exec) {
    require(!check.exec->command.empty(), "command", "exec", name);
    const std::string& context = check.exec->service_context;
    if (!context.empty() && !plan.services.contains(context)) {
      throw LayerError("plan check " + go_quoted(name) +
                       " service context specifies non-existent service " + go_quoted(context));
    }
    ++types;
  }
  if (types != 1) {
    throw LayerError("plan must specify one of \"http\", \"tcp\", or \"exec\" for check " +
                     go_quoted(name));
  }
}

void validate_planned_target(const Plan& plan, const std::string& name, const LogTarget& target) {
  if (target.type.empty()) {
    throw LayerError("plan must define \"type\" (" + std::string(target_types) +
                     ") for log target " + go_quoted(name));
  }
  for (const std::string& entry : target.services) {
    const std::string service = entry.starts_with("-") ? entry.substr(1) : entry;
    if (service != "all" && !plan.services.contains(service)) {
      throw LayerError("log target " + go_quoted(name) + " specifies unknown service " +
                       go_quoted(service));
    }
  }
  if (target.location.empty()) {
    throw LayerError("plan must define \"location\" for log target " + go_quoted(name));
  }
}

}  // namespace

void validate_layer(const Layer& layer) {
  if (layer.label.starts_with("pebble-")) {
    throw LayerError("cannot use reserved label prefix \"pebble-\"");
  }
  for (const auto& [name, service] : layer.services) {
    validate_service(name, service);
  }
  for (const auto& [name, check] : layer.checks) {
    validate_check(name, check);
  }
  for (const auto& [name, target] : layer.log_targets) {
    validate_target(name, target);
  }
}

void validate_plan(const Plan& plan) {
  for (const auto& [name, service] : plan.services) {
    if (service.command.empty()) {
      throw LayerError("plan must define \"command\" for service " + go_quoted(name));
    }
  }
  for (const auto& [name, check] : plan.checks) {
    validate_planned_check(plan, name, check);
  }
  for (const auto& [name, target] : plan.log_targets) {
    validate_planned_target(plan, name, target);
  }
  std::vector<std::string> names;
  for (const auto& [name, service] : plan.services) {
    names.push_back(name);
  }
  start_lanes(plan, names);
}

}  // namespace rehearsal::pebble
