// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/http_client.hpp"
#include "rehearsal/pebble/log_ring.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>

namespace rehearsal::pebble {

/// What a Loki push endpoint is sent, `POST /loki/api/v1/push`: one stream a service, sorted by
/// name, times in nanoseconds.
std::string loki_body(const std::deque<LogEntry>& entries,
                      const std::map<std::string, TextMap>& labels);

/// The labels of a service: `$NAME` and `${NAME}` stand for its environment's variables, nothing
/// for those it does not set.
TextMap loki_labels(const TextMap& labels, const Service& service);

/// Whether a service's output goes to a target: the last entry of its list that applies decides.
bool logs_to(const std::string& service, const LogTarget& target);

/// What became of a push.
enum class PushResult { taken, refused, failed };

/// 200 and 204 took it, 4xx other than 429 means it will never be taken, anything else failed.
PushResult push_result(int status);

}  // namespace rehearsal::pebble
