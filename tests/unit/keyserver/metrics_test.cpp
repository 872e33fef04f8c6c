// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/statistics.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>

namespace charm::keyserver {
namespace {

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
