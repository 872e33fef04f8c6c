// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/actions/show_peers.hpp"

#include <gtest/gtest.h>

#include <map>

namespace charm::actions {
namespace {

using keyserver::PartnerExchange;
using keyserver::PartnerStatistics;
using keyserver::Statistics;

constexpr std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
constexpr std::chrono::sys_seconds lately = now - std::chrono::minutes(10);

const Partner wanted{.name = "peer1",
                     .http_address = "keys.example.com:11371",
                     .recon_address = "keys.example.com:11370"};
const Partner proxy{.name = "proxy1",
                    .http_address = "traefik:11371",
                    .recon_address = "traefik:11370",
                    .role = PartnerRole::proxy};

PartnerStatistics listed(const Partner& partner) {
  return {.name = partner.name,
          .http_address = partner.http_address,
          .recon_address = partner.recon_address};
}

std::vector<std::string> resolve(const std::string& host) {
  const std::map<std::string, std::vector<std::string>> known = {
      {"keys.example.com", {"192.0.2.1", "2001:db8::1"}}, {"2001:db8::7", {"2001:db8::7"}}};
  const auto found = known.find(host);
  return found == known.end() ? std::vector<std::string>() : found->second;
}

/// The sources of the leader, whose keyserver lists these peers.
PeerSources sources(const std::vector<PartnerStatistics>& peers) {
  return {.leader = true,
          .plan = ReconPlan{.partners = {wanted}, .interval = std::chrono::seconds(60)},
          .statistics = Statistics{.version = "2.3.3", .peers = peers},
          .addresses_of = resolve,
          .now = now};
}

std::string verdict(const PeerSources& from) {
  const std::vector<PeerReport> peers = report_peers(from);
  return peers.empty() ? "there is no peer" : peers.front().verdict;
}

/// The verdict on the planned peer.
std::string verdict(const PartnerExchange& incoming, const PartnerExchange& outgoing,
                    const PartnerExchange& recovery = {}) {
  PartnerStatistics peer = listed(wanted);
  peer.incoming = incoming;
  peer.outgoing = outgoing;
  peer.recovery = recovery;
  return verdict(sources({peer}));
}

TEST(PeerReport, SaysWhatToThinkOfTheLastExchanges) {
  struct Case {
    PartnerExchange incoming, outgoing, recovery;
    std::string verdict;
  };

  const auto failed = [](const std::string& error) { return PartnerExchange{{}, error}; };
  const PartnerExchange none;
  const PartnerExchange good{lately, ""};
  const PartnerExchange eof{lately, "EOF"};
  const std::string other_rules =
      "mismatched filters: it runs a version of Hockeypuck with other rules for keys";
  const std::vector<Case> cases = {
      {good, none, none, "ok"},
      {none, good, none, "ok"},
      {good, good, good, "ok"},
      {none, none, none, "never reconciled"},
      {none, failed("dial tcp: connection refused"), none, "failing: dial tcp: connection refused"},
      {failed("EOF"), none, none, "failing: EOF"},
      {none, eof, none, "failing: EOF"},
      {good, good, failed("reset"), "failing: its keys cannot be fetched: reset"},
      {none, failed("cannot peer: mismatched filters"), none, other_rules},
      {failed("mismatched filters"), none, none, other_rules},
      {good, failed("timeout"), none, "one way: it calls, but cannot be called: timeout"},
      {eof, good, none, "one way: it can be called, but its calls fail: EOF"}};
  for (const Case& each : cases) {
    EXPECT_EQ(verdict(each.incoming, each.outgoing, each.recovery), each.verdict);
  }
}

TEST(PeerReport, CountsNoSuccessOfLongAgoAgainstAFailure) {
  const PartnerExchange long_ago{now - std::chrono::hours(90), ""};
  EXPECT_EQ(verdict(long_ago, PartnerExchange{{}, "connection refused"}),
            "failing: connection refused");
  EXPECT_EQ(verdict(PartnerExchange{{}, "EOF"}, long_ago), "failing: EOF");
}

TEST(PeerReport, TellsAPeerThatNeverCameFromOneThatHasNoAddress) {
  PeerSources from = sources({listed(wanted)});
  from.addresses_of = [](const std::string&) { return std::vector<std::string>(); };
  EXPECT_EQ(verdict(from), "never reconciled: its name cannot be resolved");
}

TEST(PeerReport, IsStaleAfterThreeHoursOrThreeTurnsOfAllPeers) {
  const PartnerExchange earlier{now - std::chrono::hours(4), ""};
  EXPECT_EQ(verdict({}, {now - std::chrono::hours(3), ""}), "ok");
  EXPECT_EQ(verdict({now - std::chrono::hours(90), ""}, earlier), "stale: last reconciled 4 h ago");
  PartnerStatistics peer = listed(wanted);
  peer.outgoing = earlier;
  PeerSources slow = sources({peer});
  slow.plan->interval = std::chrono::hours(2);
  EXPECT_EQ(verdict(slow), "ok");
}

TEST(PeerReport, ExpectsOnlyCallsOfAProxy) {
  PartnerStatistics peer = listed(proxy);
  peer.masked = true;
  peer.http_address = "t****1";
  peer.recon_address = "t****0";
  PeerSources from = sources({peer});
  from.plan->partners = {proxy};
  EXPECT_EQ(
      report_peers(from),
      (std::vector<PeerReport>{{.partner = proxy, .verdict = "no incoming connections yet"}}));
  from.statistics->peers[0].incoming = {lately, ""};
  EXPECT_EQ(verdict(from), "ok");
  from.statistics->peers[0].incoming = {lately, "EOF"};
  EXPECT_EQ(verdict(from), "failing: EOF");
}

TEST(PeerReport, CountsTheKeysOfAllAddressesOfAPeer) {
  PeerSources from = sources({listed(wanted)});
  from.metrics.recovered = {{"192.0.2.1", 5}, {"2001:db8::1", 2}, {"192.0.2.9", 1}};
  EXPECT_EQ(report_peers(from).front().recovered_keys, 7);
  from.plan->partners = {{.name = "peer1", .recon_address = "[2001:db8::7]:11370"}};
  from.statistics->peers = {listed(from.plan->partners[0])};
  EXPECT_EQ(report_peers(from).front().recovered_keys, std::nullopt);
  from.metrics.recovered["2001:db8::7"] = 0;
  EXPECT_EQ(report_peers(from).front().recovered_keys, 0);
}

TEST(PeerReport, SaysWhyNothingIsKnown) {
  PeerSources from = sources({});
  EXPECT_EQ(verdict(from), "not yet: the keyserver runs without this peer");
  from.statistics.reset();
  from.no_statistics = "the keyserver does not answer";
  EXPECT_EQ(verdict(from), "unknown: the keyserver does not answer");
  from.leader = false;
  EXPECT_EQ(verdict(from), "not from this unit: the leader reconciles");
}

TEST(PeerReport, FollowsAddressesWhereTheKeyserverStillHasEarlierNames) {
  Partner second{.name = "peer2", .http_address = "b:11371", .recon_address = "b:11370"};
  PartnerStatistics was_first = listed(second);
  was_first.name = "peer1";
  was_first.outgoing = {lately, ""};
  PeerSources from = sources({was_first});
  from.plan->partners.push_back(second);
  const std::vector<PeerReport> peers = report_peers(from);
  ASSERT_EQ(peers.size(), 2U);
  EXPECT_EQ(peers[0].verdict, "not yet: the keyserver runs without this peer");
  EXPECT_EQ(peers[1].partner, second);
  EXPECT_EQ(peers[1].verdict, "ok");
}

TEST(PeerReport, ShowsWhomTheKeyserverStillHas) {
  PartnerStatistics peer = listed(wanted);
  peer.outgoing = {lately, ""};
  PeerSources from = sources({peer});
  from.plan->partners.clear();
  EXPECT_EQ(verdict(from), "no longer wanted, but the keyserver still has it; ok");
  from.plan.reset();
  EXPECT_EQ(verdict(from), "ok") << "a wrong option makes no verdict possible";
}

TEST(PeerReport, MakesOneShortLineOfWhatAStrangerSays) {
  PartnerStatistics peer = listed(wanted);
  peer.outgoing.error = "a\nb\x1b[31m" + std::string(1000, 'x');
  const PeerReport report = report_peers(sources({peer})).front();
  EXPECT_EQ(report.outgoing.error, "a b [31m" + std::string(192, 'x'));
}

}  // namespace
}  // namespace charm::actions
