// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/secret_arguments.hpp"

#include "rehearsal/model/base64.hpp"
#include "rehearsal/model/clock.hpp"
#include "rehearsal/model/secrets.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <regex>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

constexpr std::size_t largest_secret = 1'000'000;  // Of base64, since Juju 3.6.9.

void check_key(const std::string& key) {
  static const std::regex valid("[a-z](?:-?[a-z0-9]){2,}");
  if (!std::regex_match(key, valid)) {
    throw usage_error("key \"" + key + "\" not valid");
  }
}

void add_value(const Call& call, Bag& content, std::string key, const std::string& value) {
  constexpr std::string_view from_file = "#file";
  constexpr std::string_view from_base64 = "#base64";
  if (key.ends_with(from_file)) {
    key.resize(key.size() - from_file.size());
    check_key(key);
    content[key] = input(call, value);
  } else if (key.ends_with(from_base64)) {
    key.resize(key.size() - from_base64.size());
    check_key(key);
    const auto decoded = decode_base64(value);
    if (!decoded) {
      throw usage_error("secret value for key \"" + key + "\" is not valid base64");
    }
    content[key] = *decoded;
  } else {
    check_key(key);
    content[key] = value;
  }
}

Bag secret_content(const Call& call, std::size_t first_value) {
  Bag content;
  if (const auto path = call.arguments.value("file")) {
    const Json map = yaml_to_json(input(call, *path));
    if (!map.is_object()) {
      throw usage_error("secret file does not hold a map");
    }
    for (const auto& [key, value] : map.items()) {
      add_value(call, content, key, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  const auto& words = call.arguments.words();
  for (std::size_t index = first_value; index < words.size(); ++index) {
    const std::size_t equals = words[index].find('=');
    if (equals == std::string::npos || equals == 0) {
      throw usage_error("key value \"" + words[index] + "\" not valid");
    }
    add_value(call, content, words[index].substr(0, equals), words[index].substr(equals + 1));
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

Millis expiry(const Call& call, const std::string& text) {
  const Millis now = call.context.model.now;
  if (const auto duration = parse_duration(text)) {
    return now + *duration;
  }
  const auto at = parse_time(text);
  if (!at) {
    throw usage_error("expire time or duration \"" + text + "\" not valid");
  }
  if (*at < now) {
    throw usage_error("expire time or duration \"" + text + "\" is in the past");
  }
  return *at;
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

SecretFields secret_fields(const Call& call, std::size_t first_value) {
  SecretFields fields;
  fields.label = call.arguments.value("label");
  fields.description = call.arguments.value("description");
  fields.rotate = call.arguments.value("rotate");
  if (fields.rotate && *fields.rotate != "never" && !rotation_interval(*fields.rotate)) {
    throw usage_error("rotate policy \"" + *fields.rotate + "\" not valid");
  }
  if (const auto expire = call.arguments.value("expire")) {
    fields.expires = expiry(call, *expire);
  }
  if (const Bag content = secret_content(call, first_value); !content.empty()) {
    fields.content = content;
  }
  return fields;
}

std::vector<Flag> secret_field_flags() {
  return {{.name = "label"},  {.name = "description"}, {.name = "expire"},
          {.name = "rotate"}, {.name = "owner"},       {.name = "file"}};
}

const SecretOperation* pending_add(const Call& call, const std::string& id) {
  for (const SecretOperation& operation : call.context.changes.secrets) {
    if (operation.kind == SecretOperationKind::add && operation.id == id) {
      return &operation;
    }
  }
  return nullptr;
}

const Secret* find_secret(const Call& call, const std::string& id) {
  const auto found = call.context.model.secrets.find(id);
  return found == call.context.model.secrets.end() ? nullptr : &found->second;
}

ToolError secret_not_found(const std::string& id) {
  return run_error("secret \"" + id + "\" not found");
}

}  // namespace rehearsal::tools
