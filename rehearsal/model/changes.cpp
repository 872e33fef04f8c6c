// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/changes.hpp"

#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/secrets.hpp"

#include <algorithm>

namespace rehearsal {
namespace {

constexpr std::size_t largest_bag = std::size_t{16} * 1024 * 1024;

void check_size(const Bag& bag) {
  std::size_t size = 0;
  for (const auto& [key, value] : bag) {
    size += key.size() + value.size();
  }
  if (size > largest_bag) {
    throw CommitError("max allowed content size (" + std::to_string(largest_bag) + ") exceeded");
  }
}

/// Leadership may have moved since the hook tool accepted the change.
void require(bool may_change) {
  if (!may_change) {
    throw CommitError("this unit is not the leader");
  }
}

void commit_settings(Model& model, const std::string& unit, const Changes& changes) {
  for (const auto& [id, bag] : changes.unit_settings) {
    if (const auto found = model.relations.find(id); found != model.relations.end()) {
      write_unit_bag(found->second, unit, bag);
      check_size(found->second.unit_bags[unit]);
    }
  }
  require(changes.app_settings.empty() || model.is_leader(unit));
  const std::string app = app_of(unit);
  for (const auto& [id, bag] : changes.app_settings) {
    const auto found = model.relations.find(id);
    if (found == model.relations.end()) {
      continue;
    }
    Relation& relation = found->second;
    write_app_bag(relation, app, bag);
    check_size(relation.app_bags[app]);
    if (is_peer(relation)) {
      // A unit gets no event for its own write.
      model.unit(unit).relations[id].app_version = relation.app_versions[app];
    }
  }
}

Secret& secret_to_change(Model& model, const std::string& unit, const std::string& id) {
  const auto found = model.secrets.find(id);
  if (found == model.secrets.end() || !owns(found->second, unit)) {
    throw CommitError("secret \"" + id + "\" not found");
  }
  require(manages(model, found->second, unit));
  return found->second;
}

void apply_fields(Model& model, Secret& secret, const std::string& unit,
                  const SecretFields& fields) {
  if (fields.label) {
    check_label(model, unit, *fields.label, secret.id);
    secret.label = *fields.label;
  }
  secret.description = fields.description.value_or(secret.description);
  secret.rotate = fields.rotate.value_or(secret.rotate);
  // Since Juju 3.6 equal content makes no new revision.
  const int latest = secret.latest();
  if (fields.content && (latest == 0 || secret.revisions.at(latest).content != *fields.content)) {
    secret.revisions[latest + 1] = SecretRevision{.content = *fields.content, .created = model.now};
  }
}

void add_secret(Model& model, const std::string& unit, const SecretOperation& operation) {
  Secret secret{.id = operation.id, .owner = operation.owner, .created = model.now};
  require(manages(model, secret, unit));
  apply_fields(model, secret, unit, operation.fields);
  model.secrets[operation.id] = secret;
}

void grant(Secret& secret, const SecretGrant& grant) {
  if (std::find(secret.grants.begin(), secret.grants.end(), grant) == secret.grants.end()) {
    secret.grants.push_back(grant);
  }
}

void revoke(Secret& secret, const SecretOperation& operation) {
  std::erase_if(secret.grants, [&operation](const SecretGrant& grant) {
    return (operation.relation < 0 || grant.relation == operation.relation) &&
           (operation.target.empty() || grant.target == operation.target);
  });
}

void remove_secret(Model& model, Secret& secret, int revision) {
  secret.revisions.erase(revision);
  if (revision == 0 || secret.revisions.empty()) {
    model.secrets.erase(std::string(secret.id));
  }
}

void apply_operation(Model& model, const std::string& unit, const SecretOperation& operation) {
  if (operation.kind == SecretOperationKind::add) {
    add_secret(model, unit, operation);
    return;
  }
  Secret& secret = secret_to_change(model, unit, operation.id);
  switch (operation.kind) {
    case SecretOperationKind::update:
      apply_fields(model, secret, unit, operation.fields);
      break;
    case SecretOperationKind::grant:
      grant(secret, {operation.relation, operation.target});
      break;
    case SecretOperationKind::revoke:
      revoke(secret, operation);
      break;
    default:
      remove_secret(model, secret, operation.revision);
  }
}

void apply_all(Model& model, const std::string& name, const Changes& changes) {
  commit_settings(model, name, changes);
  Unit& unit = model.unit(name);
  unit.state = changes.state.value_or(unit.state);
  for (const std::string& port : changes.close_ports) {
    unit.ports.erase(port);
  }
  unit.ports.insert(changes.open_ports.begin(), changes.open_ports.end());
  for (const SecretOperation& operation : changes.secrets) {
    apply_operation(model, name, operation);
  }
}

}  // namespace

void commit(Model& model, const std::string& unit, const Changes& changes) {
  if (changes == Changes{}) {
    return;
  }
  Model next = model;
  apply_all(next, unit, changes);
  model = std::move(next);
}

void check_label(const Model& model, const std::string& unit, const std::string& label,
                 const std::string& except_id) {
  if (label.empty()) {
    return;
  }
  for (const auto& [id, secret] : model.secrets) {
    if (id == except_id) {
      continue;
    }
    const bool owned = owns(secret, unit) && secret.label == label;
    const bool consumed =
        std::any_of(secret.consumers.begin(), secret.consumers.end(), [&](const auto& consumer) {
          return app_of(consumer.first) == app_of(unit) && consumer.second.label == label;
        });
    // Units of one application give the same label to the same consumed secret. Only a different
    // secret conflicts.
    if (owned || consumed) {
      throw CommitError("secret with label \"" + label + "\" already exists");
    }
  }
}

}  // namespace rehearsal
