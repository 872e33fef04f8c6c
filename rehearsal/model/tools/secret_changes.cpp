// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/secret_changes.hpp"

#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/secrets.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <regex>
#include <set>
#include <string_view>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

/// `key#file=PATH` gives the content of a file.
constexpr std::string_view file_suffix = "#file";
constexpr std::size_t largest_secret = 1'000'000;  // Length of the base64, since Juju 3.6.9.

void check_key(const std::string& key) {
  static const std::regex valid("[a-z](?:-?[a-z0-9]){2,}");
  if (!std::regex_match(key, valid)) {
    throw usage_error("key \"" + key + "\" not valid");
  }
}

void add_value(Bag& content, const std::string& key, const std::string& value) {
  check_key(key);
  content[key] = value;
}

Bag secret_content(const Call& call, std::size_t first_value) {
  Bag content;
  if (const auto path = call.arguments.value("file")) {
    const Json map = yaml_to_json(input(call, *path));
    if (!map.is_object()) {
      throw usage_error("secret file does not hold a map");
    }
    for (const auto& [key, value] : map.items()) {
      add_value(content, key, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  const auto& words = call.arguments.words();
  for (std::size_t index = first_value; index < words.size(); ++index) {
    const std::size_t equals = words[index].find('=');
    if (equals == std::string::npos || equals == 0) {
      throw usage_error("key value \"" + words[index] + "\" not valid");
    }
    const std::string key = words[index].substr(0, equals);
    const std::string value = words[index].substr(equals + 1);
    if (key.ends_with(file_suffix)) {
      add_value(content, key.substr(0, key.size() - file_suffix.size()), input(call, value));
    } else {
      add_value(content, key, value);
    }
  }
  std::size_t size = 0;
  for (const auto& [key, value] : content) {
    size += (value.size() + 2) / 3 * 4;
  }
  if (size > largest_secret) {
    throw usage_error("secret data size " + std::to_string(size) + " bytes exceeds maximum size " +
                      std::to_string(largest_secret) + " bytes");
  }
  return content;
}

/// Nothing is rotated or expires here, and the charm's developer has to know that.
void note_schedule(const Call& call) {
  for (const char* flag : {"rotate", "expire"}) {
    const auto given = call.arguments.value(flag);
    if (given && *given != "never") {
      call.context.log("WARNING", "juju.worker.uniter",
                       std::string("the rehearsal ignores --") + flag + " of a secret");
    }
  }
}

std::optional<std::string> rotate_policy(const Call& call) {
  static const std::set<std::string> policies{"never",   "hourly",    "daily", "weekly",
                                              "monthly", "quarterly", "yearly"};
  const auto given = call.arguments.value("rotate");
  if (given && policies.count(*given) == 0) {
    throw usage_error("rotate policy \"" + *given + "\" not valid");
  }
  return given;
}

SecretFields secret_fields(const Call& call, std::size_t first_value) {
  SecretFields fields;
  fields.label = call.arguments.value("label");
  fields.description = call.arguments.value("description");
  fields.rotate = rotate_policy(call);
  note_schedule(call);
  if (const Bag content = secret_content(call, first_value); !content.empty()) {
    fields.content = content;
  }
  return fields;
}

std::vector<Flag> secret_field_flags() {
  return {{.name = "label"},  {.name = "description"}, {.name = "rotate"},
          {.name = "expire"}, {.name = "owner"},       {.name = "file"}};
}

const Secret* find_secret(const Call& call, const std::string& id) {
  const auto found = call.context.model.secrets.find(id);
  return found == call.context.model.secrets.end() ? nullptr : &found->second;
}

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
                            .id = new_secret_id(call.context.random),
                            .owner = owner,
                            .fields = fields,
                            .target = {}};
  call.out = "secret:" + operation.id + "\n";
  call.context.changes.secrets.push_back(std::move(operation));
  return {};
}

/// Refuses immediately what Juju refuses immediately: a follower that changes its application's
/// secret. The commit checks unknown secrets.
void check_may_change(const Call& call, const std::string& id) {
  const Secret* secret = find_secret(call, id);
  if (secret != nullptr && owns(*secret, call.context.unit_name) && !is_unit_name(secret->owner)) {
    require_leader(call);
  }
}

/// Juju merges what one hook asks of a secret: it becomes one revision.
void merge_fields(SecretFields& into, const SecretFields& later) {
  into.label = later.label ? later.label : into.label;
  into.description = later.description ? later.description : into.description;
  into.rotate = later.rotate ? later.rotate : into.rotate;
  into.content = later.content ? later.content : into.content;
}

void add_update(const Call& call, SecretOperation update) {
  for (SecretOperation& earlier : call.context.changes.secrets) {
    const bool has_fields =
        earlier.kind == SecretOperationKind::add || earlier.kind == SecretOperationKind::update;
    if (earlier.id == update.id && has_fields) {
      merge_fields(earlier.fields, update.fields);
      return;
    }
  }
  call.context.changes.secrets.push_back(std::move(update));
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
  add_update(call, std::move(operation));
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

std::string secret_argument(const Call& call) {
  const std::string uri = call.arguments.word(0);
  if (uri.empty()) {
    throw usage_error("missing secret URI");
  }
  const auto id = secret_id_of(uri);
  if (!id) {
    throw usage_error("secret URI \"" + uri + "\" not valid");
  }
  return *id;
}

const SecretOperation* pending_add(const Call& call, const std::string& id) {
  for (const SecretOperation& operation : call.context.changes.secrets) {
    if (operation.kind == SecretOperationKind::add && operation.id == id) {
      return &operation;
    }
  }
  return nullptr;
}

ToolError secret_not_found(const std::string& id) {
  return run_error("secret \"" + id + "\" not found");
}

std::vector<Tool> secret_change_tools() {
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
