// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>

namespace contract {
namespace {

using nlohmann::json;

constexpr int failure = 1;
constexpr int panic = 2;

class Start : public KeyserverTest {
 protected:
  std::map<std::string, std::string>& section(const std::string& name) {
    return keyserver().settings.sections[name];
  }

  /// The exit code with one value set. The settings stay as they were.
  int with(const std::string& name, const std::string& key, const std::string& value) {
    const Settings before = keyserver().settings;
    section(name)[key] = value;
    const int code = keyserver().exit_code_of_start();
    keyserver().settings = before;
    return code;
  }

  json statistics() { return json::parse(keyserver().get("/pks/stats").body); }
};

FOR_EVERY_KEYSERVER(Start);

TEST_P(Start, FailsOnValuesOfTheWrongType) {
  EXPECT_EQ(with("", "hostname", "5"), failure);
  EXPECT_EQ(with("", "adminKeys", "\"text\""), failure);
  EXPECT_EQ(with("", "adminKeys", "[1]"), failure);
  EXPECT_EQ(with("hkp", "logRequestDetails", "\"yes\""), failure);
  EXPECT_EQ(with("openpgp", "maxKeyLength", "\"1000\""), failure);
  EXPECT_EQ(with("conflux.recon.partner.other", "weight", "\"1\""), failure);
}

TEST_P(Start, FailsOnAFileItCannotRead) {
  EXPECT_EQ(with("", "hostname", "\"no end"), failure);
  EXPECT_EQ(with("", "hostname", "\"raw \x01 control\""), failure);
  EXPECT_EQ(with("", "hostname", quoted("a") + "\nhostname = " + quoted("b")), failure);
  EXPECT_EQ(with("", "hostname", "\"{{ never ends\""), failure);
}

TEST_P(Start, NamesAKeyOfTheConfigurationThatTheRehearsalDoesNotSupport) {
  if (GetParam() == Program::hockeypuck) {
    GTEST_SKIP() << "Hockeypuck ignores unknown keys";
  }
  for (const auto& [name, path] : {std::pair("", "hockeypuck.nonsense"),
                                   std::pair("hkp.queries", "hockeypuck.hkp.queries.nonsense"),
                                   std::pair("conflux.recon", "hockeypuck.conflux.recon.nonsense"),
                                   std::pair("pks", "hockeypuck.pks")}) {
    EXPECT_EQ(with(name, "nonsense", "5"), failure);
    EXPECT_NE(keyserver().log().find(path + std::string(" is not supported")), std::string::npos)
        << keyserver().log();
  }
}

TEST_P(Start, ReadsAnEscapedBraceAsABrace) {
  section("")["hostname"] = "\"a\\u007B\\u007B .X }}b\"";
  section("")["nodename"] = quoted("Zoë \"q\" \\ {{ env `HOME` }}");
  keyserver().start();
  EXPECT_EQ(statistics().at("hostname"), "a{{ .X }}b");
  EXPECT_EQ(statistics().at("nodename"), "Zoë \"q\" \\ {{ env `HOME` }}");
}

TEST_P(Start, PanicsOnAddressesThatAreNoNetwork) {
  for (const char* address : {"10.1.0.0", "10.1.0.0/33", "example.com/8", ""}) {
    EXPECT_EQ(with("conflux.recon", "allowCIDRs", "[" + quoted(address) + "]"), panic) << address;
  }
  section("conflux.recon")["allowCIDRs"] = R"(["10.1.0.0/16", "fd00::/8"])";
  keyserver().start();
}

TEST_P(Start, PanicsOnAMetricsPathWithoutSlash) {
  EXPECT_EQ(with("metrics", "metricsPath", quoted("metrics")), panic);
}

TEST_P(Start, FailsWithoutItsTemplatesAndOnUnknownDrivers) {
  EXPECT_EQ(with("", "indexTemplate", quoted("/nowhere/index.html.tmpl")), failure);
  EXPECT_EQ(with("openpgp.db", "driver", quoted("mongo")), failure);
}

TEST_P(Start, FailsWhenItsPortIsTaken) {
  keyserver().start();
  Keyserver second(GetParam(), cluster());
  second.settings.sections["hkp"]["bind"] =
      quoted("127.0.0.1:" + std::to_string(keyserver().port()));
  EXPECT_EQ(second.exit_code_of_start(), failure);
}

TEST_P(Start, ServesKeysThoughItsOtherPortsAreTaken) {
  keyserver().start();
  Keyserver second(GetParam(), cluster());
  second.settings.sections["metrics"]["metricsAddr"] =
      quoted("127.0.0.1:" + std::to_string(keyserver().metrics_port()));
  second.settings.sections["conflux.recon"]["reconAddr"] =
      quoted("127.0.0.1:" + std::to_string(keyserver().recon_port()));
  second.start();
  EXPECT_EQ(second.get("/pks/health").status, 200);
}

TEST_P(Start, FailsWhereItCannotMakeItsPrefixTree) {
  std::ofstream(keyserver().folder() / "file") << "in the way";
  EXPECT_EQ(with("conflux.recon.leveldb", "path", quoted(keyserver().folder() / "file/ptree")),
            failure);
}

TEST_P(Start, ListensForReconUnlessToldNotTo) {
  keyserver().start();
  EXPECT_TRUE(keyserver().accepts_recon());
  keyserver().stop(SIGTERM);
  section("conflux.recon")["reconAddr"] = quoted("none");
  keyserver().start();
  EXPECT_FALSE(keyserver().accepts_recon());
}

TEST_P(Start, EndsInOrderAtTermAndInterrupt) {
  for (const int signal : {SIGTERM, SIGINT}) {
    keyserver().start();
    keyserver().get("/pks/health");
    EXPECT_EQ(keyserver().stop(signal), 0) << signal;
  }
}

TEST_P(Start, DoesNotReloadAtHangup) {
  keyserver().start();
  EXPECT_EQ(keyserver().stop(SIGHUP), 128 + SIGHUP);
}

TEST_P(Start, RefusesWrongCommandLines) {
  const std::string program = *path_of(GetParam());
  EXPECT_EQ(test::run({.arguments = {program}}).status, failure);
  EXPECT_EQ(test::run({.arguments = {program, "-config", "/nowhere/hockeypuck.conf"}}).status,
            failure);
  EXPECT_EQ(test::run({.arguments = {program, "stray"}}).status, failure);
  EXPECT_EQ(test::run({.arguments = {program, "-nonsense"}}).status, panic);
}

TEST_P(Start, LogsRequestsOnStandardError) {
  section("")["loglevel"] = quoted("nonsense");
  section("hkp")["logRequestDetails"] = "false";
  keyserver().start();
  lookup("get", "0xE9D8F50DC853941B");
  const std::string log = keyserver().log();
  EXPECT_NE(log.find("level=info GET=\"/pks/lookup?op=get&search=0xE9D8F50DC853941B\" duration="),
            std::string::npos)
      << log;
  EXPECT_NE(log.find("status-code=404"), std::string::npos);
  EXPECT_NE(log.find("level=warning"), std::string::npos);
  EXPECT_EQ(log.find("user-agent"), std::string::npos);
  EXPECT_EQ(log.find(Keyserver::password), std::string::npos);
}

TEST_P(Start, LogsToItsFileAndReopensItAtUsr1) {
  const auto file = keyserver().folder() / "hockeypuck.log";
  const auto old = keyserver().folder() / "old.log";
  section("")["logfile"] = quoted(file.string());
  keyserver().start();
  keyserver().get("/pks/lookup?op=get&search=0x0001");
  EXPECT_NE(test::file_text(file).find("search=0x0001"), std::string::npos);
  EXPECT_EQ(keyserver().log().find("search=0x0001"), std::string::npos);
  std::filesystem::rename(file, old);
  std::ofstream(file).flush();
  keyserver().signal(SIGUSR1);
  EXPECT_TRUE(test::eventually([&] {
    keyserver().get("/pks/lookup?op=get&search=0x0002");
    return test::file_text(file).find("search=0x0002") != std::string::npos;
  }));
  EXPECT_EQ(test::file_text(file).find("search=0x0001"), std::string::npos);
}

TEST_P(Start, ServesTheFilesOfItsWebRoot) {
  std::filesystem::create_directory(keyserver().folder() / "www");
  std::ofstream(keyserver().folder() / "www/index.html") << "<h1>Keys</h1>";
  section("")["webroot"] = quoted(keyserver().folder() / "www");
  keyserver().start();
  EXPECT_EQ(keyserver().get("/").body, "<h1>Keys</h1>");
  EXPECT_EQ(keyserver().get("/pks/health").body, "OK");
}

}  // namespace
}  // namespace contract
