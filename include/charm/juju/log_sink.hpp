// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/juju/hook_tools.hpp"

#include <spdlog/sinks/sink.h>

#include <memory>

namespace charm::juju {

/// Returns a spdlog sink that collects records and passes them to `juju-log` on flush().
/// Consecutive records of one level become one call. Control characters other than newline are
/// escaped. `tools` must outlive the sink.
[[nodiscard]] std::shared_ptr<spdlog::sinks::sink> juju_log_sink(const HookTools& tools);

}  // namespace charm::juju
