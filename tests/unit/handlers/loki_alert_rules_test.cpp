// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The LogQL of the alert rules against lines that Hockeypuck 2.3.3 logged. What they use of regular
// expressions is the same in RE2 and ECMAScript.
#include "alert_rules.hpp"
#include "cos_files.hpp"
#include "databags.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <regex>
#include <set>

namespace {

using nlohmann::json;

/// One rule as Loki gets it.
struct Rule {
  std::string alert;
  std::string expression;
};

std::vector<Rule> rules() {
  std::vector<Rule> found;
  const json all =
      json::parse(charm::cos::alert_rules(charm::cos::loki_alert_rules(), test::leader_unit()));
  for (const auto& group : all.at("groups")) {
    for (const auto& rule : group.at("rules")) {
      found.push_back({rule.at("alert"), rule.at("expr")});
    }
  }
  return found;
}

/// What stands in backticks behind an operator of the expression.
std::string operand(const Rule& rule, const std::string& operation) {
  const auto start = rule.expression.find(operation + " `");
  if (start == std::string::npos) {
    return {};
  }
  const auto text = start + operation.size() + 2;
  return rule.expression.substr(text, rule.expression.find('`', text) - text);
}

bool takes(const Rule& rule, const std::string& line) {
  const std::string unwanted = operand(rule, "!=");
  return std::regex_search(line, std::regex(operand(rule, "|~"))) &&
         (unwanted.empty() || line.find(unwanted) == std::string::npos);
}

std::set<std::string> alerts_for(const std::string& line) {
  std::set<std::string> alerts;
  for (const Rule& rule : rules()) {
    if (takes(rule, line)) {
      alerts.insert(rule.alert);
    }
  }
  return alerts;
}

TEST(LokiAlertRules, TakeTheLinesThatAreMeantAndNoOthers) {
  std::ifstream file(TEST_DATA_DIR "/hockeypuck/log_lines.tsv");
  std::set<std::string> seen;
  for (std::string text; std::getline(file, text);) {
    const std::string alert = text.substr(0, text.find('\t'));
    const std::string line = text.substr(text.find('\t') + 1);
    const std::set<std::string> expected =
        alert == "-" ? std::set<std::string>() : std::set<std::string>{alert};
    EXPECT_EQ(alerts_for(line), expected) << line;
    seen.insert(expected.begin(), expected.end());
  }
  std::set<std::string> all;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(all.insert(rule.alert).second) << rule.alert;
  }
  EXPECT_EQ(seen, all);
}

TEST(LokiAlertRules, KnowAFatalErrorAndARemoteRefusal) {
  const std::string recon =
      "time=\"2026-11-23T21:14:41Z\" level=error msg=\"recon with recon=192.0.2.7:11370, "
      "http=192.0.2.7:11371, weight=0, addr=192.0.2.7:11370, ips=[192.0.2.7] failed\" error=\"";
  EXPECT_EQ(alerts_for("fatal error: all goroutines are asleep - deadlock!"),
            std::set<std::string>{"HockeypuckPanic"});
  EXPECT_EQ(alerts_for(recon + "mismatched filters: remote rejected configuration\""),
            std::set<std::string>{"HockeypuckReconRefusedByPeer"});
  EXPECT_EQ(
      alerts_for(recon + "sync not available, currently mutating: remote rejected configuration\""),
      std::set<std::string>());
}

// Whoever looks something up writes into the log.
TEST(LokiAlertRules, AreNotMadeToFireByWhatPeopleAskFor) {
  for (const auto* const search : {"panic: x", "level=error msg=\\\"HTTP 500: x\\\"",
                                   "level=warning msg=\\\"connection rejected from x\\\""}) {
    EXPECT_EQ(alerts_for(std::string("time=\"2026-11-23T21:14:07Z\" level=info GET=\"/pks/lookup?"
                                     "op=get&search=") +
                         search + "\" duration=7ms host=\"localhost:11371\" status-code=404"),
              std::set<std::string>())
        << search;
  }
}

TEST(LokiAlertRules, AreBoundToThisApplication) {
  for (const Rule& rule : rules()) {
    EXPECT_NE(
        rule.expression.find("({juju_model=\"keyserver\",juju_model_uuid=\"5b1c2a9e-3f47-4d0a-"
                             "9c53-1e8f2b6d7a10\",juju_application=\"hockeypuck-k8s\"} |~ `^"),
        std::string::npos)
        << rule.expression;
    EXPECT_EQ(rule.expression.find("%%"), std::string::npos) << rule.alert;
  }
}

}  // namespace
