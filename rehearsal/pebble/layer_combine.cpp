// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/layer_combine.hpp"

#include "rehearsal/pebble/layer_reader.hpp"

namespace rehearsal::pebble {
namespace {

constexpr long default_threshold = 3;

void merge(std::string& into, const std::string& from) {
  if (!from.empty()) {
    into = from;
  }
}

template <typename T>
void merge(std::optional<T>& into, const std::optional<T>& from) {
  if (from) {
    into = from;
  }
}

void merge(TextMap& into, const TextMap& from) {
  for (const auto& [key, value] : from) {
    into[key] = value;
  }
}

/// Lists grow: they are neither replaced nor de-duplicated.
void merge(std::vector<std::string>& into, const std::vector<std::string>& from) {
  into.insert(into.end(), from.begin(), from.end());
}

void merge(Service& into, const Service& from) {
  merge(into.summary, from.summary);
  merge(into.description, from.description);
  merge(into.startup, from.startup);
  merge(into.command, from.command);
  merge(into.after, from.after);
  merge(into.before, from.before);
  merge(into.required, from.required);
  merge(into.environment, from.environment);
  merge(into.user_id, from.user_id);
  merge(into.user, from.user);
  merge(into.group_id, from.group_id);
  merge(into.group, from.group);
  merge(into.working_dir, from.working_dir);
  merge(into.on_success, from.on_success);
  merge(into.on_failure, from.on_failure);
  merge(into.on_check_failure, from.on_check_failure);
  merge(into.backoff_delay, from.backoff_delay);
  merge(into.backoff_factor, from.backoff_factor);
  merge(into.backoff_limit, from.backoff_limit);
  merge(into.kill_delay, from.kill_delay);
}

void merge(HttpCheck& into, const HttpCheck& from) {
  merge(into.url, from.url);
  merge(into.headers, from.headers);
}

void merge(TcpCheck& into, const TcpCheck& from) {
  into.port = from.port != 0 ? from.port : into.port;
  merge(into.host, from.host);
}

void merge(ExecCheck& into, const ExecCheck& from) {
  merge(into.command, from.command);
  merge(into.service_context, from.service_context);
  merge(into.environment, from.environment);
  merge(into.user_id, from.user_id);
  merge(into.user, from.user);
  merge(into.group_id, from.group_id);
  merge(into.group, from.group);
  merge(into.working_dir, from.working_dir);
}

template <typename Kind>
void merge_kind(std::optional<Kind>& into, const std::optional<Kind>& from) {
  if (from) {
    merge(into ? *into : into.emplace(), *from);
  }
}

void merge(Check& into, const Check& from) {
  merge(into.level, from.level);
  merge(into.startup, from.startup);
  merge(into.period, from.period);
  merge(into.timeout, from.timeout);
  into.threshold = from.threshold != 0 ? from.threshold : into.threshold;
  merge_kind(into.http, from.http);
  merge_kind(into.tcp, from.tcp);
  merge_kind(into.exec, from.exec);
}

void merge(LogTarget& into, const LogTarget& from) {
  merge(into.type, from.type);
  merge(into.location, from.location);
  merge(into.services, from.services);
  merge(into.labels, from.labels);
}

template <typename Entry>
void fold(Section<Entry>& combined, const Section<Entry>& section, const std::string& label,
          const std::string& kind) {
  for (const auto& [name, entry] : section) {
    const std::string& mode = entry->override_mode;
    if (mode.empty()) {
      throw LayerError("layer " + go_quoted(label) + " must define \"override\" for " + kind + " " +
                       go_quoted(name));
    }
    if (mode != "merge" && mode != "replace") {
      throw LayerError("layer " + go_quoted(label) + " has invalid \"override\" value for " + kind +
                       " " + go_quoted(name));
    }
    const auto found = combined.find(name);
    if (mode == "merge" && found != combined.end()) {
      merge(*found->second, *entry);
    } else {
      combined[name] = entry;
    }
  }
}

template <typename Entry>
std::map<std::string, Entry> values_of(const Section<Entry>& section) {
  std::map<std::string, Entry> values;
  for (const auto& [name, entry] : section) {
    values.emplace(name, *entry);
  }
  return values;
}

}  // namespace

Layer combine_layers(const std::vector<Layer>& layers) {
  Layer combined;
  for (const Layer& layer : layers) {
    combined.summary = layer.summary;
    combined.description = layer.description;
    fold(combined.services, layer.services, layer.label, "service");
    fold(combined.checks, layer.checks, layer.label, "check");
    fold(combined.log_targets, layer.log_targets, layer.label, "log target");
  }
  for (auto& [name, check] : combined.checks) {
    check->threshold = check->threshold == 0 ? default_threshold : check->threshold;
  }
  return combined;
}

Plan plan_of(const std::vector<Layer>& layers) {
  const Layer combined = combine_layers(layers);
  return {values_of(combined.services), values_of(combined.checks),
          values_of(combined.log_targets)};
}

}  // namespace rehearsal::pebble
