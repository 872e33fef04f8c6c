// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/model_json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace nlohmann {

template <typename Value>
struct adl_serializer<std::optional<Value>> {
  static void to_json(json& out, const std::optional<Value>& value) {
    out = value ? json(*value) : json(nullptr);
  }

  static void from_json(const json& in, std::optional<Value>& value) {
    if (in.is_null()) {
      value.reset();
    } else {
      value = in.get<Value>();
    }
  }
};

template <>
struct adl_serializer<rehearsal::ConfigValue> {
  static void to_json(json& out, const rehearsal::ConfigValue& value) {
    std::visit([&out](const auto& held) { out = held; }, value);
  }

  static void from_json(const json& in, rehearsal::ConfigValue& value) {
    if (in.is_boolean()) {
      value = in.get<bool>();
    } else if (in.is_number_integer()) {
      value = in.get<std::int64_t>();
    } else if (in.is_number()) {
      value = in.get<double>();
    } else {
      value = in.get<std::string>();
    }
  }
};

template <>
struct adl_serializer<rehearsal::EventKind> {
  static void to_json(json& out, rehearsal::EventKind kind) {
    out = std::string(rehearsal::kind_name(kind));
  }

  static void from_json(const json& in, rehearsal::EventKind& kind) {
    kind = rehearsal::kind_named(in.get<std::string>());
  }
};

}  // namespace nlohmann

namespace rehearsal {

NLOHMANN_JSON_SERIALIZE_ENUM(Life, {{Life::alive, "alive"}, {Life::dying, "dying"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Role, {{Role::provider, "provider"},
                                    {Role::requirer, "requirer"},
                                    {Role::peer, "peer"}})

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Event, kind, subject, relation, remote_app,
                                                remote_unit, departing_unit, version, notice_id,
                                                notice_key, check, storage_id, secret_id,
                                                secret_revision, action_id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Endpoint, name, interface, role, limit)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StatusInfo, status, message, since)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(FailedHook, event, attempts, retry_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RelationView, created, broken, members, app_version,
                                                changed_pending)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ContainerView, boot_id, notices_after)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(WorkloadEvent, event, not_before)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StorageInstance, id, name, location)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Unit, name, app, life, revision, address, pod,
                                                replace_pod, stop_skipped, installed, started,
                                                stopped, upgrade_pending, agent_restarted,
                                                leader_announced, config_seen, queued, failed,
                                                relations, storage, attached, containers,
                                                workload_events, state, ports, status, status_set,
                                                agent, update_status_due)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Application, name, source, revision, life, scale,
                                                trust, config, resources, leader, status,
                                                workload_version, volumes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RelationEnd, app, endpoint)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Relation, id, life, ends, scope, unit_bags,
                                                app_bags, unit_versions, app_versions)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SecretRevision, content, expires, remove_announced)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SecretConsumer, label, tracked, announced)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SecretGrant, relation, target)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Secret, id, owner, name, label, description, rotate,
                                                next_rotate, revisions, grants, consumers)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Task, id, unit, action, params, status, message,
                                                results, log, enqueued, completed)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Model, name, uuid, juju_version, seed, random, now,
                                                update_status_interval, automatically_retry_hooks,
                                                next_relation, next_storage, next_task, next_secret,
                                                next_address, next_record, applications, units,
                                                relations, secrets, tasks, services)

std::string model_to_json(const Model& model) {
  return nlohmann::json(model).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Model model_from_json(const std::string& text) {
  return nlohmann::json::parse(text).get<Model>();
}

nlohmann::json config_to_json(const ConfigValue& value) {
  // Go writes a float without a fraction as an integer.
  if (const double* real = std::get_if<double>(&value);
      real != nullptr && std::trunc(*real) == *real && std::abs(*real) < 1e15) {
    return static_cast<std::int64_t>(*real);
  }
  return value;
}

}  // namespace rehearsal
