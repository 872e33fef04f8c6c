// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace rehearsal {

/// A request of the operator that is not possible. The text is for the operator, and is Juju's if
/// Juju has one.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using ConfigValue = std::variant<bool, std::int64_t, double, std::string>;

enum class Role { provider, requirer, peer };

struct Endpoint {
  std::string name;
  std::string interface;
  Role role = Role::requirer;
  int limit = 0;  ///< 0: any number of relations.

  bool operator==(const Endpoint&) const = default;
};

struct ConfigOption {
  std::string type = "string";  ///< string, int, float, boolean or secret.
  std::optional<ConfigValue> default_value;
  std::string description;

  bool operator==(const ConfigOption&) const = default;
};

struct ActionSpec {
  std::string description;
  /// The JSON schema's properties, as JSON: `params` of actions.yaml, or `properties`.
  std::string params = "{}";
  std::vector<std::string> required;
  bool additional_properties = true;

  bool operator==(const ActionSpec&) const = default;
};

struct StorageSpec {
  std::string type = "filesystem";
  std::string location;
  int minimum = 1;

  bool operator==(const StorageSpec&) const = default;
};

struct Mount {
  std::string storage;
  std::string location;

  bool operator==(const Mount&) const = default;
};

struct ContainerMeta {
  std::string resource;
  std::vector<Mount> mounts;

  bool operator==(const ContainerMeta&) const = default;
};

/// A charm's declarations about itself.
struct Charm {
  std::string name;
  std::string summary;
  std::string user = "root";  ///< `charm-user`: root, sudoer or non-root.
  std::map<std::string, Endpoint> endpoints;
  std::set<std::string> extra_bindings = {};
  std::map<std::string, ConfigOption> options;
  std::map<std::string, ActionSpec> actions;
  std::map<std::string, StorageSpec> storage;
  std::map<std::string, ContainerMeta> containers;
  std::map<std::string, std::string> resources;            ///< Name to type: oci-image or file.
  std::map<std::string, std::string> resource_files = {};  ///< Name to `filename` of type file.

  bool operator==(const Charm&) const = default;
};

/// Reads a charm's folder: metadata.yaml, config.yaml and actions.yaml. charmcraft.yaml may hold
/// the content of each. Throws UserError that names the file and the fault.
[[nodiscard]] Charm read_charm(const std::filesystem::path& directory);

/// Returns Juju's URL for a charm that was deployed from a folder.
[[nodiscard]] std::string charm_url(const Charm& charm, int revision);

/// Converts the text of an option to the option's type. Throws UserError with Juju's message.
[[nodiscard]] ConfigValue parse_config_value(const std::string& name, const ConfigOption& option,
                                             const std::string& text);

/// Returns the results of a task with the charm's output, as `stdout` and `stderr` unless empty,
/// and `return-code`.
[[nodiscard]] std::string with_output(const std::string& results, const std::string& out,
                                      const std::string& err, int return_code);

/// Returns the parameters in `key.key=value` arguments of `juju run`. A key with dots becomes
/// nested objects. Each value is read as YAML, or stays text if `as_strings` is set. Throws
/// UserError for an argument of a different form.
[[nodiscard]] nlohmann::json action_arguments(const std::vector<std::string>& arguments,
                                              bool as_strings);

/// Returns the parameters of an action as JSON: the given ones, and the defaults of its schema.
/// Throws UserError in Juju's words for a value of a wrong type or outside its enumeration, and for
/// a missing required one. An undeclared one is refused if the schema or `strict` (Juju 4.0)
/// forbids it. The same is true inside of objects. Other rules of JSON schema are not checked.
[[nodiscard]] std::string action_params(const std::string& action, const ActionSpec& spec,
                                        const nlohmann::json& given, bool strict);

/// Returns an option's value in the form that the hook tools print.
[[nodiscard]] nlohmann::json config_to_json(const ConfigValue& value);

}  // namespace rehearsal
