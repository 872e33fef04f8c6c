// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/hook_context.hpp"

#include <algorithm>
#include <cstdlib>

namespace rehearsal {
namespace {

using Environment = std::map<std::string, std::string>;

void add_relation(Environment& environment, const Event& event) {
  environment["JUJU_RELATION"] = event.subject;
  environment["JUJU_RELATION_ID"] = event.subject + ":" + std::to_string(event.relation);
  environment["JUJU_REMOTE_APP"] = event.remote_app;
  environment["JUJU_REMOTE_UNIT"] = event.remote_unit;
  if (event.kind == EventKind::relation_departed) {
    environment["JUJU_DEPARTING_UNIT"] = event.departing_unit;
  }
}

void add_workload(Environment& environment, const Event& event) {
  environment["JUJU_WORKLOAD_NAME"] = event.subject;
  if (event.kind == EventKind::pebble_custom_notice) {
    environment["JUJU_NOTICE_ID"] = event.notice_id;
    environment["JUJU_NOTICE_TYPE"] = "custom";
    environment["JUJU_NOTICE_KEY"] = event.notice_key;
  } else if (event.kind != EventKind::pebble_ready) {
    environment["JUJU_PEBBLE_CHECK_NAME"] = event.check;
  }
}

void add_storage(Environment& environment, const Unit& unit, const Event& event) {
  environment["JUJU_STORAGE_ID"] = event.storage_id;
  const auto found = std::find_if(
      unit.storage.begin(), unit.storage.end(),
      [&event](const StorageInstance& storage) { return storage.id == event.storage_id; });
  if (found != unit.storage.end()) {
    environment["JUJU_STORAGE_LOCATION"] = found->location;
    environment["JUJU_STORAGE_KIND"] = "filesystem";
  }
}

std::string label_for(const Model& model, const std::string& unit, const std::string& id) {
  const auto secret = model.secrets.find(id);
  if (secret == model.secrets.end()) {
    return {};
  }
  if (secret->second.owner == unit || secret->second.owner == app_of(unit)) {
    return secret->second.label;
  }
  const auto consumer = secret->second.consumers.find(unit);
  return consumer == secret->second.consumers.end() ? std::string() : consumer->second.label;
}

void add_secret(Environment& environment, const Model& model, const std::string& unit,
                const Event& event) {
  environment["JUJU_SECRET_ID"] = "secret:" + event.secret_id;
  environment["JUJU_SECRET_LABEL"] = label_for(model, unit, event.secret_id);
  if (event.kind == EventKind::secret_remove) {
    environment["JUJU_SECRET_REVISION"] = std::to_string(event.secret_revision);
  }
}

Environment always(const Model& model, const std::string& unit) {
  Environment environment{
      {"CHARM_DIR", charm_directory(unit)},
      {"JUJU_CHARM_DIR", charm_directory(unit)},
      {"JUJU_AGENT_SOCKET_ADDRESS", agent_directory(unit) + "/agent.socket"},
      {"JUJU_AGENT_SOCKET_NETWORK", "unix"},
      {"JUJU_UNIT_NAME", unit},
      {"JUJU_MODEL_NAME", model.name},
      {"JUJU_MODEL_UUID", model.uuid},
      {"JUJU_VERSION", model.juju_version},
      {"JUJU_API_ADDRESSES", "10.1.0.1:17070"},
      {"JUJU_MACHINE_ID", ""},
      {"JUJU_PRINCIPAL_UNIT", ""},
      {"JUJU_AVAILABILITY_ZONE", ""},
      {"CLOUD_API_VERSION", "1.31"},
      {"JUJU_CHARM_HTTP_PROXY", ""},
      {"JUJU_CHARM_HTTPS_PROXY", ""},
      {"JUJU_CHARM_FTP_PROXY", ""},
      {"JUJU_CHARM_NO_PROXY", "127.0.0.1,localhost,::1"},
      {"KUBERNETES_SERVICE_HOST", "10.152.183.1"},
      {"KUBERNETES_SERVICE_PORT", "443"},
      {"PATH",
       tools_directory(unit) + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"LANG", "C.UTF-8"},
      {"TERM", "tmux-256color"},
      {"DEBIAN_FRONTEND", "noninteractive"},
      {"APT_LISTCHANGES_FRONTEND", "none"},
  };
  if (!model.juju4()) {
    environment["JUJU_SLA"] = "unsupported";
  }
  return environment;
}

}  // namespace

std::map<std::string, std::string> clock_environment(const Model& model, Millis machine_clock) {
  if (!model.moves_charms) {
    return {};
  }
  // The loader puts the name of the machine's library folder in place of $LIB.
  return {{"LD_PRELOAD", "/usr/$LIB/faketime/libfaketime.so.1"},
          {"FAKETIME", (model.now < machine_clock ? "-" : "+") +
                           std::to_string(std::abs(model.now - machine_clock) / one_second) + "s"},
          {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}};
}

std::string agent_directory(const std::string& unit) {
  return "/var/lib/juju/agents/" + unit_tag(unit);
}

std::string charm_directory(const std::string& unit) {
  return agent_directory(unit) + "/charm";
}

std::string tools_directory(const std::string& unit) {
  return "/var/lib/juju/tools/" + unit_tag(unit);
}

std::string new_context_id(Model& model, const std::string& unit, const Event& event) {
  std::string id = unit + "-" + event_name(event) + "-";
  for (int digit = 0; digit < 32; ++digit) {
    id += "0123456789abcdef"[draw(model, 16)];
  }
  return id;
}

Environment dispatch_environment(const Model& model, const std::string& unit, const Event& event,
                                 const std::string& context_id) {
  Environment environment = always(model, unit);
  environment["JUJU_CONTEXT_ID"] = context_id;
  environment["JUJU_DISPATCH_PATH"] = dispatch_path(event);
  environment["JUJU_HOOK_NAME"] = event.kind == EventKind::action ? "" : event_name(event);
  if (event.kind == EventKind::action) {
    environment["JUJU_ACTION_NAME"] = event.subject;
    environment["JUJU_ACTION_UUID"] = std::to_string(event.action_id);
    environment["JUJU_ACTION_TAG"] = "action-" + std::to_string(event.action_id);
  } else if (is_relation_event(event.kind)) {
    add_relation(environment, event);
  } else if (is_workload_event(event.kind)) {
    add_workload(environment, event);
  } else if (!event.storage_id.empty()) {
    add_storage(environment, model.unit(unit), event);
  } else if (is_secret_event(event.kind)) {
    add_secret(environment, model, unit, event);
  }
  return environment;
}

}  // namespace rehearsal
