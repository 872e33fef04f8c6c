// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

/// The output of the hook tools with `--format=json` (Juju 3.6 hook commands), as values. Each
/// function throws WrongShape. In places Go prints an empty list or map as `null`, which counts as
/// empty.
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
/// Reads the options. A float option with an integral value is an integer here: Go prints 2.0 as
/// `2`.
[[nodiscard]] std::map<std::string, ConfigValue> config(const std::string& text);
[[nodiscard]] std::vector<int> relation_ids(const std::string& text);
[[nodiscard]] std::set<int> tcp_ports(const std::string& text);
/// Returns the first address of the first interface of `network-get`; empty if there is none.
[[nodiscard]] std::string bind_address(const std::string& text);
/// Checks that the text is one JSON object (or nothing, which is `{}`) and returns it.
[[nodiscard]] std::string object(const std::string& text);

}  // namespace charm::juju::answers
