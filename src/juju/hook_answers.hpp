// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

/// What the hook tools print with `--format=json` (Juju 3.6 hook commands), as values. Each
/// function throws WrongShape. Go prints an empty list or map as `null` in places: that is empty.
namespace charm::juju::answers {

/// The answer is not the JSON that the tool documents. The text never quotes the answer.
class WrongShape : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[nodiscard]] bool boolean(const std::string& text);
[[nodiscard]] std::string string(const std::string& text);
[[nodiscard]] std::vector<std::string> strings(const std::string& text);
[[nodiscard]] Databag databag(const std::string& text);
/// A float option with an integral value arrives as an integer: Go prints 2.0 as `2`.
[[nodiscard]] std::map<std::string, ConfigValue> config(const std::string& text);
[[nodiscard]] std::vector<int> relation_ids(const std::string& text);
[[nodiscard]] std::set<int> tcp_ports(const std::string& text);
/// The first address of the first interface of `network-get`; empty when there is none.
[[nodiscard]] std::string bind_address(const std::string& text);
/// Checks that the text is one JSON object (or nothing, which is `{}`) and returns it.
[[nodiscard]] std::string object(const std::string& text);

}  // namespace charm::juju::answers
