// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <optional>
#include <string>

namespace loki {

/// The promtail that the charm includes.
struct Promtail {
  std::string binary;
  std::string archive;  ///< The same as a gzip file.

  bool operator==(const Promtail&) const = default;
};

/// The name of the archive, equal to that of the original's first release asset.
inline constexpr const char* archive_name = "promtail-static-amd64.gz";

/// Reads the files `promtail` and `promtail.gz` of the charm's folder. Throws charm::Error.
[[nodiscard]] Promtail read_promtail(const std::string& charm_folder);

/// Returns the value of `promtail_binary_zip_url`: the same for each architecture that the original
/// supports. `kind` is the option `promtail`; empty for no offer.
[[nodiscard]] std::string promtail_offer(const Promtail& promtail, const std::string& base_url,
                                         const std::string& kind);

/// The alert rules of one relation.
struct RuleFile {
  std::string name;  ///< Juju's identifier. Two relations of one application overwrite each other.
  std::string content;  ///< JSON; empty if a rule is wrong, which drops the whole file.
  std::string error;    ///< The original's error message.

  bool operator==(const RuleFile&) const = default;
};

/// Reads `alert_rules`, and `metadata` if the labels of the rules do not name their owner. Returns
/// nothing if there are no rules. Throws charm::Error if the original ends in a hook error. It does
/// so for text that is not JSON, for a group without rules, and for a model UUID that is not of
/// version 4.
[[nodiscard]] std::optional<RuleFile> rule_file(const charm::Relation& relation);

}  // namespace loki
