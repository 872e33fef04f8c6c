// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/hook_tools.hpp"

#include <algorithm>
#include <initializer_list>

namespace charm::juju {
namespace {

bool has_any(std::string_view text, std::initializer_list<std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [text](std::string_view phrase) {
    return text.find(phrase) != std::string_view::npos;
  });
}

/// The tools refuse with 1 (run) or 2 (arguments, an unknown relation among them).
bool is_refusal(int exit_code) {
  return exit_code == 1 || exit_code == 2;
}

}  // namespace

HookToolError::HookToolError(const std::string& tool, int exit_code, const std::string& message)
    : Error(tool + ": " + message + " (exit code " + std::to_string(exit_code) + ")"),
      vanished_(is_refusal(exit_code) &&
                has_any(message, {"not found", "permission denied", "cannot access"})),
      not_leader_(is_refusal(exit_code) &&
                  has_any(message, {"not the leader", "cannot write relation settings"})) {}

}  // namespace charm::juju
