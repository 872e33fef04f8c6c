// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/journal.hpp"
#include "rehearsal/model/model.hpp"
#include "rehearsal/model/store.hpp"
#include "rehearsal/model/tools/arguments.hpp"
#include "rehearsal/model/yaml_json.hpp"
#include "tests/unit/rehearsal/model/small_model.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rehearsal::test {
namespace {

using Json = nlohmann::json;

TEST(Yaml, KeepsQuotedScalarsAsStrings) {
  EXPECT_EQ(yaml_to_json("{a: 1, b: '1', c: true, d: \"true\", e: , f: 1.5, g: 1.2.3, h: [x]}"),
            Json::parse(R"({"a":1,"b":"1","c":true,"d":"true","e":null,"f":1.5,"g":"1.2.3",
                            "h":["x"]})"));
  EXPECT_EQ(yaml_to_json(R"({"port":"8080"})"), Json::parse(R"({"port":"8080"})"));
}

TEST(Yaml, ReadsBackWhatItWrote) {
  const Json value = Json::parse(
      R"({"number":"007","bool":"true","null":"null","lines":"a\nb\n","list":[1,"2"],"no":{}})");
  EXPECT_EQ(yaml_to_json(json_to_yaml(value)), value);
}

TEST(GoJson, EscapesAsGoDoes) {
  EXPECT_EQ(go_json({{"b", "<a&b>"}, {"a", 1}}), R"({"a":1,"b":"\u003ca\u0026b\u003e"})");
  EXPECT_EQ(go_json("a\u2028b\u2029c\u2027"), "\"a\\u2028b\\u2029c\u2027\"");
}

TEST(Durations, AreThoseOfGo) {
  EXPECT_EQ(parse_duration("1h30m"), 90 * one_minute);
  EXPECT_EQ(parse_duration("250ms"), 250);
  EXPECT_EQ(parse_duration("1.5s"), 1500);
  EXPECT_EQ(parse_duration("5"), std::nullopt);
  EXPECT_EQ(parse_duration("x"), std::nullopt);
}

TEST(Times, AreThoseOfRfc3339) {
  EXPECT_EQ(format_time(one_minute), "1970-01-01T00:01:00Z");
}

TEST(ModelJson, KeepsEverything) {
  Model model = small_model();
  const int relation = integrate(model);
  add_secret(model, relation);
  take_all(model);
  model.unit("hk/0").failed = FailedHook{.event = {.kind = EventKind::start}, .attempts = 3};
  model.application("hk").config = {{"a", true}, {"b", std::int64_t{1}}, {"c", std::string("x")}};
  model.tasks[4] = Task{.id = 4, .unit = "hk/0", .action = "backup", .log = {"a"}};
  Model expected = model;
  for (auto& [name, app] : expected.applications) {
    app.charm = {};
  }
  EXPECT_EQ(model_from_json(model_to_json(model)), expected);
}

TEST(LogLine, LooksAsInDebugLog) {
  EXPECT_EQ(format_log_line({one_minute, "hk/0", "INFO", "unit.hk/0.juju-log", "text"}),
            "unit-hk-0: 00:01:00 INFO unit.hk/0.juju-log text");
}

TEST(ToolArguments, MayComeInAnyOrderUntilTwoDashes) {
  const std::vector<tools::Flag> flags{{.name = "relation", .short_name = "r"},
                                       {.name = "app", .short_name = {}, .takes_value = false}};
  const tools::Arguments arguments({"-r", "db:1", "key", "--app", "--", "--x"}, flags);
  EXPECT_EQ(arguments.value("relation"), "db:1");
  EXPECT_TRUE(arguments.has("app"));
  EXPECT_EQ(arguments.words(), (std::vector<std::string>{"key", "--x"}));
  EXPECT_EQ(tools::Arguments({"--relation=db:1"}, flags).value("relation"), "db:1");
  EXPECT_THROW(tools::Arguments({"--nope"}, flags), tools::ToolError);
  EXPECT_THROW(tools::Arguments({"-r"}, flags), tools::ToolError);
}

}  // namespace
}  // namespace rehearsal::test
