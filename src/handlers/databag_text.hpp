// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// The content of databags: text and JSON from remote sides, and our own JSON.
namespace charm::databag {

/// Returns a text of an object, or an empty one if the object has no text of that name.
[[nodiscard]] std::string text_at(const nlohmann::json& object, const char* name);

/// Writes JSON for one of our databags: sorted keys, one line. Bytes that are not UTF-8 become
/// U+FFFD, because unreadable text puts the other charm into hook error.
[[nodiscard]] std::string dump_json(const nlohmann::json& value);

/// Returns the value of a key, or an empty view: Juju does not distinguish absent from empty.
[[nodiscard]] std::string_view value_of(const Databag& bag, std::string_view key);

/// Returns a warning that names the relation, its endpoint and the key. `problem` must not quote a
/// value that may hold a credential.
[[nodiscard]] std::string warning(const Relation& relation, std::string_view key,
                                  std::string_view problem);

/// Returns remote text in a form that fits a status or the log: one line of printable UTF-8, made
/// from at most `limit` bytes.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 200);

/// Returns how a proxy checks HKP, in the form of Traefik and of the interface `ingress`.
/// Hockeypuck logs each check. Null without other units: a check that finds the only unit during a
/// restart would make Traefik refuse all requests until the next check.
[[nodiscard]] nlohmann::json hkp_health_check(const std::vector<std::string>& other_units);

/// Orders unit names by application and then by number: `loki/2` before `loki/10`.
[[nodiscard]] bool precedes(std::string_view left, std::string_view right);

}  // namespace charm::databag
