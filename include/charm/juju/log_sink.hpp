// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/juju/hook_tools.hpp"

#include <spdlog/sinks/sink.h>

#include <memory>

namespace charm::juju {

/// Returns a spdlog sink that keeps records and hands them to `juju-log` on flush(): one call for
/// each run of records of one level, in order. Control characters other than newline are shown
/// escaped. `tools` must outlive the sink.
[[nodiscard]] std::shared_ptr<spdlog::sinks::sink> juju_log_sink(const HookTools& tools);

}  // namespace charm::juju
