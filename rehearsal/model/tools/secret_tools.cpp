// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/secrets.hpp"
#include "rehearsal/model/tools/secret_changes.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <map>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

/// Returns the secrets that the unit may change, with the changes that this hook has requested.
std::map<std::string, Secret> managed_secrets(const Call& call) {
  std::map<std::string, Secret> secrets;
  for (const auto& [id, secret] : call.context.model.secrets) {
    if (manages(call.context.model, secret, call.context.unit_name)) {
      secrets[id] = secret;
    }
  }
  for (const SecretOperation& operation : call.context.changes.secrets) {
    if (operation.kind == SecretOperationKind::add) {
      secrets[operation.id] = Secret{.id = operation.id, .owner = operation.owner};
      secrets[operation.id].revisions[1] = {};
    }
    const auto found = secrets.find(operation.id);
    if (found == secrets.end()) {
      continue;
    }
    Secret& secret = found->second;
    secret.label = operation.fields.label.value_or(secret.label);
    secret.description = operation.fields.description.value_or(secret.description);
    secret.rotate = operation.fields.rotate.value_or(secret.rotate);
    if (operation.kind == SecretOperationKind::grant) {
      secret.grants.push_back({operation.relation, operation.target});
    } else if (operation.kind == SecretOperationKind::remove && operation.revision == 0) {
      secrets.erase(found);
    }
  }
  return secrets;
}

Json access_of(const Call& call, const Secret& secret) {
  Json access = Json::array();
  for (const SecretGrant& grant : secret.grants) {
    const auto relation = call.context.model.relations.find(grant.relation);
    std::string scope = "relation-";
    if (relation != call.context.model.relations.end()) {
      for (const RelationEnd& end : relation->second.ends) {
        scope += (scope.back() == '-' ? "" : "#") + end.app + "." + end.endpoint.name;
      }
    }
    access.push_back({{"target", tag_of(grant.target)}, {"scope", scope}, {"role", "view"}});
  }
  return access;
}

Json describe(const Call& call, const Secret& secret) {
  Json info = {{"revision", secret.latest()},
               {"label", secret.label},
               {"owner", is_unit_name(secret.owner) ? "unit" : "application"},
               {"rotation", secret.rotate}};
  if (!secret.description.empty()) {
    info["description"] = secret.description;
  }
  if (const Json access = access_of(call, secret); !access.empty()) {
    info["access"] = access;
  }
  return {{secret.id, info}};
}

Json secret_info_get(const Call& call) {
  call.arguments.at_most(1);
  const std::string label = call.arguments.value("label").value_or("");
  const bool by_id = !call.arguments.words().empty();
  if (!by_id && label.empty()) {
    throw usage_error("require either a secret URI or label");
  }
  if (by_id && !label.empty()) {
    throw usage_error("specify either a secret URI or label but not both");
  }
  const std::string wanted = by_id ? secret_argument(call) : label;
  for (const auto& [id, secret] : managed_secrets(call)) {
    if ((by_id ? id : secret.label) == wanted) {
      return describe(call, secret);
    }
  }
  throw secret_not_found(wanted);
}

Json secret_ids(const Call& call) {
  call.arguments.at_most(0);
  Json ids;
  for (const auto& [id, secret] : managed_secrets(call)) {
    ids.push_back(id);
  }
  return ids;
}

ToolError ungranted(const Call& call, const std::string& id) {
  return run_error(call.context.model.juju4() ? "cannot access \"" + id + "\""
                                              : "permission denied");
}

struct SecretReference {
  std::string id;
  std::string label;
  std::string key;
};

SecretReference reference_of(const Call& call) {
  const Arguments& arguments = call.arguments;
  SecretReference reference{.id = {}, .label = arguments.value("label").value_or(""), .key = {}};
  if (!arguments.words().empty()) {
    reference.id = secret_argument(call);
  } else if (reference.label.empty()) {
    throw usage_error("require either a secret URI or label");
  }
  if (arguments.has("peek") && arguments.has("refresh")) {
    throw usage_error("specify one of --peek or --refresh but not both");
  }
  arguments.at_most(2);
  reference.key = arguments.word(1);
  return reference;
}

/// Finds an owned secret, a secret added in this hook, or one to which this unit has given the
/// label.
std::string id_by_label(const Call& call, const std::string& label) {
  for (const SecretOperation& operation : call.context.changes.secrets) {
    if (operation.kind == SecretOperationKind::add && operation.fields.label == label) {
      return operation.id;
    }
  }
  const std::string& unit = call.context.unit_name;
  for (const auto& [id, secret] : call.context.model.secrets) {
    const auto consumer = secret.consumers.find(unit);
    if ((owns(secret, unit) && secret.label == label) ||
        (consumer != secret.consumers.end() && consumer->second.label == label)) {
      return id;
    }
  }
  throw run_error("consumer label \"" + label + "\" not found");
}

void set_label(const Call& call, Secret& secret, const std::string& label) {
  const std::string& unit = call.context.unit_name;
  if (owns(secret, unit) && secret.label == label) {
    return;
  }
  try {
    check_label(call.context.model, unit, label, secret.id);
  } catch (const CommitError& error) {
    throw run_error(error.what());
  }
  if (manages(call.context.model, secret, unit)) {
    secret.label = label;
  } else {
    secret.consumers[unit].label = label;
  }
}

const Bag* pending_content(const Call& call, const std::string& id) {
  const Bag* content = nullptr;
  for (const SecretOperation& operation : call.context.changes.secrets) {
    if (operation.id == id && operation.fields.content) {
      content = &*operation.fields.content;
    }
  }
  return content;
}

/// Juju records immediately which revision the unit reads. It does not wait for the end of the
/// hook.
Bag read_secret(const Call& call, Secret& secret) {
  SecretConsumer& consumer = secret.consumers[call.context.unit_name];
  const bool peek = call.arguments.has("peek");
  const bool refresh = call.arguments.has("refresh");
  if (consumer.tracked == 0 || refresh) {
    consumer.tracked = peek ? consumer.tracked : secret.latest();
  }
  if (const Bag* pending = pending_content(call, secret.id);
      pending != nullptr && (peek || refresh)) {
    return *pending;
  }
  const auto revision = secret.revisions.find(peek ? secret.latest() : consumer.tracked);
  if (revision == secret.revisions.end()) {
    throw run_error("secret revision \"" + secret.id + "/" + std::to_string(consumer.tracked) +
                    "\" not found");
  }
  return revision->second.content;
}

Bag content_of(const Call& call, const SecretReference& reference) {
  const std::string id = reference.id.empty() ? id_by_label(call, reference.label) : reference.id;
  if (pending_add(call, id) != nullptr) {
    return *pending_content(call, id);
  }
  const auto found = call.context.model.secrets.find(id);
  if (found == call.context.model.secrets.end()) {
    throw secret_not_found(id);
  }
  Secret& secret = found->second;
  if (!can_read(call.context.model, secret, call.context.unit_name)) {
    throw ungranted(call, id);
  }
  if (!reference.id.empty() && !reference.label.empty()) {
    set_label(call, secret, reference.label);
  }
  return read_secret(call, secret);
}

Json secret_get(const Call& call) {
  const SecretReference reference = reference_of(call);
  const Bag content = content_of(call, reference);
  if (reference.key.empty()) {
    return content;
  }
  const auto value = content.find(reference.key);
  if (value == content.end()) {
    throw run_error("secret key value \"" + reference.key + "\" not found");
  }
  return value->second;
}

}  // namespace

std::vector<Tool> secret_tools() {
  std::vector<Tool> tools = secret_change_tools();
  const std::vector<Tool> readers = {
      {.name = "secret-info-get",
       .flags = {{.name = "label"}},
       .prints_value = true,
       .run = secret_info_get,
       .format = "yaml"},
      {.name = "secret-ids", .flags = {}, .prints_value = true, .run = secret_ids},
      {.name = "secret-get",
       .flags = {{.name = "label"},
                 {.name = "peek", .short_name = {}, .takes_value = false},
                 {.name = "refresh", .short_name = {}, .takes_value = false}},
       .prints_value = true,
       .run = secret_get,
       .format = "yaml"},
  };
  tools.insert(tools.end(), readers.begin(), readers.end());
  return tools;
}

}  // namespace rehearsal::tools
