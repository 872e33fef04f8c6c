// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/log_sink.hpp"

#include "tests/support/fake_juju.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>

namespace charm::juju {
namespace {

using Records = std::vector<std::pair<std::string, std::string>>;

class LogSink : public testing::Test {
 protected:
  LogSink() { logger.set_level(spdlog::level::trace); }

  test::FakeJuju juju;
  HookTools tools{juju};
  spdlog::logger logger{"charm", juju_log_sink(tools)};
};

TEST_F(LogSink, KeepsRecordsUntilTheFlush) {
  logger.info("first");
  EXPECT_EQ(juju.log, Records());
  logger.flush();
  EXPECT_EQ(juju.log, (Records{{"INFO", "first"}}));
  logger.flush();
  EXPECT_EQ(juju.total_calls(), 1);
}

TEST_F(LogSink, HandsOverRunsOfOneLevelInOneCallEach) {
  logger.info("one");
  logger.info("two");
  logger.error("three");
  logger.info("four");
  logger.flush();
  EXPECT_EQ(juju.log, (Records{{"INFO", "one\ntwo"}, {"ERROR", "three"}, {"INFO", "four"}}));
}

TEST_F(LogSink, UsesJujusWordsForTheLevels) {
  logger.trace("a");
  logger.info("b");
  logger.warn("c");
  logger.critical("d");
  logger.flush();
  EXPECT_EQ(juju.log, (Records{{"DEBUG", "a"}, {"INFO", "b"}, {"WARNING", "c"}, {"ERROR", "d"}}));
}

TEST_F(LogSink, ShowsControlCharactersInsteadOfObeyingThem) {
  logger.info(std::string("red \x1b[31m\r\n\ttab \xc2\x9b \xc3\xa9\0 end", 26));
  logger.flush();
  EXPECT_EQ(juju.log,
            (Records{{"INFO", "red \\x1b[31m\\x0d\n\\x09tab \\xc2\\x9b \xc3\xa9\\x00 end"}}));
}

TEST_F(LogSink, TakesAMessageForAFlagNever) {
  logger.info("--debug");
  logger.flush();
  EXPECT_EQ(juju.log, (Records{{"INFO", "--debug"}}));
}

TEST_F(LogSink, DropsRecordsThatJujuRefused) {
  juju.failing["juju-log"] = {.exit_code = 1, .out = {}, .err = "ERROR connection is shut down"};
  const auto sink = juju_log_sink(tools);
  sink->log(spdlog::details::log_msg("charm", spdlog::level::info, "lost"));
  EXPECT_THROW(sink->flush(), HookToolError);
  juju.failing.clear();
  sink->flush();
  EXPECT_EQ(juju.log, Records());
}

}  // namespace
}  // namespace charm::juju
