// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace charm::actions {
namespace {

constexpr std::array every_action = {
    Action{"block-keys", run_block_keys},
    Action{"dump-keys", run_dump_keys},
    Action{"export-block-list", run_export_block_list},
    Action{"get-admin-key", run_get_admin_key},
    Action{"import-block-list", run_import_block_list},
    Action{"list-blocked-keys", run_list_blocked_keys},
    Action{"load-keys", run_load_keys},
    Action{"lookup-key", run_lookup_key},
    Action{"rebuild-prefix-tree", run_rebuild_prefix_tree},
    Action{"rotate-admin-key", run_rotate_admin_key},
    Action{"show-peers", run_show_peers},
    Action{"show-status", run_show_status},
    Action{"unblock-keys", run_unblock_keys},
};

template <typename Value, typename Values>
Value value_of(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  if (found == values.end()) {
    return {};
  }
  const auto* value = std::get_if<Value>(&found->second);
  if (value == nullptr) {
    throw Error("the parameter " + name + " has another type than actions.yaml says");
  }
  return *value;
}

}  // namespace

std::span<const Action> actions() noexcept {
  return every_action;
}

Parameters::Parameters(std::string_view json) {
  const auto object = nlohmann::json::parse(json, nullptr, false);
  if (!object.is_object()) {
    throw Error("action-get: no JSON object");
  }
  for (const auto& [name, value] : object.items()) {
    if (value.is_boolean()) {
      values_[name] = value.get<bool>();
    } else if (value.is_number_integer()) {
      values_[name] = value.get<std::int64_t>();
    } else if (value.is_string()) {
      values_[name] = value.get<std::string>();
    } else {
      throw Error("the parameter " + name + " has a type that this charm never asks for");
    }
  }
}

std::string Parameters::text(const std::string& name) const {
  return value_of<std::string>(values_, name);
}

std::int64_t Parameters::number(const std::string& name) const {
  return value_of<std::int64_t>(values_, name);
}

bool Parameters::flag(const std::string& name) const {
  return value_of<bool>(values_, name);
}

std::unique_ptr<postgres::KeyDatabase> ActionContext::open_database() {
  auto database = find_database().database;
  static_cast<void>(database->prepare());
  return database;
}

std::string ActionContext::fetch(const Checksum& file) {
  return doors.downloads.fetch(file, {snapshot().proxies, plan().certificates});
}

}  // namespace charm::actions
