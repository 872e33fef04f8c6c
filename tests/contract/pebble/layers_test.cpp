// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"

#include <yaml-cpp/yaml.h>

#include <string>

namespace contract::pebble {
namespace {

class Layers : public PebbleContract {};

Answer add(const AgentUnderTest& agent, const std::string& label, const std::string& yaml,
           bool combine = false) {
  return agent.post("/v1/layers", {{"action", "add"},
                                   {"combine", combine},
                                   {"label", label},
                                   {"format", "yaml"},
                                   {"layer", yaml}});
}

/// YAML as JSON, with every scalar as a text.
Json as_json(const YAML::Node& node) {
  if (node.IsMap()) {
    Json map = Json::object();
    for (const auto& entry : node) {
      map[entry.first.Scalar()] = as_json(entry.second);
    }
    return map;
  }
  if (node.IsSequence()) {
    Json list = Json::array();
    for (const YAML::Node& item : node) {
      list.push_back(as_json(item));
    }
    return list;
  }
  return node.Scalar();
}

Json plan(const AgentUnderTest& agent) {
  return as_json(YAML::Load(agent.plan()));
}

TEST_P(Layers, MergeAppendsListsAndNeverClears) {
  const AgentUnderTest agent(program());
  agent.add_layer("one", R"(
services:
  a: {override: replace, command: sleep 1, summary: s, environment: {A: "1", B: "2"}}
log-targets: {t: {override: replace, type: loki, location: "http://x/", services: [a]}}
)");
  agent.add_layer("two", R"(
services: {a: {override: merge, summary: "", environment: {A: null}, user-id: 0}}
log-targets: {t: {override: merge, services: [-all]}}
)");
  EXPECT_EQ(plan(agent), Json::parse(R"({
    "services": {"a": {"summary": "s", "override": "replace", "command": "sleep 1",
                       "environment": {"A": "", "B": "2"}, "user-id": "0"}},
    "log-targets": {"t": {"override": "replace", "type": "loki", "location": "http://x/",
                          "services": ["a", "-all"]}}})"));
}

TEST_P(Layers, CombiningChangesALayerInItsPlace) {
  const AgentUnderTest agent(program());
  agent.add_layer("low", "services: {a: {override: replace, command: sleep 1}}");
  agent.add_layer("high", "services: {a: {override: merge, summary: high}}");
  agent.add_layer("low", "services: {a: {override: replace, command: sleep 2, summary: low}}",
                  true);
  EXPECT_EQ(plan(agent)["services"]["a"],
            (Json{{"summary", "high"}, {"override", "replace"}, {"command", "sleep 2"}}));
}

TEST_P(Layers, CombiningReplacesAnEntryCompletely) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services: {a: {override: replace, command: sleep 1, environment: {A: x}}}");
  agent.add_layer("l", "services: {a: {override: replace, command: sleep 1}}", true);
  EXPECT_EQ(plan(agent)["services"]["a"], (Json{{"override", "replace"}, {"command", "sleep 1"}}));
  EXPECT_EQ(add(agent, "l", "services: {}").status, 400) << "a layer with that label exists";
}

TEST_P(Layers, ABadLayerLeavesThePlanAsItWas) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services: {a: {override: replace, command: sleep 1}}");
  const std::string before = agent.plan();
  for (const char* layer :
       {"services: {a: {override: merge, command: sleep 2}, b: {override: replace}}",
        "services: {a: {command: sleep 2}}", "services: {a: {override: replace, comand: x}}",
        "service: {}", "services: {a: {override: replace, command: \"sh -c 'open\"}}",
        "services: {a: {override: merge, kill-delay: 10}}",
        "services: {a: {override: merge, user-id: me}}", "services: [a]", "{",
        "checks: {c: {override: replace}}",
        "checks: {c: {override: replace, tcp: {port: 1}, http: {url: \"http://x/\"}}}",
        "checks: {c: {override: replace, tcp: {port: 1}, level: good}}",
        "checks: {c: {override: replace, tcp: {port: 1}, period: 0s}}",
        "log-targets: {t: {override: replace, type: loki, location: x, services: [nobody]}}",
        "log-targets: {t: {override: replace, type: loki}}"}) {
    EXPECT_EQ(add(agent, "m", layer).status, 400) << layer;
    EXPECT_EQ(agent.plan(), before);
  }
  // The label is still unused.
  EXPECT_EQ(add(agent, "m", "services: {}").status, 200);
}

TEST_P(Layers, AnUnknownKeyIsNamed) {
  const AgentUnderTest agent(program());
  const Answer answer = add(agent, "l", "checks: {c: {override: replace, tcp: {prot: 1}}}");
  EXPECT_NE(answer.message().find("field prot not found"), std::string::npos) << answer.message();
  EXPECT_EQ(agent.plan(), "{}\n");
}

TEST_P(Layers, ThePlanKeepsEveryTextAndWritesDurationsShortly) {
  const AgentUnderTest agent(program());
  Json environment = Json::object();
  for (const char* text :
       {"true",         "1.50",      "0x1F",     "2026-01-02", "- dash",
        " space",       "tab\there", "quote's",  "a: b",       "#no",
        "\u00e9",       "*star",     "12:30:45", "~",          "{}",
        "two\n  lines", "end:",      "-",        "NO",         "back\\slash",
        "trailing ",    "? x",       "!tag",     "=",          "\xf0\x9f\x94\x91",
        "null"}) {
    environment["K" + std::to_string(environment.size())] = text;
  }
  const Json layer{{"services",
                    {{"a",
                      {{"override", "replace"},
                       {"command", "sh -c \"x: y # z\""},
                       {"summary", "two\nlines\n"},
                       {"environment", environment},
                       {"backoff-delay", "90s"},
                       {"kill-delay", "1500ms"}}}}},
                   {"checks",
                    {{"c",
                      {{"override", "replace"},
                       {"period", "3600s"},
                       {"timeout", "60s"},
                       {"tcp", {{"port", 1}}}}}}}};
  agent.add_layer("l", layer.dump());
  Json expected = layer;
  expected["services"]["a"]["backoff-delay"] = "1m30s";
  expected["services"]["a"]["kill-delay"] = "1.5s";
  expected["checks"]["c"]["period"] = "1h0m0s";
  expected["checks"]["c"]["timeout"] = "1m0s";
  expected["checks"]["c"]["threshold"] = "3";
  expected["checks"]["c"]["tcp"]["port"] = "1";
  EXPECT_EQ(plan(agent), expected);
}

RUN_AGAINST_BOTH(Layers);

}  // namespace
}  // namespace contract::pebble
