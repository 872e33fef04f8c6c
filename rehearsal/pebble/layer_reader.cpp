// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/layer_reader.hpp"

#include "rehearsal/pebble/layer_rules.hpp"
#include "rehearsal/pebble/yaml_fields.hpp"

#include <yaml-cpp/yaml.h>

namespace rehearsal::pebble {
namespace {

void read_service(YamlFields& fields, const YAML::Node& node, Service& service) {
  fields.read(node, "plan.Service",
              {{"summary", fields.into(service.summary)},
               {"description", fields.into(service.description)},
               {"startup", fields.into(service.startup)},
               {"override", fields.into(service.override_mode)},
               {"command", fields.into(service.command)},
               {"after", fields.into(service.after)},
               {"before", fields.into(service.before)},
               {"requires", fields.into(service.required)},
               {"workload",
                [](const YAML::Node&) {
                  throw LayerError("not supported by the rehearsal's agent: workload");
                }},
               {"environment", fields.into(service.environment)},
               {"user-id", fields.into(service.user_id)},
               {"user", fields.into(service.user)},
               {"group-id", fields.into(service.group_id)},
               {"group", fields.into(service.group)},
               {"working-dir", fields.into(service.working_dir)},
               {"on-success", fields.into(service.on_success)},
               {"on-failure", fields.into(service.on_failure)},
               {"on-check-failure", fields.into(service.on_check_failure)},
               {"backoff-delay", fields.into(service.backoff_delay)},
               {"backoff-factor", fields.into(service.backoff_factor)},
               {"backoff-limit", fields.into(service.backoff_limit)},
               {"kill-delay", fields.into(service.kill_delay)}});
}

void read_http(YamlFields& fields, const YAML::Node& node, Check& check) {
  if (!node.IsNull()) {
    check.http.emplace();
    fields.read(
        node, "plan.HTTPCheck",
        {{"url", fields.into(check.http->url)}, {"headers", fields.into(check.http->headers)}});
  }
}

void read_tcp(YamlFields& fields, const YAML::Node& node, Check& check) {
  if (!node.IsNull()) {
    check.tcp.emplace();
    fields.read(node, "plan.TCPCheck",
                {{"port", fields.into(check.tcp->port)}, {"host", fields.into(check.tcp->host)}});
  }
}

void read_exec(YamlFields& fields, const YAML::Node& node, Check& check) {
  if (node.IsNull()) {
    return;
  }
  ExecCheck& exec = check.exec.emplace();
  fields.read(node, "plan.ExecCheck",
              {{"command", fields.into(exec.command)},
               {"service-context", fields.into(exec.service_context)},
               {"environment", fields.into(exec.environment)},
               {"user-id", fields.into(exec.user_id)},
               {"user", fields.into(exec.user)},
               {"group-id", fields.into(exec.group_id)},
               {"group", fields.into(exec.group)},
               {"working-dir", fields.into(exec.working_dir)}});
}

void read_check(YamlFields& fields, const YAML::Node& node, Check& check) {
  fields.read(node, "plan.Check",
              {{"override", fields.into(check.override_mode)},
               {"level", fields.into(check.level)},
               {"startup", fields.into(check.startup)},
               {"period", fields.into(check.period)},
               {"timeout", fields.into(check.timeout)},
               {"threshold", fields.into(check.threshold)},
               {"http", [&](const YAML::Node& value) { read_http(fields, value, check); }},
               {"tcp", [&](const YAML::Node& value) { read_tcp(fields, value, check); }},
               {"exec", [&](const YAML::Node& value) { read_exec(fields, value, check); }}});
}

void read_log_target(YamlFields& fields, const YAML::Node& node, LogTarget& target) {
  fields.read(node, "plan.LogTarget",
              {{"type", fields.into(target.type)},
               {"location", fields.into(target.location)},
               {"services", fields.into(target.services)},
               {"override", fields.into(target.override_mode)},
               {"labels", fields.into(target.labels)}});
}

template <typename Entry>
Section<Entry> read_section(const YAML::Node& section, const std::string& type,
                            void (*read)(YamlFields&, const YAML::Node&, Entry&)) {
  Section<Entry> result;
  YamlFields fields(section);
  fields.read_entries(section, type, [&](const std::string& name, const YAML::Node& node) {
    std::optional<Entry>& entry = result[name];
    if (!node.IsNull()) {
      entry.emplace();
      entry->name = name;
      read(fields, node, *entry);
    }
  });
  fields.finish();
  return result;
}

std::string read_text(const YAML::Node& node) {
  std::string text;
  YamlFields fields(node);
  fields.into(text)(node);
  fields.finish();
  return text;
}

bool read_known_section(Layer& layer, const std::string& name, const YAML::Node& node) {
  if (name == "summary") {
    layer.summary = read_text(node);
  } else if (name == "description") {
    layer.description = read_text(node);
  } else if (name == "services") {
    layer.services = read_section<Service>(node, "map[string]*plan.Service", read_service);
  } else if (name == "checks") {
    layer.checks = read_section<Check>(node, "map[string]*plan.Check", read_check);
  } else if (name == "log-targets") {
    layer.log_targets =
        read_section<LogTarget>(node, "map[string]*plan.LogTarget", read_log_target);
  } else {
    return false;
  }
  return true;
}

void take_section(Layer& layer, const std::string& name, const YAML::Node& node) {
  const std::string where = "cannot parse layer " + go_quoted(layer.label);
  if (name == "workloads" || name == "pairing") {
    throw LayerError("not supported by the rehearsal's agent: section " + go_quoted(name));
  }
  try {
    if (read_known_section(layer, name, node)) {
      return;
    }
  } catch (const LayerError& error) {
    throw LayerError(where + " section " + go_quoted(name) + ": " + error.what());
  }
  throw LayerError(where + ": unknown section " + go_quoted(name));
}

YAML::Node parse_document(const std::string& label, const std::string& yaml) {
  try {
    return YAML::Load(yaml);
  } catch (const YAML::Exception& error) {
    throw LayerError("cannot parse layer " + go_quoted(label) + ": yaml: line " +
                     std::to_string(error.mark.line + 1) + ": " + error.msg);
  }
}

}  // namespace

Layer read_layer(const std::string& label, const std::string& yaml) {
  Layer layer{.label = label};
  const YAML::Node document = parse_document(label, yaml);
  try {
    YamlFields fields(document);
    fields.read_entries(
        document, "map[string]yaml.Node",
        [&](const std::string& name, const YAML::Node& node) { take_section(layer, name, node); });
    fields.finish();
  } catch (const LayerError& error) {
    const std::string text = error.what();
    throw LayerError(
        text.starts_with("yaml:") ? "cannot parse layer " + go_quoted(label) + ": " + text : text);
  }
  validate_layer(layer);
  return layer;
}

}  // namespace rehearsal::pebble
