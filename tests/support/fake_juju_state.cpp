// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_juju_arguments.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace test {

using charm::Databag;
using Json = nlohmann::json;

std::string FakeJuju::state_get(const Arguments& arguments) {
  arguments.at_most(1);
  const Databag& now = pending_state_ ? *pending_state_ : state;
  if (arguments.positional.empty()) {
    return printed(now.empty() ? Json() : Json(now));
  }
  const auto found = now.find(arguments.positional.front());
  return printed(found == now.end() ? std::string() : found->second);
}

std::string FakeJuju::state_set(const Arguments& arguments) {
  arguments.at_most(0);
  if (arguments.value("--file") != "-") {
    throw Refusal{1, "this fake reads the state from standard input only"};
  }
  const auto changes = Json::parse(arguments.input).get<Databag>();
  if (std::any_of(changes.begin(), changes.end(),
                  [](const auto& entry) { return entry.second.size() > 65536; })) {
    throw Refusal{1, "max allowed value length (65536) exceeded"};
  }
  Databag next = pending_state_ ? *pending_state_ : state;
  for (const auto& [key, value] : changes) {
    next[key] = value;
  }
  pending_state_ = std::move(next);
  return {};
}

}  // namespace test
