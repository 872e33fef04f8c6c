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

/// What a tool has at hand while it runs.
struct Call {
  HookContext& context;
  const Arguments& arguments;
  const std::map<std::string, std::string>& inputs;
  std::string& out;  ///< Text printed as it is.
};

/// A hook tool. One that prints a value takes --format and -o.
struct Tool {
  std::string_view name;
  std::vector<Flag> flags;
  bool prints_value = false;
  nlohmann::json (*run)(const Call&) = nullptr;
  std::string_view format = "smart";  ///< Used when none is asked for.
};

/// Runs one call; never throws for what the charm has asked.
[[nodiscard]] Reply run_tool(HookContext& context, const Request& request);
/// The names of all tools.
[[nodiscard]] std::vector<std::string> tool_names();

/// The tools by family.
[[nodiscard]] std::vector<Tool> relation_tools();
[[nodiscard]] std::vector<Tool> unit_tools();
[[nodiscard]] std::vector<Tool> secret_tools();
[[nodiscard]] std::vector<Tool> network_tools();
[[nodiscard]] std::vector<Tool> action_tools();

/// A file named in the arguments, relative to the charm's directory; `-` is standard input. Must be
/// called before the tool changes anything.
[[nodiscard]] const std::string& input(const Call& call, const std::string& path);
/// The `key=value` arguments and the map in the file of `--file`, arguments winning.
[[nodiscard]] Bag settings(const Call& call);
/// Throws "this unit is not the leader".
void require_leader(const Call& call);

/// The unit knows of the relation, and it is not the one being broken.
[[nodiscard]] bool sees_relation(const Call& call, const Relation& relation);
/// The relation of `-r`, or that of the hook, or nothing. Throws ToolError (2).
[[nodiscard]] std::optional<int> optional_relation(const Call& call);
/// The same, or ToolError (2) "no relation id specified".
[[nodiscard]] int required_relation(const Call& call);

}  // namespace rehearsal::tools
