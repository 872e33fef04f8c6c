// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The pages of the keyserver, through the report on its peers.
#include "actions/results.hpp"
#include "actions/show_peers.hpp"
#include "charm/domain/text.hpp"
#include "subjects.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace fuzz::keyserver {
namespace {

namespace actions = charm::actions;

void report(actions::PeerSources sources) {
  sources.leader = true;
  sources.plan = charm::ReconPlan{.partners = {{.name = "peer1",
                                                .http_address = "keys.example.org:11371",
                                                .recon_address = "keys.example.org:11370"}},
                                  .interval = std::chrono::seconds(60)};
  sources.addresses_of = [](const std::string& host) { return std::vector{host}; };
  const auto peers = actions::report_peers(sources);
  require(!peers.empty(), "every planned partner is in the report");
  require(!actions::peers_overview(peers, 0).empty(), "the report has a line for each peer");
  require(nlohmann::json::accept(actions::json_with_peers({{"now", 0}}, peers, 0)),
          "the report is JSON");
}

void statistics(std::string_view text) {
  const auto read = charm::keyserver::parse_statistics(text);
  report({.statistics = read, .now = read && read->now ? *read->now : std::chrono::sys_seconds{}});
}

void metrics(std::string_view text) {
  const charm::keyserver::Metrics read = charm::keyserver::parse_metrics(text);
  if (read.started) {
    static_cast<void>(actions::duration_text(std::chrono::sys_seconds{} - *read.started));
  }
  report({.statistics = charm::keyserver::Statistics{.version = "2.3.3"}, .metrics = read});
}

constexpr std::array all = {
    Parser{"statistics", statistics},
    Parser{"metrics", metrics},
};

}  // namespace

std::span<const Parser> parsers() {
  return all;
}

}  // namespace fuzz::keyserver
