// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <optional>
#include <string>

namespace loki {

/// A promtail as the charm brings it along.
struct Promtail {
  std::string binary;
  std::string archive;  ///< The same as a gzip file.

  bool operator==(const Promtail&) const = default;
};

/// The name of the archive, which is that of the original's first release asset.
inline constexpr const char* archive_name = "promtail-static-amd64.gz";

/// Reads the files `promtail` and `promtail.gz` of the charm's folder. Throws charm::Error.
[[nodiscard]] Promtail read_promtail(const std::string& charm_folder);

/// The value of `promtail_binary_zip_url`: the same for each architecture that the original knows.
/// `kind` is the option `promtail`; empty for nothing.
[[nodiscard]] std::string promtail_offer(const Promtail& promtail, const std::string& base_url,
                                         const std::string& kind);

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
