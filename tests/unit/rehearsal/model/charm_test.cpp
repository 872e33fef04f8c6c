// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/charm.hpp"

#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace rehearsal::test {
namespace {

using Json = nlohmann::json;

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

class CharmFiles : public ::testing::Test {
 protected:
  ::test::TemporaryDirectory directory_{"charm"};
};

constexpr const char* metadata = R"(name: hk
summary: A keyserver
charm-user: non-root
containers:
  web: {resource: web-image, mounts: [{storage: data, location: /srv}]}
resources: {web-image: {type: oci-image}, tool: {type: file, filename: tool}}
storage: {data: {type: filesystem}}
requires: {db: {interface: postgresql_client, limit: 1}}
provides: {metrics: {interface: prometheus_scrape}}
peers: {peers: {interface: hk_peers}}
extra-bindings: {public: null}
)";

TEST_F(CharmFiles, AreReadFromSeparateFiles) {
  write(directory_.path() / "metadata.yaml", metadata);
  write(directory_.path() / "config.yaml",
        "options:\n  port: {type: int, default: 80}\n  ratio: {type: float, default: 1}\n"
        "  name: {type: string}\n  number: {type: string, default: \"007\"}\n");
  write(directory_.path() / "actions.yaml",
        "backup:\n  description: Backs up\n  params: {to: {type: string}}\n  required: [to]\n"
        "  additionalProperties: false\n"
        "restore:\n  properties: {from: {type: string}}\n");
  const Charm charm = read_charm(directory_.path());
  EXPECT_EQ(charm.user, "non-root");
  EXPECT_EQ(charm.endpoints.at("db"), (Endpoint{"db", "postgresql_client", Role::requirer, 1}));
  EXPECT_EQ(charm.endpoints.at("peers").role, Role::peer);
  EXPECT_EQ(charm.containers.at("web").mounts.at(0), (Mount{"data", "/srv"}));
  EXPECT_EQ(charm.resources.at("tool"), "file");
  EXPECT_EQ(charm.options.at("port").default_value, ConfigValue(std::int64_t{80}));
  EXPECT_EQ(charm.options.at("ratio").default_value, ConfigValue(1.0));
  EXPECT_EQ(charm.options.at("name").default_value, std::nullopt);
  EXPECT_EQ(charm.options.at("number").default_value, ConfigValue(std::string("007")));
  EXPECT_FALSE(charm.actions.at("backup").additional_properties);
  EXPECT_EQ(charm.actions.at("restore").params, R"({"from":{"type":"string"}})");
  EXPECT_EQ(charm.extra_bindings, std::set<std::string>{"public"});
}

TEST_F(CharmFiles, MayAllBeInCharmcraftYaml) {
  write(directory_.path() / "charmcraft.yaml",
        "name: hk\nrequires: {db: {interface: pg}}\nconfig: {options: {debug: {type: boolean, "
        "default: false}}}\nactions: {backup: {description: x}}\n");
  const Charm charm = read_charm(directory_.path());
  EXPECT_EQ(charm.endpoints.at("db").interface, "pg");
  EXPECT_EQ(charm.options.at("debug").default_value, ConfigValue(false));
  EXPECT_EQ(charm.actions.count("backup"), 1U);
}

TEST_F(CharmFiles, ThatNameNoCharmAreRefused) {
  EXPECT_THROW(static_cast<void>(read_charm(directory_.path())), UserError);
  write(directory_.path() / "metadata.yaml", "name: [\n");
  EXPECT_THROW(static_cast<void>(read_charm(directory_.path())), UserError);
}

TEST(ConfigText, IsTurnedIntoTheOptionsType) {
  EXPECT_EQ(parse_config_value("x", {.type = "int"}, "12"), ConfigValue(std::int64_t{12}));
  EXPECT_EQ(parse_config_value("x", {.type = "float"}, "1.5"), ConfigValue(1.5));
  EXPECT_EQ(parse_config_value("x", {.type = "boolean"}, "true"), ConfigValue(true));
  EXPECT_EQ(parse_config_value("x", {.type = "boolean"}, "1"), ConfigValue(true));
  EXPECT_EQ(parse_config_value("x", {.type = "boolean"}, "F"), ConfigValue(false));
  EXPECT_EQ(parse_config_value("x", {.type = "string"}, "12"), ConfigValue(std::string("12")));
  EXPECT_THROW(static_cast<void>(parse_config_value("x", {.type = "int"}, "12x")), UserError);
  EXPECT_THROW(static_cast<void>(parse_config_value("x", {.type = "boolean"}, "yes")), UserError);
  EXPECT_THROW(static_cast<void>(parse_config_value("x", {.type = "secret"}, "abc")), UserError);
}

TEST(ActionParams, AreTypedAndHaveTheirDefaults) {
  const ActionSpec spec{
      .params = R"({"count":{"type":"integer","default":3},"to":{"type":"string"}})",
      .required = {"to"}};
  const auto params = [&spec](const Json& given, bool strict = false) {
    return action_params("backup", spec, given, strict);
  };
  EXPECT_EQ(params({{"to", "12"}}), R"({"count":3,"to":"12"})");
  EXPECT_EQ(params({{"to", "x"}, {"count", 5}}), R"({"count":5,"to":"x"})");
  EXPECT_THROW(static_cast<void>(params({{"to", "x"}, {"count", "many"}})), UserError);
  EXPECT_THROW(static_cast<void>(params(Json::object())), UserError);
  EXPECT_NO_THROW(static_cast<void>(params({{"to", "x"}, {"more", 1}})));
  EXPECT_THROW(static_cast<void>(params({{"to", "x"}, {"more", 1}}, true)), UserError);
}

TEST(ActionArguments, AreYamlUnlessTheyAreToBeStrings) {
  EXPECT_EQ(
      action_arguments({"a=4711", "b=0x10", "c=010", "d=yes", "e=", "f=\"4711\"", "g=x y"}, false),
      Json::parse(R"({"a":4711,"b":16,"c":8,"d":true,"e":null,"f":"4711","g":"x y"})"));
  EXPECT_EQ(action_arguments({"a=one\ntwo", "b=ticket: 12", "c={x=\"y\"}"}, false),
            Json::parse(R"({"a":"one two","b":{"ticket":12},"c":{"x=\"y\"":null}})"));
  EXPECT_EQ(action_arguments({"a=4711", "b=one\ntwo", "c="}, true),
            Json::parse(R"({"a":"4711","b":"one\ntwo","c":""})"));
  EXPECT_THROW(static_cast<void>(action_arguments({"a"}, true)), UserError);
}

TEST(ActionArguments, WithDotsAreNested) {
  EXPECT_EQ(action_arguments({"nested.x=1", "nested.y.z=a", "b=2"}, false),
            Json::parse(R"({"b":2,"nested":{"x":1,"y":{"z":"a"}}})"));
  EXPECT_THROW(static_cast<void>(action_arguments({"a..b=1"}, false)), UserError);
  EXPECT_THROW(static_cast<void>(action_arguments({"Upper=1"}, false)), UserError);
}

TEST(ActionArguments, OfDigitsAreNumbersIfTheyFit) {
  EXPECT_EQ(action_arguments({"id=0x0123456789ABCDEF"}, false), Json({{"id", 81985529216486895}}));
  EXPECT_EQ(action_arguments({"id=0x0123456789ABCDEF0123456789ABCDEF01234567"}, false),
            Json({{"id", "0x0123456789ABCDEF0123456789ABCDEF01234567"}}));
  EXPECT_EQ(action_arguments({"id=1E5"}, false), Json({{"id", 100000.0}}));
  EXPECT_EQ(action_arguments({"at=2026-11-27T08:47:12Z"}, false),
            Json({{"at", "2026-11-27T08:47:12Z"}}));
}

TEST(ActionParams, OfObjectsHaveTheirDefaults) {
  const ActionSpec spec{
      .params =
          R"({"to":{"type":"object","properties":{"port":{"default":80},"host":{"type":"string"}}}})"};
  EXPECT_EQ(action_params("a", spec, Json::object(), false), R"({"to":{"port":80}})");
  EXPECT_EQ(action_params("a", spec, {{"to", {{"host", "h"}}}}, false),
            R"({"to":{"host":"h","port":80}})");
}

TEST(ActionParams, OfAnotherTypeAreRefusedInJujusWords) {
  const ActionSpec spec{
      .params = R"({"comment":{"type":"string"},"mode":{"type":"string","enum":["fast","slow"]},
                    "to":{"type":"object","properties":{"port":{"type":"integer"}},
                          "required":["port"],"additionalProperties":false}})",
      .additional_properties = false};
  const auto refusal = [&spec](const Json& given) {
    try {
      return action_params("block-keys", spec, given, false);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(refusal({{"comment", 4711}}),
            "validation failed: (root).comment : must be of type string, given 4711");
  EXPECT_EQ(refusal({{"more", "x"}}),
            "validation failed: (root) : additional property \"more\" is not allowed, given "
            "{\"more\":\"x\"}");
  EXPECT_EQ(refusal({{"mode", "slow"}}), R"({"mode":"slow"})");
  EXPECT_EQ(refusal({{"mode", "none"}}),
            "validation failed: (root).mode : must match one of the enum values "
            "[\"fast\",\"slow\"], given \"none\"");
  EXPECT_EQ(refusal({{"to", {{"port", "x"}}}}),
            "validation failed: (root).to.port : must be of type integer, given \"x\"");
  EXPECT_EQ(refusal({{"to", Json::object()}}),
            "validation failed: (root).to : \"port\" property is missing and required, given {}");
  EXPECT_EQ(refusal({{"to", {{"port", 1}, {"more", 2}}}}),
            "validation failed: (root).to : additional property \"more\" is not allowed, given "
            "{\"more\":2,\"port\":1}");
}

TEST(TaskResults, HaveWhatTheCharmPrinted) {
  EXPECT_EQ(with_output("{}", "hello\n", "", 0), R"({"return-code":0,"stdout":"hello\n"})");
  EXPECT_EQ(with_output(R"({"a":"1"})", "", "oops\n", 2),
            R"({"a":"1","return-code":2,"stderr":"oops\n"})");
}

}  // namespace
}  // namespace rehearsal::test
