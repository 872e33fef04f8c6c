// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::pebble {

/// Splits a command as a POSIX shell would, with quotes and backslashes and comments, but without
/// variables or globs. Throws std::invalid_argument for an unfinished quote or escape.
std::vector<std::string> split_command(std::string_view command);

/// The arguments of a service's command. Arguments in one trailing `[ … ]` group are its default
/// arguments and are used as they are. Throws std::invalid_argument where the group is misplaced.
std::vector<std::string> service_arguments(const std::string& service, std::string_view command);

}  // namespace rehearsal::pebble
