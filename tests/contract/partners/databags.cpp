// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/partners/databags.hpp"

#include <fstream>
#include <stdexcept>

namespace test {

using nlohmann::json;

json sample(const std::string& name) {
  std::ifstream file(TEST_DATA_DIR "/interfaces/" + name + ".json");
  if (!file) {
    throw std::runtime_error("no sample " + name);
  }
  return json::parse(file);
}

charm::Relation requirer(const std::string& endpoint, const std::string& name,
                         const std::vector<std::string>& more) {
  const json first = sample(name);
  charm::Relation relation{.id = 4,
                           .endpoint = endpoint,
                           .remote_app = "hockeypuck-k8s",
                           .remote_app_data = first.at("app").get<charm::Databag>()};
  relation.remote_units["hockeypuck-k8s/0"] = first.at("unit").get<charm::Databag>();
  for (const std::string& other : more) {
    const std::string unit = "hockeypuck-k8s/" + std::to_string(relation.remote_units.size());
    relation.remote_units[unit] = sample(other).at("unit").get<charm::Databag>();
  }
  return relation;
}

}  // namespace test
