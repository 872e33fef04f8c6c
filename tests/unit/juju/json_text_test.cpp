// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/json_text.hpp"

#include "charm/domain/error.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace charm {
namespace {

TEST(JsonText, EscapesWhatYamlForbidsOrFolds) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"plain", R"("plain")"},
      {"\x7f", R"("\u007f")"},
      {"\xc2\x85", R"("\u0085")"},                   // Next line: YAML folds it.
      {"\xc2\x9b", R"("\u009b")"},                   // A terminal's control sequence.
      {"\xc2\xa0", "\"\xc2\xa0\""},                  // No-break space: printable.
      {"\xe2\x80\xa8", R"("\u2028")"},               // Line separator.
      {"\xef\xbb\xbf", R"("\ufeff")"},               // Byte order mark.
      {"\xf0\x9f\x94\x91", "\"\xf0\x9f\x94\x91\""},  // YAML has no surrogate pairs.
      {"a\n\t\"\\", R"("a\n\t\"\\")"},
  };
  for (const auto& [value, text] : table) {
    EXPECT_EQ(json_text(value), text);
    EXPECT_EQ(nlohmann::json::parse(json_text(value)), nlohmann::json(value));
  }
}

TEST(JsonText, RefusesTextThatIsNotUtf8) {
  EXPECT_THROW(static_cast<void>(json_text("\xff")), Error);
}

TEST(ParsedJson, IsReadUpToSixtyFourLevels) {
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']')));
  EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')));
  EXPECT_TRUE(parse_json("[\"" + std::string(100, '[') + "\\\"" + std::string(100, '{') + "\"]"));
  EXPECT_TRUE(parse_json("[" + std::string(100, ' ') + "[],[],[]]"));
}

TEST(ParsedJson, IsNothingWhenMalformed) {
  for (const auto* const text :
       {"", "{", "[1,]", "nul", "\"\xFF\"", "\"\\ud800\"", "{\"a\":1}x", "'a'", "1e999"}) {
    EXPECT_EQ(parse_json(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace charm
