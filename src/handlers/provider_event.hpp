// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/snapshot.hpp"

namespace charm::databag {

/// Adds a warning for each error that an observability charm wrote to the key `event` of its
/// application databag: `{"errors": "text"}`, `{"errors": [{"dashboard_id", "error"}]}` or
/// `{"scrape_job_errors": "text"}` (cosl 1.11, grafana_dashboard 0.49).
void learn_event_errors(const Relation& relation, Facts& facts);

}  // namespace charm::databag
