// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/secrets.hpp"
#include "rehearsal/model/tools/relation_argument.hpp"
#include "rehearsal/model/tools/secret_arguments.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

std::string owner_of(const Call& call) {
  const std::string owner = call.arguments.value("owner").value_or("application");
  if (owner != "application" && owner != "unit") {
    throw usage_error("secret owner \"" + owner + "\" not valid");
  }
  return owner == "unit" ? call.context.unit_name : app_of(call.context.unit_name);
}

void refuse_label_twice(const Call& call, const std::string& label) {
  const auto& operations = call.context.changes.secrets;
  const bool taken =
      std::any_of(operations.begin(), operations.end(), [&label](const SecretOperation& other) {
        return other.kind == SecretOperationKind::add && other.fields.label == label;
      });
  if (taken) {
    throw run_error("secret with label \"" + label + "\" already exists");
  }
}

Json secret_add(const Call& call) {
  const std::string owner = owner_of(call);
  const SecretFields fields = secret_fields(call, 0);
  if (!fields.content) {
    throw usage_error("missing secret value or filename");
  }
  if (!is_unit_name(owner)) {
    require_leader(call);
  }
  if (fields.label) {
    refuse_label_twice(call, *fields.label);
  }
  SecretOperation operation{.kind = SecretOperationKind::add,
                            .id = new_secret_id(call.context.model),
                            .owner = owner,
                            .fields = fields,
                            .target = {}};
  call.out = "secret:" + operation.id + "\n";
  call.context.changes.secrets.push_back(std::move(operation));
  return {};
}

/// Refuses what Juju refuses at once: a follower changing its application's secret. What it does
/// not know is left to the commit.
void check_may_change(const Call& call, const std::string& id) {
  const Secret* secret = find_secret(call, id);
  if (secret != nullptr && owns(*secret, call.context.unit_name) && !is_unit_name(secret->owner)) {
    require_leader(call);
  }
}

Json secret_set(const Call& call) {
  const std::string id = secret_argument(call);
  static_cast<void>(owner_of(call));
  SecretOperation operation{.kind = SecretOperationKind::update,
                            .id = id,
                            .owner = {},
                            .fields = secret_fields(call, 1),
                            .target = {}};
  check_may_change(call, id);
  call.context.changes.secrets.push_back(std::move(operation));
  return {};
}

void require_managed(const Call& call, const std::string& id) {
  if (pending_add(call, id) != nullptr) {
    return;
  }
  const Secret* secret = find_secret(call, id);
  if (secret == nullptr || !owns(*secret, call.context.unit_name)) {
    throw secret_not_found(id);
  }
  check_may_change(call, id);
}

Json secret_remove(const Call& call) {
  const std::string id = secret_argument(call);
  call.arguments.at_most(1);
  SecretOperation operation{
      .kind = SecretOperationKind::remove, .id = id, .owner = {}, .fields = {}, .target = {}};
  if (const auto text = call.arguments.value("revision")) {
    const auto [end, error] =
        std::from_chars(text->data(), text->data() + text->size(), operation.revision);
    if (error != std::errc() || end != text->data() + text->size()) {
      throw usage_error("invalid value \"" + *text +
                        "\" for option --revision: strconv.ParseInt: parsing \"" + *text +
                        "\": invalid syntax");
    }
  }
  require_managed(call, id);
  call.context.changes.secrets.push_back(operation);
  return {};
}

std::string grant_target(const Call& call, int relation) {
  const std::string& own = call.context.unit_name;
  const std::string app = remote_app(call.context.model.relations.at(relation), app_of(own));
  const std::string unit = call.arguments.value("unit").value_or("");
  if (unit.empty()) {
    return app;
  }
  if (!is_unit_name(unit) || app_of(unit) != app) {
    throw usage_error("cannot specify unit \"" + unit + "\" in relation to application \"" + app +
                      "\"");
  }
  return unit;
}

Json secret_grant(const Call& call) {
  const std::string id = secret_argument(call);
  call.arguments.at_most(1);
  const auto relation = optional_relation(call);
  if (!relation) {
    throw usage_error("missing relation");
  }
  SecretOperation operation{.kind = SecretOperationKind::grant,
                            .id = id,
                            .owner = {},
                            .fields = {},
                            .relation = *relation,
                            .target = grant_target(call, *relation)};
  require_managed(call, id);
  call.context.changes.secrets.push_back(std::move(operation));
  return {};
}

Json secret_revoke(const Call& call) {
  const std::string id = secret_argument(call);
  call.arguments.at_most(1);
  const auto relation = optional_relation(call);
  const std::string app = call.arguments.value("app").value_or("");
  const std::string unit = call.arguments.value("unit").value_or("");
  if (!relation && app.empty() && unit.empty()) {
    throw usage_error("missing relation or application or unit");
  }
  if (!app.empty() && !unit.empty()) {
    throw usage_error("specify only one of application or unit");
  }
  if (call.arguments.value("relation") && !app.empty()) {
    throw usage_error("do not specify both relation and app");
  }
  require_managed(call, id);
  call.context.changes.secrets.push_back({.kind = SecretOperationKind::revoke,
                                          .id = id,
                                          .owner = {},
                                          .fields = {},
                                          .relation = relation.value_or(-1),
                                          .target = unit.empty() ? app : unit});
  return {};
}

}  // namespace

std::vector<Tool> secret_owner_tools() {
  const Flag relation{.name = "relation", .short_name = "r"};
  return {
      {.name = "secret-add", .flags = secret_field_flags(), .run = secret_add},
      {.name = "secret-set", .flags = secret_field_flags(), .run = secret_set},
      {.name = "secret-remove", .flags = {{.name = "revision"}}, .run = secret_remove},
      {.name = "secret-grant", .flags = {relation, {.name = "unit"}}, .run = secret_grant},
      {.name = "secret-revoke",
       .flags = {relation, {.name = "unit"}, {.name = "app"}},
       .run = secret_revoke},
  };
}

}  // namespace rehearsal::tools
