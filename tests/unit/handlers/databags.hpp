// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

#include <nlohmann/json_fwd.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace charm {

// Shown by GoogleTest when values differ.
void PrintTo(const Facts& facts, std::ostream* out);
void PrintTo(const Publication& publication, std::ostream* out);

}  // namespace charm

namespace test {

/// The unit that the sample databags speak of: `hockeypuck-k8s/0` of the model `keyserver`.
[[nodiscard]] charm::Unit leader_unit();

/// The second unit of the same application, which is not the leader.
[[nodiscard]] charm::Unit other_unit();

/// A sample of tests/data/interfaces.
[[nodiscard]] nlohmann::json sample(const std::string& name);

/// One databag of a sample.
[[nodiscard]] charm::Databag sample_bag(const std::string& name, const std::string& side = "app");

/// Relation 7 of our leader with the other side as a sample has it; secrets are granted.
[[nodiscard]] charm::Snapshot with_sample(const std::string& endpoint,
                                          const std::string& remote_app, const std::string& name);

/// Our leader with these relations.
[[nodiscard]] charm::Snapshot with(std::vector<charm::Relation> relations);

/// What the handler learns, or publishes.
[[nodiscard]] charm::Facts learned(const charm::RelationHandler& handler,
                                   const charm::Snapshot& snapshot,
                                   const charm::Settings& settings = {});
[[nodiscard]] std::vector<charm::Publication> published(const charm::RelationHandler& handler,
                                                        const charm::Snapshot& snapshot,
                                                        const charm::Settings& settings = {});

/// Texts that are no JSON object, or one that holds nothing of use: wrong types, cut short, not
/// UTF-8, nested too deeply, huge.
[[nodiscard]] std::vector<std::string> hostile_texts();

/// Tells whether a program is installed.
[[nodiscard]] bool on_path(const std::string& program);

}  // namespace test
