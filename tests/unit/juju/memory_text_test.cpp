// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/memory_text.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

TEST(MemoryText, ReadsBackWhatWasWritten) {
  const Memory memory{.relations = {{.id = 3,
                                     .endpoint = "database",
                                     .remote_app = "postgresql-k8s",
                                     .local_unit_data = std::nullopt,
                                     .local_app_data = {{{"database", "keys \"x\" \xC3\xA9"}}}},
                                    {.id = 4, .endpoint = "ingress", .remote_app = {}}},
                      .open_ports = {{11370, 11371}},
                      .address = "10.1.0.7",
                      .plan = {{.text_digest = "d1", .entries = {{"log-targets", {{"loki", ""}}}}}},
                      .has_version = true,
                      .uploads = "d2",
                      .read_at = std::chrono::sys_seconds(std::chrono::seconds(1'800'000'000))};
  EXPECT_EQ(read_memory(memory_text(memory)), memory);
  EXPECT_EQ(read_memory(memory_text(Memory{})), Memory{});
}

TEST(MemoryText, TakesNothingElseForMemory) {
  for (
      const char* text :
      {"", "null", "[]", "{}",
       R"({"relations": [], "address": 7, "open_ports": null, "plan": null, "read_at": 1})",
       R"({"relations": [], "address": "", "open_ports": null, "plan": null, "read_at": "now"})",
       R"({"relations": [], "address": "", "open_ports": null, "plan": null})",
       R"({"relations": [], "address": "", "open_ports": null, "plan": null, "has_version": true, "uploads": "", "read_at": -9223372036854775808})",
       R"({"relations": [], "address": "", "open_ports": null, "plan": null, "has_version": true, "uploads": "", "read_at": 1e300})",
       R"({"relations": [], "address": "", "open_ports": null, "plan": "", "read_at": 1})",
       R"({"relations": [{"id": 3}], "address": "", "open_ports": null, "plan": null, "read_at": 1})"}) {
    EXPECT_EQ(read_memory(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace charm
