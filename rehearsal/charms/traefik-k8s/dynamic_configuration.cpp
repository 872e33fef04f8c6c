// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "dynamic_configuration.hpp"

#include "decoding.hpp"

namespace traefik {
namespace {

using nlohmann::json;

/// The first name that both have: `/http/routers/keys`.
std::string shared_name(const json& left, const json& right) {
  for (const auto& [protocol, section] : right.items()) {
    for (const auto& [kind, elements] : section.items()) {
      for (const auto& element : elements.items()) {
        const json::json_pointer place = json::json_pointer() / protocol / kind / element.key();
        if (left.contains(place)) {
          return place.to_string();
        }
      }
    }
  }
  return {};
}

std::string of_file(const std::string& name, const std::string& problem) {
  return name + ": " + problem;
}

}  // namespace

std::string file_name(const std::string& endpoint, int relation, const std::string& app) {
  return "juju_ingress_" + endpoint + "_" + std::to_string(relation) + "_" + app + ".yaml";
}

bool is_of_relation(const std::string& file, int relation) {
  return file.find("_" + std::to_string(relation) + "_") != std::string::npos;
}

Loaded load(const Files& files) {
  Loaded loaded;
  for (const auto& [name, content] : files) {
    if (const std::string reason = reason_to_refuse(content); !reason.empty()) {
      loaded.refused = of_file(name, reason);
      return loaded;
    }
    if (const std::string shared = shared_name(loaded.value, content); !shared.empty()) {
      loaded.problems.push_back(of_file(name, "left out, for another has " + shared));
    } else {
      loaded.value.merge_patch(content);
    }
  }
  return loaded;
}

}  // namespace traefik
