// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/statistics.hpp"

#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>

namespace charm::keyserver {
namespace {

using std::chrono::sys_seconds;

std::string recorded(const std::string& version) {
  return test::file_text(TEST_DATA_DIR "/hockeypuck/statistics-" + version + ".json");
}

sys_seconds since_1970(std::int64_t count) {
  return sys_seconds(std::chrono::seconds(count));
}

/// The only partner of a page, with this member.
PartnerStatistics partner_with(const std::string& member) {
  const auto page = parse_statistics(R"({"version":"2.3.3","peers":[{)" + member + "}]}");
  return page && page->peers.size() == 1 ? page->peers.front() : PartnerStatistics{};
}

TEST(KeyserverStatistics, AreReadFromThePageOfHockeypuck23) {
  const auto page = parse_statistics(recorded("2.3"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->version, "~unreleased");
  EXPECT_EQ(page->software, "Hockeypuck");
  EXPECT_EQ(page->now, since_1970(1795770332));
  EXPECT_EQ(page->total, 2);
  ASSERT_EQ(page->peers.size(), 4U);
  const std::string host = "second-0.second-endpoints.rec.svc.cluster.local";
  EXPECT_EQ(page->peers[0], (PartnerStatistics{.name = "peer1",
                                               .http_address = host + ":11371",
                                               .recon_address = host + ":11370",
                                               .incoming = {since_1970(1795770328), ""},
                                               .outgoing = {since_1970(1795770319), ""},
                                               .recovery = {since_1970(1795770305), ""}}));
  EXPECT_EQ(
      page->peers[3],
      (PartnerStatistics{
          .name = "proxy1", .http_address = "t****1", .recon_address = "t****0", .masked = true}));
}

TEST(KeyserverStatistics, AreReadFromThePageOfHockeypuck24) {
  const auto page = parse_statistics(recorded("2.4"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->version, "~unreleased");
  EXPECT_EQ(page->now, since_1970(1795395134));
  EXPECT_EQ(page->total, 5);
  ASSERT_EQ(page->peers.size(), 2U);
  EXPECT_EQ(page->peers[0], (PartnerStatistics{.name = "other",
                                               .http_address = "127.0.0.1:32371",
                                               .recon_address = "127.0.0.1:32370",
                                               .outgoing = {since_1970(1795395130), ""}}));
  EXPECT_EQ(page->peers[1],
            (PartnerStatistics{
                .name = "unreachable",
                .http_address = "127.0.0.1:39371",
                .recon_address = "127.0.0.1:39370",
                .outgoing = {{}, "dial tcp 127.0.0.1:39370: connect: connection refused"}}));
}

TEST(KeyserverStatistics, HaveNoPeersWhereThereAreNone) {
  const auto page = parse_statistics(R"({"version":"2.3.3","peers":null,"Total":0})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->total, 0);
  EXPECT_TRUE(page->peers.empty());
}

TEST(KeyserverStatistics, ShowAnErrorInTheKeyserversOwnWords) {
  EXPECT_EQ(partner_with(R"json("LastRecoveryError":"%!q(<nil>)")json").recovery.error, "");
  EXPECT_EQ(partner_with(R"("LastIncomingError":"\"it said \\\"no\\\"\"")").incoming.error,
            R"(it said "no")");
  EXPECT_EQ(partner_with(R"("LastIncomingError":"\"\\x00 is Go's\"")").incoming.error,
            R"(\x00 is Go's)");
  EXPECT_EQ(partner_with(R"("lastOutgoingError":"bare")").outgoing.error, "bare");
}

TEST(KeyserverStatistics, UnderstandEveryOffsetOfAClock) {
  const auto incoming = [](const std::string& time) {
    return partner_with(R"("LastIncomingRecon":")" + time + '"').incoming.succeeded;
  };
  EXPECT_EQ(incoming("1970-01-02T00:00:00Z"), since_1970(86400));
  EXPECT_EQ(incoming("1970-01-02T02:30:00.999+02:30"), since_1970(86400));
  EXPECT_EQ(incoming("1970-01-01T19:00:00-05:00"), since_1970(86400));
  for (const char* never :
       {"0001-01-01T00:00:00Z", "", "yesterday", "1970-01-02T00:00:00", "1970-13-02T00:00:00Z",
        "1970-02-30T00:00:00Z", "1970-01-02T24:00:00Z", "1970-01-02T00:00:00+1:00"}) {
    EXPECT_EQ(incoming(never), std::nullopt) << never;
  }
}

TEST(KeyserverStatistics, AreNoneInWhatIsNoSuchPage) {
  for (const char* text : {"", "null", "[]", "{}", "<html>", R"({"version":1})", "{\"version\":"}) {
    EXPECT_EQ(parse_statistics(text), std::nullopt) << text;
  }
}

TEST(KeyserverStatistics, LackWhatHasAnotherType) {
  const auto page = parse_statistics(
      R"({"version":"2.3.3","Total":"5","now":3,"software":[],"peers":[7,{"Name":{},"masked":1}]})");
  ASSERT_TRUE(page);
  EXPECT_EQ(*page, (Statistics{.version = "2.3.3", .peers = {{}, {}}}));
}

TEST(KeyserverMetrics, TellTheStartAndWhatWasFetchedFromWhom) {
  const Metrics metrics = parse_metrics(test::file_text(TEST_DATA_DIR "/hockeypuck/metrics.txt"));
  EXPECT_EQ(metrics, (Metrics{.started = std::chrono::sys_seconds(std::chrono::seconds(1795395066)),
                              .recovered = {{"127.0.0.1", 2}}}));
}

TEST(KeyserverMetrics, KnowPeersOfBothFamilies) {
  EXPECT_EQ(parse_metrics("conflux_reconciliation_items_recovered{peer=\"2001:db8::1\"} 1.5e+06\n"
                          "conflux_reconciliation_items_recovered{peer=\"192.0.2.1\"} 0\n"),
            (Metrics{.recovered = {{"192.0.2.1", 0}, {"2001:db8::1", 1'500'000}}}));
}

TEST(KeyserverMetrics, LeaveOutWhatCannotBeRead) {
  for (const char* text :
       {"", "\n", "404 page not found", "process_start_time_seconds",
        "process_start_time_seconds NaN", "process_start_time_seconds +Inf",
        "process_start_time_seconds 1e300", "process_start_time_seconds 1 2",
        "conflux_reconciliation_items_recovered{peer=\"1", "# process_start_time_seconds 1",
        "conflux_reconciliation_items_recovered{peer=\"1\"}",
        "conflux_reconciliation_items_recovered{peer=\"1\",a=\"b\"} 1"}) {
    EXPECT_EQ(parse_metrics(text), Metrics{}) << text;
  }
}

}  // namespace
}  // namespace charm::keyserver
