// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The program by the name juju, as tests that know only Juju use it: Jubilant's keys, and the texts
// that it looks for.

#include "tests/contract/hook_tools/rehearse_command.hpp"
#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>

namespace rehearsal::test {
namespace {

using Json = nlohmann::json;
using Names = std::vector<std::string>;

constexpr const char* answering_script = R"sh(
case $JUJU_DISPATCH_PATH in
  actions/*)
    action-set "where=$(action-get to)"
    [ "$(action-get to)" != nowhere ] || action-fail "no such place"
    [ "$(action-get to)" != crash ] || exit 3
    [ "$(action-get to)" != slowly ] || sleep 0.3;;
  *)
    [ ! -e "$here/broken" ] || exit 1
    status-set active "$(config-get name)";;
esac
)sh";

class Juju : public ::testing::Test {
 protected:
  void SetUp() override {
    charm_ = juju_.charm("hk", "requires: {db: {interface: pg}}\npeers: {peers: {interface: x}}\n",
                         "here=" + juju_.directory().string() + "\n" + answering_script);
    juju_.write("hk/config.yaml", "options: {name: {type: string, default: ready}}\n");
    juju_.write("hk/actions.yaml", "go: {description: Goes, params: {to: {type: string}}}\n");
    done({"add-model", "--no-switch", "m", "--config", "update-status-hook-interval=10s"});
  }

  void TearDown() override {
    if (HasFailure()) {
      std::cerr << juju_.run({"-m", "m", "debug-log", "-n", "40"}).output;
    }
    static_cast<void>(juju_.run({"destroy-model", "m"}));
  }

  [[nodiscard]] ::test::CommandResult run(const Names& arguments) const {
    return juju_.run(arguments, "juju");
  }

  /// Must succeed.
  std::string done(const Names& arguments) const {
    const ::test::CommandResult result = run(arguments);
    EXPECT_EQ(result.status, 0) << arguments.front() << ": " << result.error;
    return result.output;
  }

  /// In the model, in JSON, and nothing else on standard output.
  [[nodiscard]] Json json(Names arguments) const {
    arguments.insert(arguments.begin() + 1, {"--model", "m", "--format", "json"});
    return Json::parse(run(arguments).output);
  }

  std::string in_model(Names arguments) const {
    arguments.insert(arguments.begin() + 1, {"--model", "m"});
    return done(arguments);
  }

  [[nodiscard]] std::string refusal(const Names& arguments) const {
    const ::test::CommandResult result = run(arguments);
    EXPECT_NE(result.status, 0) << arguments.front();
    EXPECT_EQ(result.output, "");
    return result.error;
  }

  static Names missing(const Json& json, const Names& keys) {
    Names names;
    for (const std::string& key : keys) {
      if (!json.contains(key)) {
        names.push_back(key);
      }
    }
    return names;
  }

  RehearseCommand juju_{"local"};
  std::string charm_;
};

TEST_F(Juju, ShowsStatusWithEveryKeyThatIsRead) {
  in_model({"deploy", charm_});
  const Json status = json({"status"});
  EXPECT_EQ(missing(status, {"model", "machines", "applications", "controller"}), Names());
  EXPECT_EQ(missing(status["model"], {"name", "type", "controller", "cloud", "version"}), Names());
  const Json app = status["applications"]["hk"];
  EXPECT_EQ(missing(app, {"charm", "charm-origin", "charm-name", "charm-rev", "exposed", "base"}),
            Names());
  EXPECT_EQ(app["charm"], "local:hk-0");
  EXPECT_EQ(json({"status", "none"})["applications"], Json::object());
}

TEST_F(Juju, DatesTheStatusOfAnApplicationWithoutUnits) {
  in_model({"deploy", charm_, "-n", "0"});
  const std::string since = json({"status"})["applications"]["hk"]["application-status"]["since"];
  EXPECT_GT(since, "2026-01-01");
}

TEST_F(Juju, EscapesLineSeparatorsInJson) {
  in_model({"deploy", charm_, "--config", "name=a\u2028b"});
  Names arguments{"status", "--model", "m", "--format", "json"};
  EXPECT_NE(run(arguments).output.find("a\\u2028b"), std::string::npos);
}

TEST_F(Juju, FindsAModelByEveryFormOfItsName) {
  const Json shown = json({"show-model", "m"})["m"];
  EXPECT_EQ(missing(shown, {"name", "short-name", "model-uuid", "model-type", "controller-uuid",
                            "controller-name", "is-controller", "cloud", "life", "status"}),
            Names());
  EXPECT_EQ(shown["name"], "admin/m");
  for (const char* name : {"m", "admin/m", "rehearsal:m", "rehearsal:admin/m"}) {
    EXPECT_EQ(Json::parse(done({"show-model", "--format", "json", name}))["m"]["model-uuid"],
              shown["model-uuid"])
        << name;
  }
  EXPECT_EQ(refusal({"status", "-m", "elsewhere:admin/m"}),
            "ERROR controller elsewhere not found\n");
  EXPECT_EQ(refusal({"status", "-m", "bob/m"}), "ERROR model rehearsal:bob/m not found\n");
}

TEST_F(Juju, MakesNoModelOfAWrongName) {
  EXPECT_EQ(refusal({"status", "-m", "typo"}), "ERROR model rehearsal:admin/typo not found\n");
  EXPECT_EQ(refusal({"deploy", "-m", "typo", charm_}),
            "ERROR model rehearsal:admin/typo not found\n");
  EXPECT_EQ(refusal({"destroy-model", "typo", "--no-prompt"}),
            "ERROR model rehearsal:admin/typo not found\n");
  EXPECT_NE(refusal({"add-model", "../x"}).find("is not a valid name"), std::string::npos);
  EXPECT_NE(refusal({"add-model", "m"}).find("already exists"), std::string::npos);
  EXPECT_EQ(juju_.run({"-m", "typo", "status"}).status, 1);
  EXPECT_EQ(done({"models"}), "m\n");
}

TEST_F(Juju, SwitchesBetweenModels) {
  done({"add-model", "other"});
  EXPECT_EQ(done({"switch"}), "rehearsal:admin/other\n");
  done({"switch", "admin/m"});
  EXPECT_EQ(done({"switch"}), "rehearsal:admin/m\n");
  EXPECT_EQ(Json::parse(done({"models", "--format", "json"}))["models"][1]["short-name"], "other");
  done({"destroy-model", "other", "--no-prompt", "--destroy-storage", "--force", "--no-wait",
        "--timeout", "10s"});
}

TEST_F(Juju, ConfiguresTheModel) {
  EXPECT_EQ(json({"model-config"})["update-status-hook-interval"]["Value"], "10s");
  in_model({"model-config", "--reset", "update-status-hook-interval"});
  EXPECT_EQ(json({"model-config"})["update-status-hook-interval"]["Value"], "5m");
  EXPECT_EQ(json({"model-constraints"}), Json::object());
  in_model({"set-model-constraints", "arch=amd64", "mem=1G", "cores=4"});
  EXPECT_EQ(json({"model-constraints"}), Json({{"arch", "amd64"}, {"mem", 1024}, {"cores", 4}}));
  EXPECT_NE(refusal({"set-model-constraints", "-m", "m", "colour=red"}), "");
}

TEST_F(Juju, ShowsAndResetsConfiguration) {
  in_model({"deploy", charm_});
  in_model({"config", "hk", "name=other"});
  EXPECT_EQ(json({"config", "hk"})["settings"]["name"]["value"], "other");
  EXPECT_EQ(json({"config", "hk"})["settings"]["name"]["type"], "string");
  in_model({"config", "hk", "--reset", "name"});
  EXPECT_EQ(json({"config", "hk"})["settings"]["name"]["value"], "ready");
  in_model({"trust", "hk", "--scope", "cluster"});
  EXPECT_EQ(json({"config", "hk"})["application-config"]["trust"]["value"], true);
  in_model({"trust", "hk", "--remove", "--scope", "cluster"});
  EXPECT_EQ(json({"config", "hk"})["application-config"]["trust"]["value"], false);
}

TEST_F(Juju, LetsAClientThatPollsSeeTheRetryOfAFailedHook) {
  juju_.write("broken", "");
  in_model({"deploy", charm_});
  EXPECT_EQ(json({"status"})["applications"]["hk"]["application-status"]["current"], "error");
  std::filesystem::remove(juju_.directory() / "broken");
  // Juju tries a failed hook again after five seconds.
  EXPECT_TRUE(::test::eventually(
      [this] {
        return json({"status"})["applications"]["hk"]["application-status"]["current"] == "active";
      },
      std::chrono::seconds(20)));
}

TEST_F(Juju, ReportsTasks) {
  in_model({"deploy", charm_});
  const Json task = json({"run", "hk/leader", "go", "to=there"})["hk/0"];
  EXPECT_EQ(missing(task, {"id", "status", "results"}), Names());
  EXPECT_EQ(task["results"]["where"], "there");
  const ::test::CommandResult failed =
      run({"run", "-m", "m", "--format", "json", "hk/0", "go", "to=nowhere"});
  EXPECT_EQ(failed.status, 1);
  EXPECT_NE(failed.error.find("the following task failed:\n - id \""), std::string::npos);
  EXPECT_EQ(Json::parse(failed.output)["hk/0"]["message"], "no such place");
  EXPECT_EQ(json({"run", "hk/0", "go", "to=crash"})["hk/0"]["results"]["return-code"], 3);
  EXPECT_EQ(refusal({"run", "-m", "m", "hk/0", "go", "to=slowly", "--wait", "0.001s"}),
            "ERROR timed out waiting for results from: unit hk/0\n");
}

TEST_F(Juju, SucceedsWithNothingWhenNoTaskCanBeScheduled) {
  in_model({"deploy", charm_});
  for (const Names& words : {Names{"hk/0", "none"}, Names{"hk/42", "go"}}) {
    const ::test::CommandResult result = run({"run", "-m", "m", words[0], words[1]});
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.output, "");
    EXPECT_NE(result.error.find("failed to schedule any tasks"), std::string::npos);
  }
  EXPECT_EQ(refusal({"run", "-m", "m", "hk/first", "go"}),
            "ERROR invalid unit name \"hk/first\"\n");
  EXPECT_EQ(refusal({"run", "-m", "m", "hk/0", "go", "to"}),
            "ERROR argument \"to\" must be of the form key.key.key...=value\n");
}

TEST_F(Juju, ExecutesInTheContextOfAHook) {
  in_model({"deploy", charm_});
  const Json task =
      json({"exec", "--unit", "hk/leader", "--", "config-get name; is-leader"})["hk/0"];
  EXPECT_EQ(task["results"]["stdout"], "ready\nTrue\n");
  EXPECT_EQ(task["results"]["return-code"], 0);
  in_model({"exec", "--unit", "hk/0", "--", "status-set", "active", "by hand"});
  EXPECT_EQ(json({"status"})["applications"]["hk"]["application-status"]["message"], "by hand");
  in_model({"exec", "--unit", "hk/0", "--", "state-set", "a=b c"});
  EXPECT_EQ(in_model({"exec", "--unit", "hk/0", "state-get a"}), "b c\n");
  const ::test::CommandResult failed =
      run({"exec", "-m", "m", "--format", "json", "--unit", "hk/0", "--", "exit 4"});
  EXPECT_EQ(failed.status, 1);
  EXPECT_NE(failed.error.find("with return code 4"), std::string::npos);
  EXPECT_EQ(refusal({"exec", "-m", "m", "--unit", "hk/0", "--wait", "0.05s", "--", "sleep 5"}),
            "ERROR timed out waiting for results from: unit hk/0\n");
  EXPECT_EQ(refusal({"exec", "-m", "m", "--machine", "0", "true"}),
            "ERROR unable to target machines with a k8s controller\n");
}

TEST_F(Juju, AddsAndRemovesUnits) {
  in_model({"deploy", charm_});
  const auto units = [this] { return json({"status"})["applications"]["hk"]["units"].size(); };
  in_model({"add-unit", "hk", "--num-units", "2"});
  EXPECT_EQ(units(), 3U);
  in_model({"remove-unit", "hk", "--no-prompt", "--num-units", "2", "--destroy-storage"});
  EXPECT_EQ(units(), 1U);
  EXPECT_NE(refusal({"remove-unit", "-m", "m", "hk/0"}).find("--num-units"), std::string::npos);
  EXPECT_EQ(refusal({"remove-application", "-m", "m", "hk", "none"}),
            "ERROR application \"none\" not found\n");
  EXPECT_EQ(units(), 1U);
}

TEST_F(Juju, KeepsSecretsOfTheUser) {
  in_model({"deploy", charm_});
  juju_.write("secret.yaml", "username: usr\npassword: hunter2\n");
  const std::string uri =
      in_model({"add-secret", "one", "--info", "Text.", "--file", "secret.yaml"});
  ASSERT_EQ(uri.rfind("secret:", 0), 0U);
  const std::string id = uri.substr(7, 20);
  const Json shown = json({"show-secret", "one", "--reveal"})[id];
  EXPECT_EQ(missing(shown, {"revision", "owner", "created", "updated"}), Names());
  EXPECT_EQ(shown["owner"], "<model>");
  EXPECT_EQ(shown["content"]["Data"], Json({{"username", "usr"}, {"password", "hunter2"}}));
  in_model({"update-secret", "one", "username=next", "--info", "New.", "--name", "two"});
  in_model({"grant-secret", "two", "hk"});
  const Json all = json({"secrets"});
  EXPECT_EQ(all[id]["revision"], 2);
  EXPECT_EQ(all[id]["description"], "New.");
  EXPECT_EQ(all[id]["access"][0]["target"], "application-hk");
  EXPECT_EQ(json({"show-secret", id, "--revisions"})[id]["revisions"].size(), 2U);
  EXPECT_EQ(json({"show-secret", id, "--reveal", "--revision", "1"})[id]["content"]["Data"],
            shown["content"]["Data"]);
  in_model({"remove-secret", "two"});
  EXPECT_EQ(json({"secrets"}), Json::object());
}

TEST_F(Juju, ShowsAUnit) {
  in_model({"deploy", charm_});
  const Json unit = json({"show-unit", "hk/0"})["hk/0"];
  EXPECT_EQ(missing(unit, {"opened-ports", "charm", "leader", "life", "provider-id"}), Names());
  EXPECT_EQ(missing(unit["relation-info"][0],
                    {"relation-id", "endpoint", "related-endpoint", "application-data"}),
            Names());
}

TEST_F(Juju, LimitsTheLog) {
  in_model({"deploy", charm_});
  EXPECT_NE(in_model({"debug-log", "--limit", "0"}).find("install"), std::string::npos);
  const std::string last = in_model({"debug-log", "--limit", "1"});
  EXPECT_EQ(std::count(last.begin(), last.end(), '\n'), 1);
}

TEST_F(Juju, NamesItsVersion) {
  const std::string version = done({"version"});
  EXPECT_EQ(version.rfind("3.6.", 0), 0U);
  EXPECT_EQ(Json::parse(done({"version", "--all", "--format", "json"}))["version"].dump() + "\n",
            "\"" + version.substr(0, version.size() - 1) + "\"\n");
}

TEST_F(Juju, AcceptsOptionsWithoutMeaningAndSaysSo) {
  const ::test::CommandResult result =
      run({"deploy", "-m", "m", charm_, "--channel", "latest/edge", "--base", "ubuntu@24.04",
           "--revision", "7", "--storage", "a=1G", "--to", "x", "--force", "--trust"});
  EXPECT_EQ(result.status, 0) << result.error;
  EXPECT_NE(result.error.find("The rehearsal ignores --channel.\n"), std::string::npos);
  in_model({"refresh", "hk", "--path", charm_, "--channel", "edge", "--force", "--force-units",
            "--config", "name=later"});
  EXPECT_EQ(json({"config", "hk"})["settings"]["name"]["value"], "later");
}

TEST_F(Juju, RefusesCloudsMachinesAndTheLikeByName) {
  EXPECT_EQ(refusal({"add-cloud", "x"}),
            "ERROR juju add-cloud is not available: the rehearsal has no clouds\n");
  for (const char* command : {"add-machine", "bootstrap", "offer", "consume", "add-ssh-key",
                              "add-credential", "find-offers", "show-cloud"}) {
    EXPECT_NE(refusal({command, "x", "--flag", "y"}).find("is not available: the rehearsal "),
              std::string::npos)
        << command;
  }
}

TEST_F(Juju, NeedsAnImageForALocalCharm) {
  const std::string charm =
      juju_.charm("web",
                  "containers: {web: {resource: web-image}, log: {resource: log-image}}\n"
                  "resources: {web-image: {type: oci-image}, log-image: {type: oci-image}}\n",
                  "true");
  EXPECT_EQ(refusal({"deploy", "-m", "m", charm}),
            "ERROR local charm missing OCI images for: log-image, web-image\n");
  EXPECT_EQ(refusal({"deploy", "-m", "m", charm, "--resource", "web-image=/nonexist"}),
            "ERROR image folder /nonexist does not exist\n");
  EXPECT_EQ(json({"status"})["applications"], Json::object());
}

TEST_F(Juju, PassesStandardInputAndOutputAsTheyAre) {
  in_model({"deploy", charm_});
  const ::test::CommandResult copied =
      juju_.run({"ssh", "-m", "m", "--container", "charm", "hk/0", "cat"}, "juju", "a\nfoo");
  EXPECT_EQ(copied.output, "a\nfoo");
}

}  // namespace
}  // namespace rehearsal::test
