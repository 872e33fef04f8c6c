// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/agent.hpp"
#include "rehearsal/pebble/http_message.hpp"
#include "rehearsal/pebble/json_body.hpp"

#include <string>
#include <vector>

namespace rehearsal::pebble {

/// A request that was let in.
struct Call {
  Agent& agent;
  const HttpRequest& request;
  const HttpStream& client;
  /// The caller, if known.
  std::optional<uid_t> user;
  bool is_admin = false;
  /// What stood for "{}" in the path.
  std::vector<std::string> variables;
};

/// The envelopes of Pebble's API.
HttpResponse sync_response(Json result, int status = 200);
HttpResponse async_response(const Change& change);
HttpResponse error_response(int status, const std::string& message, const std::string& kind = {});

/// Answers a request: finds its endpoint, checks access, turns refusals into answers.
HttpResponse answer(Agent& agent, const HttpRequest& request, const HttpStream& client);

// The endpoints. Each throws RequestError for what it refuses; none expects the lock.
HttpResponse get_system_info(const Call& call);
HttpResponse get_health(const Call& call);
HttpResponse get_plan(const Call& call);
HttpResponse post_layers(const Call& call);
HttpResponse get_services(const Call& call);
HttpResponse post_services(const Call& call);
HttpResponse post_signals(const Call& call);
HttpResponse get_changes(const Call& call);
HttpResponse get_change(const Call& call);
HttpResponse post_change(const Call& call);
HttpResponse get_change_wait(const Call& call);
HttpResponse get_files(const Call& call);
HttpResponse post_files(const Call& call);
HttpResponse get_checks(const Call& call);
HttpResponse post_checks(const Call& call);
HttpResponse post_checks_refresh(const Call& call);
HttpResponse get_logs(const Call& call);
HttpResponse get_notices(const Call& call);
HttpResponse get_notice(const Call& call);
HttpResponse post_notices(const Call& call);

/// A duration from a query or body, 0 for none; `what` names it in the refusal.
Duration duration_of(const std::string& text, const std::string& what);

}  // namespace rehearsal::pebble
