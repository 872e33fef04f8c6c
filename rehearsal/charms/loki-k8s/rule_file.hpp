// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <optional>
#include <string>

namespace loki {

/// The alert rules of one relation.
struct RuleFile {
  std::string name;  ///< Juju's identifier: two relations of one application overwrite each other.
  std::string content;  ///< JSON; empty when a rule is wrong, which drops the whole file.
  std::string error;    ///< What is wrong, in the original's words.

  bool operator==(const RuleFile&) const = default;
};

/// Reads `alert_rules`, and `metadata` where the rules' labels do not tell whose they are. Nothing
/// when there are no rules. Throws charm::Error where the original ends in a hook error: text that
/// is no JSON, a group without rules, a model UUID that is none of version 4.
[[nodiscard]] std::optional<RuleFile> rule_file(const charm::Relation& relation);

}  // namespace loki
