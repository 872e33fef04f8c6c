// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

#include <functional>
#include <string>

namespace charm::actions {

/// Does something with the workload container's files. Throws Failure with Pebble's reason when
/// Pebble refuses or does not answer; `what` begins the sentence: "cannot write /a/b".
void with_pebble(const std::string& what, const std::function<void()>& work);

/// Writes one file. Throws Failure.
void write_file(const ActionContext& context, const File& file);

/// Reads one file of at most 64 MiB. Throws Failure, also when there is none.
[[nodiscard]] std::string read_file(const ActionContext& context, const std::string& path);

}  // namespace charm::actions
