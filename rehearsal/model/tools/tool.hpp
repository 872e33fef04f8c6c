// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/hook_context.hpp"
#include "rehearsal/model/tools/arguments.hpp"
#include "rehearsal/model/wire.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::tools {

using wire::Reply;
using wire::Request;

/// The inputs and outputs of a tool while it runs.
struct Call {
  HookContext& context;
  const Arguments& arguments;
  const std::map<std::string, std::string>& inputs;
  std::string& out;  ///< Text that is printed unchanged.
};

/// A hook tool. One that prints a value takes --format and -o.
struct Tool {
  std::string_view name;
  std::vector<Flag> flags;
  bool prints_value = false;
  nlohmann::json (*run)(const Call&) = nullptr;
  std::string_view format = "smart";  ///< The default.
};

/// Runs one call. Never throws because of the charm's request.
[[nodiscard]] Reply run_tool(HookContext& context, const Request& request);
/// The names of all tools.
[[nodiscard]] std::vector<std::string> tool_names();

/// Each function returns one family of tools.
[[nodiscard]] std::vector<Tool> relation_tools();
[[nodiscard]] std::vector<Tool> unit_tools();
[[nodiscard]] std::vector<Tool> secret_tools();
[[nodiscard]] std::vector<Tool> network_tools();
[[nodiscard]] std::vector<Tool> storage_tools();
[[nodiscard]] std::vector<Tool> action_tools();

/// Returns the content of a file in the arguments, relative to the charm's directory; `-` is
/// standard input. Call it before the tool changes anything.
[[nodiscard]] const std::string& input(const Call& call, const std::string& path);
/// Returns the `key=value` arguments and the map in the file of `--file`. Arguments have priority.
[[nodiscard]] Bag settings(const Call& call);
/// Throws "this unit is not the leader".
void require_leader(const Call& call);

/// Whether the unit knows the relation, and the relation is not being removed.
[[nodiscard]] bool sees_relation(const Call& call, const Relation& relation);
/// Returns the relation of `-r`, or that of the hook, or nothing. Throws ToolError (2).
[[nodiscard]] std::optional<int> optional_relation(const Call& call);
/// The same, but throws ToolError (2) "no relation id specified" if there is none.
[[nodiscard]] int required_relation(const Call& call);

}  // namespace rehearsal::tools
