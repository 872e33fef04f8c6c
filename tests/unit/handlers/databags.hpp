// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

#include <nlohmann/json_fwd.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace charm {

// GoogleTest prints this if values differ.
void PrintTo(const Facts& facts, std::ostream* out);
void PrintTo(const Publication& publication, std::ostream* out);

}  // namespace charm

namespace test {

/// The unit in the sample databags: `hockeypuck-k8s/0` of the model `keyserver`.
[[nodiscard]] charm::Unit leader_unit();

/// The second unit of the same application, which is not the leader.
[[nodiscard]] charm::Unit other_unit();

/// A sample of tests/data/interfaces.
[[nodiscard]] nlohmann::json sample(const std::string& name);

/// One databag of a sample.
[[nodiscard]] charm::Databag sample_bag(const std::string& name, const std::string& side = "app");

/// Relation 7 of our leader, with the other side of a sample and its granted secrets.
[[nodiscard]] charm::Snapshot with_sample(const std::string& endpoint,
                                          const std::string& remote_app, const std::string& name);

/// Our leader with these relations.
[[nodiscard]] charm::Snapshot with(std::vector<charm::Relation> relations);

/// The result of the handler's learn(), or of its publish().
[[nodiscard]] charm::Facts learned(const charm::RelationHandler& handler,
                                   const charm::Snapshot& snapshot,
                                   const charm::Settings& settings = {});
[[nodiscard]] std::vector<charm::Publication> published(const charm::RelationHandler& handler,
                                                        const charm::Snapshot& snapshot,
                                                        const charm::Settings& settings = {});

/// Texts that are not a JSON object, or an object without useful data: wrong types, truncated, not
/// UTF-8, nested too deeply, huge.
[[nodiscard]] std::vector<std::string> hostile_texts();

}  // namespace test
