// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The log lines that a receiver really got.
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"

#include <nlohmann/json.hpp>

namespace test {
namespace logging_test {

using nlohmann::json;
using Labels = std::map<std::string, std::string>;

constexpr const char* loki_unit = "loki-k8s/0";
const std::string forwarder = "log-forwarder=promtail";

class Logging : public RehearsalTest {
 protected:
  void deploy_with_loki(const std::vector<std::string>& more = {}) {
    model.deploy_postgresql();
    model.deploy_hockeypuck();
    model.integrate();
    add_loki("loki-k8s", more);
    ASSERT_TRUE(model.becomes("active"));
  }

  void add_loki(const std::string& name, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"deploy", "loki-k8s", name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    model.rehearse(arguments);
    model.rehearse({"integrate", "hockeypuck-k8s", name});
  }

  json action(const std::string& unit, const std::string& name,
              const std::vector<std::string>& parameters = {}) {
    std::vector<std::string> arguments = {"run", "--format", "json", unit, name};
    const std::vector<std::string> values = as_yaml(parameters);
    arguments.insert(arguments.end(), values.begin(), values.end());
    return json::parse(model.rehearse(arguments)).begin()->at("results");
  }

  /// The streams with lines that contain the text, as Loki answers.
  json streams(const std::string& unit, const std::string& text) {
    const std::string query = "query={juju_application=\"hockeypuck-k8s\"} |= \"" + text + "\"";
    return json::parse(
        action(unit, "show-logs", {query, "limit=1000"}).value("streams", std::string("[]")));
  }

  int count(const std::string& unit, const std::string& text) {
    int lines = 0;
    for (const json& stream : streams(unit, text)) {
      lines += static_cast<int>(stream.at("values").size());
    }
    return lines;
  }

  /// Makes the keyserver log a line that no other request causes.
  void ask_for(const std::string& name, const std::string& unit = hockeypuck_unit) {
    EXPECT_NE(http_status("/pks/lookup?op=index&search=" + name, unit), 0);
  }

  /// The request line of the lookup, which the keyserver logs once.
  static std::string line_of(const std::string& name) { return "search=" + name + "\\\""; }

  bool arrives(const std::string& unit, const std::string& name) {
    return eventually([&] { return count(unit, line_of(name)) > 0; });
  }

  Labels labels_of(const std::string& unit, const std::string& name) {
    const json found = streams(unit, line_of(name));
    return found.empty() ? Labels() : found.at(0).at("stream").get<Labels>();
  }

  Labels topology(const std::string& unit = hockeypuck_unit) const {
    const std::string uuid = model.kept().at("uuid");
    return {{"product", "Juju"},
            {"charm", "hockeypuck-k8s"},
            {"juju_charm", "hockeypuck-k8s"},
            {"juju_model", "keys"},
            {"juju_model_uuid", uuid},
            {"juju_application", "hockeypuck-k8s"},
            {"juju_unit", unit},
            {"job", "juju_keys_" + uuid.substr(0, 8) + "_hockeypuck-k8s"}};
  }
};

TEST_F(Logging, BringsTheKeyserversLinesWithAllLabelsToEveryLokiOnce) {
  deploy_with_loki({"-n", "2"});
  add_loki("other-loki");
  ASSERT_TRUE(model.becomes("active"));
  ask_for("needle-one");
  Labels labels = topology();
  labels["pebble_service"] = "hockeypuck";
  for (const auto* const unit : {"loki-k8s/0", "loki-k8s/1", "other-loki/0"}) {
    ASSERT_TRUE(arrives(unit, "needle-one")) << unit;
    EXPECT_EQ(count(unit, line_of("needle-one")), 1) << unit;
    EXPECT_EQ(labels_of(unit, "needle-one"), labels) << unit;
  }
  expect_settled();
}

TEST_F(Logging, GivesLokiTheAlertRules) {
  deploy_with_loki();
  const json rules = json::parse(action(loki_unit, "show-rules").at("rules").get<std::string>());
  ASSERT_EQ(rules.size(), 1U);
  const std::string uuid = model.kept().at("uuid");
  EXPECT_EQ(rules.begin().key(), "keys_" + uuid.substr(0, 8) + "_hockeypuck-k8s");
  EXPECT_EQ(rules.begin()->at("groups").size(), 3U);
  EXPECT_TRUE(model.becomes("active", "", "loki-k8s"));
}

TEST_F(Logging, SendsNothingMoreToAUnitOrARelationThatIsGone) {
  deploy_with_loki({"-n", "2"});
  add_loki("other-loki");
  ask_for("needle-one");
  for (const auto* const unit : {"loki-k8s/0", "loki-k8s/1", "other-loki/0"}) {
    ASSERT_TRUE(arrives(unit, "needle-one")) << unit;
  }
  model.rehearse({"scale", "loki-k8s", "1"});
  model.rehearse({"remove-relation", "hockeypuck-k8s", "other-loki"});
  ask_for("needle-two");
  EXPECT_TRUE(arrives("loki-k8s/0", "needle-two"));
  EXPECT_EQ(count("other-loki/0", line_of("needle-two")), 0);
  model.rehearse({"integrate", "hockeypuck-k8s", "other-loki"});
  model.rehearse({"remove-relation", "hockeypuck-k8s", "loki-k8s"});
  ask_for("needle-three");
  EXPECT_TRUE(arrives("other-loki/0", "needle-three"));
  EXPECT_EQ(count("loki-k8s/0", line_of("needle-three")), 0);
  expect_settled();
}

TEST_F(Logging, IsNotHeldUpByOneUnitThatIsNotReadyNorByOneThatRefuses) {
  deploy_with_loki({"-n", "3"});
  action("loki-k8s/0", "set-ready", {"ready=false"});
  action("loki-k8s/1", "answer-with", {"status=500"});
  ask_for("needle-one");
  EXPECT_TRUE(arrives("loki-k8s/2", "needle-one"));
  EXPECT_EQ(count("loki-k8s/0", line_of("needle-one")), 0);
  EXPECT_EQ(count("loki-k8s/1", line_of("needle-one")), 0);
  action("loki-k8s/0", "set-ready", {"ready=true"});
  action("loki-k8s/1", "answer-with", {"status=204"});
  ask_for("needle-two");
  for (const auto* const unit : {"loki-k8s/0", "loki-k8s/1", "loki-k8s/2"}) {
    EXPECT_TRUE(arrives(unit, "needle-two")) << unit;
  }
  // Pebble kept the lines that it could not deliver to the broken one.
  EXPECT_TRUE(arrives("loki-k8s/1", "needle-one"));
  EXPECT_EQ(model.status(), active);
}

TEST_F(Logging, GoesThroughPromtailByOptionAndBack) {
  deploy_with_loki({"-n", "2"});
  model.config({forwarder});
  ASSERT_EQ(model.status(), active);
  ask_for("needle-one");
  Labels labels = topology();
  labels["container"] = "hockeypuck";
  labels["filename"] = "/var/log/hockeypuck/hockeypuck.log";
  for (const auto* const unit : {"loki-k8s/0", "loki-k8s/1"}) {
    ASSERT_TRUE(arrives(unit, "needle-one")) << unit;
    EXPECT_EQ(count(unit, line_of("needle-one")), 1) << unit;
    EXPECT_EQ(labels_of(unit, "needle-one"), labels) << unit;
  }
  EXPECT_EQ(model.workload_output("stat -c %u /proc/$(pgrep -x promtail)"), "584792");
  expect_settled();

  model.config({"log-forwarder=pebble"});
  ASSERT_EQ(model.status(), active);
  EXPECT_EQ(model.workload_output("pgrep -x promtail"), "");
  EXPECT_EQ(model.workload_output("ls -d /var/lib/hockeypuck-promtail /var/log/hockeypuck"), "");
  ask_for("needle-two");
  ASSERT_TRUE(arrives(loki_unit, "needle-two"));
  EXPECT_EQ(labels_of(loki_unit, "needle-two").count("pebble_service"), 1U);
  expect_settled();
}

TEST_F(Logging, HasNoPromtailLeftWhenTheRelationGoes) {
  deploy_with_loki();
  model.config({forwarder});
  ask_for("needle-one");
  ASSERT_TRUE(arrives(loki_unit, "needle-one"));
  model.rehearse({"remove-relation", "hockeypuck-k8s", "loki-k8s"});
  EXPECT_EQ(model.workload_output("pgrep -x promtail"), "");
  EXPECT_EQ(model.workload_output("ls -d /var/lib/hockeypuck-promtail /var/log/hockeypuck"), "");
  add_loki("other-loki");
  ASSERT_TRUE(model.becomes("active"));
  ask_for("needle-two");
  EXPECT_TRUE(arrives("other-loki/0", "needle-two"));
  EXPECT_EQ(count(loki_unit, line_of("needle-two")), 0);
}

TEST_F(Logging, RefusesAPromtailWithAnotherDigestAndTakesTheRightOne) {
  deploy_with_loki({"--config", "promtail=wrong-digest"});
  model.config({forwarder});
  EXPECT_EQ(model.status(),
            (ShownStatus{"active",
                         "logs are not sent: promtail: the SHA-256 of the downloaded file is not "
                         "the declared one"}));
  EXPECT_EQ(model.workload_output("ls /var/lib/hockeypuck-promtail/promtail"), "");
  ask_for("needle-one");
  model.rehearse({"config", "loki-k8s", "promtail=missing"});
  EXPECT_NE(model.status().message.find("HTTP 404"), std::string::npos) << model.status().message;
  model.rehearse({"config", "loki-k8s", "promtail=absent"});
  EXPECT_EQ(model.status().message.rfind("logs are not sent: Loki offers no promtail", 0), 0U)
      << model.status().message;
  model.rehearse({"config", "loki-k8s", "promtail=served"});
  EXPECT_EQ(model.status(), active);
  ask_for("needle-two");
  EXPECT_TRUE(arrives(loki_unit, "needle-two"));
}

TEST_F(Logging, ThroughPromtailSurvivesARestartedContainerAndALogThatStartsAgain) {
  deploy_with_loki();
  model.config({forwarder});
  model.rehearse({"restart-container", hockeypuck_unit, "hockeypuck"});
  ASSERT_TRUE(model.becomes("active"));
  ask_for("needle-one");
  ASSERT_TRUE(arrives(loki_unit, "needle-one"));
  const std::string log = "/var/log/hockeypuck/hockeypuck.log";
  const std::string old = model.workload_output("stat -c %i " + log);
  // A hole uses no disk space, and reads as the beginning of one long line.
  model.workload_output("truncate -s 70M " + log);
  model.update_status();
  EXPECT_NE(model.workload_output("stat -c %i " + log), old);
  ask_for("needle-two");
  EXPECT_TRUE(arrives(loki_unit, "needle-two"));
  EXPECT_EQ(model.status(), active);
}

}  // namespace logging_test
}  // namespace test
