// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/identities.hpp"

#include "rehearsal/pebble/go_text.hpp"

#include <yaml-cpp/yaml.h>

#include <stdexcept>

#include <unistd.h>

namespace rehearsal::pebble {
namespace {

const std::map<std::string, Access>& access_names() {
  static const std::map<std::string, Access> names{{"admin", Access::admin},
                                                   {"read", Access::read},
                                                   {"metrics", Access::metrics},
                                                   {"untrusted", Access::untrusted}};
  return names;
}

Access access_named(const std::string& name, const std::string& access) {
  const auto found = access_names().find(access);
  if (found == access_names().end()) {
    throw std::runtime_error("invalid identity for " + go_quoted(name) + ": invalid access value " +
                             go_quoted(access) +
                             R"(, must be "admin", "read", "metrics", or "untrusted")");
  }
  return found->second;
}

}  // namespace

std::string to_string(Access access) {
  for (const auto& [name, value] : access_names()) {
    if (value == access) {
      return name;
    }
  }
  return {};
}

void Identities::load(const std::filesystem::path& file) {
  YAML::Node document;
  try {
    document = YAML::LoadFile(file);
  } catch (const YAML::BadFile&) {
    throw std::runtime_error("cannot read identities: open " + file.string() +
                             ": no such file or directory");
  } catch (const YAML::Exception& error) {
    throw std::runtime_error("cannot read identities: cannot unmarshal identities: " + error.msg);
  }
  const YAML::Node identities = document["identities"];
  if (!identities.IsMap() || identities.size() == 0) {
    throw std::runtime_error(
        "cannot read identities: no identities to add; did you forget the top-level "
        "\"identities\" key?");
  }
  for (const auto& entry : identities) {
    const auto name = entry.first.as<std::string>();
    const YAML::Node user = entry.second["local"]["user-id"];
    if (!user) {
      throw std::runtime_error("not supported by the rehearsal's agent: identity " +
                               go_quoted(name) + " that is not local");
    }
    by_name_[name] = {.user = user.as<uid_t>(),
                      .access = access_named(name, entry.second["access"].as<std::string>(""))};
  }
}

Access Identities::of(uid_t user) const {
  for (const auto& [name, identity] : by_name_) {
    if (identity.user == user) {
      return identity.access;
    }
  }
  return user == 0 || user == getuid() ? Access::admin : Access::read;
}

}  // namespace rehearsal::pebble
