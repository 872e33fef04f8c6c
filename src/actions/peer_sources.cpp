// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "peer_sources.hpp"

namespace charm::actions {
namespace {

std::string why_not(const keyserver::Answer& answer) {
  switch (answer.status) {
    case 0:
      return "the keyserver does not answer: " + answer.error;
    case 200:
      return "the keyserver's statistics page cannot be read";
    default:
      return "the keyserver answers with HTTP status " + std::to_string(answer.status);
  }
}

}  // namespace

PeerSources peer_sources(const ActionContext& context) {
  PeerSources sources{
      .leader = context.snapshot().unit.leader,
      .plan = context.plan().recon,
      .addresses_of = context.addresses_of,
      .now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())};
  const keyserver::Answer answer = context.keyserver.statistics();
  sources.statistics = keyserver::parse_statistics(answer.status == 200 ? answer.body : "");
  if (sources.statistics) {
    sources.metrics = context.metrics();
  } else {
    sources.no_statistics = why_not(answer);
  }
  return sources;
}

}  // namespace charm::actions
