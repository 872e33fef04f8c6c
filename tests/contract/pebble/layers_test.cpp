// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"

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

TEST_P(Layers, MergeAppendsListsAndNeverClears) {
  const AgentUnderTest agent(program());
  agent.add_layer("one", R"(
services:
  a: {override: replace, command: sleep 1, summary: s, after: [b], environment: {A: "1", B: "2"}}
  b: {override: replace, command: sleep 1}
)");
  agent.add_layer("two", R"(
services:
  a: {override: merge, summary: "", after: [b], environment: {A: null}, user-id: 0}
)");
  EXPECT_EQ(agent.plan(), R"(services:
    a:
        summary: s
        override: replace
        command: sleep 1
        after:
            - b
            - b
        environment:
            A: ""
            B: "2"
        user-id: 0
    b:
        override: replace
        command: sleep 1
)");
}

TEST_P(Layers, CombiningChangesALayerInItsPlace) {
  const AgentUnderTest agent(program());
  agent.add_layer("low", "services: {a: {override: replace, command: sleep 1}}");
  agent.add_layer("high", "services: {a: {override: merge, summary: high}}");
  agent.add_layer("low", "services: {a: {override: replace, command: sleep 2, summary: low}}",
                  true);
  EXPECT_EQ(agent.plan(),
            "services:\n    a:\n        summary: high\n        override: replace\n"
            "        command: sleep 2\n");
}

TEST_P(Layers, CombiningReplacesAnEntryCompletely) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services: {a: {override: replace, command: sleep 1, environment: {A: x}}}");
  agent.add_layer("l", "services: {a: {override: replace, command: sleep 1}}", true);
  EXPECT_EQ(agent.plan(),
            "services:\n    a:\n        override: replace\n        command: sleep 1\n");
}

TEST_P(Layers, ABadLayerLeavesThePlanAsItWas) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "services: {a: {override: replace, command: sleep 1}}");
  const std::string before = agent.plan();
  EXPECT_EQ(add(agent, "m", R"(
services:
  a: {override: merge, command: sleep 2}
  b: {override: replace}
)")
                .status,
            400);
  EXPECT_EQ(agent.plan(), before);
  // Its label is still free.
  EXPECT_EQ(add(agent, "m", "services: {}").status, 200);
}

TEST_P(Layers, TheFolderIsReadAtTheStartAndItsLabelsCanBeCombinedInto) {
  const AgentUnderTest agent(
      program(),
      {.layers = {{"001-base.yaml", "services: {a: {override: replace, command: sleep 1}}"},
                  {"002-top.yaml", "services: {a: {override: merge, summary: top}}"}}});
  EXPECT_EQ(add(agent, "base", "services: {}").message(), "layer \"base\" already exists");
  agent.add_layer("base", "services: {a: {override: merge, command: sleep 3, summary: low}}", true);
  EXPECT_EQ(agent.plan(),
            "services:\n    a:\n        summary: top\n        override: replace\n"
            "        command: sleep 3\n");
}

TEST_P(Layers, AnUnknownKeyFailsTheWholeLayer) {
  const AgentUnderTest agent(program());
  const Answer answer = add(agent, "l", R"(
checks:
  c:
    override: replace
    exec:
      command: "true"
      comand: x
)");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.message().find("field comand not found in type plan.ExecCheck"),
            std::string::npos)
      << answer.message();
  EXPECT_EQ(agent.plan(), "{}\n");
}

TEST_P(Layers, ThePlanWritesScalarsLikePebble) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", R"(
services:
  a:
    override: replace
    command: 'sh -c "x: y # z"'
    summary: "two\nlines\n"
    backoff-factor: 1.5
    backoff-delay: 90s
    environment:
      k1: "true"
      k2: "1.50"
      k10: "0x1F"
      k9: "2026-01-02"
      k3: "- dash"
      k4: " space"
      k5: "tab\there"
      k6: 'quote''s'
      k7: "a: b"
      k8: "#no"
      k11: "é"
      k12: "*star"
      k13: "12:30:45"
      k14: "1e3"
      k15: "~"
      k16: "a #b"
      k17: "{}"
      k18: "two\n  lines"
      k19: "end:"
      k20: "-"
      k21: "NO"
      k22: "0o17"
      k23: "1_000"
      k24: "."
      k25: "+1"
      k26: "http://x:80/?a=b&c={d}"
      k27: "back\\slash"
      k28: "percent % at @"
      k29: "@at"
      k30: "trailing "
      k31: "\n"
      k32: "-1"
      k33: "-x"
      k34: "?x"
      k35: "? x"
      k36: "x,y]"
      k37: "!tag"
      k38: "=x"
      k39: "="
)");
  EXPECT_EQ(agent.plan(),
            "services:\n"
            "    a:\n"
            "        summary: |\n"
            "            two\n"
            "            lines\n"
            "        override: replace\n"
            "        command: 'sh -c \"x: y # z\"'\n"
            "        environment:\n"
            "            k1: \"true\"\n"
            "            k2: \"1.50\"\n"
            "            k3: '- dash'\n"
            "            k4: ' space'\n"
            "            k5: \"tab\\there\"\n"
            "            k6: quote's\n"
            "            k7: 'a: b'\n"
            "            k8: '#no'\n"
            "            k9: \"2026-01-02\"\n"
            "            k10: \"0x1F\"\n"
            "            k11: é\n"
            "            k12: '*star'\n"
            "            k13: \"12:30:45\"\n"
            "            k14: \"1e3\"\n"
            "            k15: \"~\"\n"
            "            k16: 'a #b'\n"
            "            k17: '{}'\n"
            "            k18: |-\n"
            "                two\n"
            "                  lines\n"
            "            k19: 'end:'\n"
            "            k20: '-'\n"
            "            k21: \"NO\"\n"
            "            k22: \"0o17\"\n"
            "            k23: \"1_000\"\n"
            "            k24: .\n"
            "            k25: \"+1\"\n"
            "            k26: http://x:80/?a=b&c={d}\n"
            "            k27: back\\slash\n"
            "            k28: percent % at @\n"
            "            k29: '@at'\n"
            "            k30: 'trailing '\n"
            "            k31: |4+\n"
            "            k32: \"-1\"\n"
            "            k33: -x\n"
            "            k34: ?x\n"
            "            k35: '? x'\n"
            "            k36: x,y]\n"
            "            k37: '!tag'\n"
            "            k38: =x\n"
            "            k39: =\n"
            "        backoff-delay: 1m30s\n"
            "        backoff-factor: 1.5\n");
}

TEST_P(Layers, ACombinedCheckCanNotChangeItsType) {
  const AgentUnderTest agent(program());
  agent.add_layer("l", "checks: {c: {override: replace, tcp: {port: 80}, startup: disabled}}");
  const Answer answer = add(agent, "m", "checks: {c: {override: merge, exec: {command: x}}}");
  EXPECT_EQ(answer.message(),
            "plan must specify one of \"http\", \"tcp\", or \"exec\" for check \"c\"");
}

RUN_AGAINST_BOTH(Layers);

}  // namespace
}  // namespace contract::pebble
