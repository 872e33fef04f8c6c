// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/pebble/multipart.hpp"

#include <gtest/gtest.h>

#include <string>

namespace charm::pebble::multipart {
namespace {

TEST(Multipart, TakesAnAnswerOfPebbleApart) {
  // The form that Go's mime/multipart writes.
  const std::string body =
      "--b123\r\n"
      "Content-Disposition: form-data; name=\"files\"; filename=\"/a \\\"q\\\" \\\\ \xc3\xa9\"\r\n"
      "Content-Type: application/octet-stream\r\n"
      "\r\n"
      "one\r\n--b12\r\n\r\ntwo\n\r\n"
      "--b123\r\n"
      "content-disposition: form-data; name=\"response\"\r\n"
      "Content-Type: application/json\r\n"
      "\r\n"
      "{}\n\r\n"
      "--b123--\r\n";
  const std::vector<PartView> expected = {
      {"files", "/a \\\"q\\\" \\\\ \xc3\xa9", "one\r\n--b12\r\n\r\ntwo\n"},
      {"response", "", "{}\n"}};
  EXPECT_EQ(parse(body, "b123"), expected);
}

TEST(Multipart, ReadsBackWhatItRenders) {
  const std::vector<std::vector<Part>> table = {
      {{"request", "", "{}"}},
      {{"request", "", "{}"}, {"files", quoted("/a\"b\\c"), std::string("\0\r\n--\r\n", 7)}},
      {{"request", "", "{}"}, {"files", "/empty", ""}, {"files", "/nl", "\r\n"}},
  };
  for (const auto& parts : table) {
    const std::string boundary = boundary_for(parts);
    const std::string body = render(parts, boundary);
    std::vector<PartView> views;
    for (const Part& part : parts) {
      views.push_back({part.name, part.quoted_file_name, part.content});
    }
    EXPECT_EQ(parse(body, boundary), views);
  }
}

TEST(Multipart, RefusesABodyThatIsNotWhole) {
  const std::vector<Part> parts = {{"request", "", "{}"}, {"files", "/a", "content"}};
  const std::string body = render(parts, "b123");
  ASSERT_TRUE(parse(body, "b123"));
  // The end is `--` after the last boundary. The newline after it is an epilogue.
  for (std::size_t size = 0; size + 2 < body.size(); ++size) {
    EXPECT_FALSE(parse(body.substr(0, size), "b123")) << size;
  }
  EXPECT_FALSE(parse(body, "other"));
}

TEST(Multipart, ChoosesABoundaryThatNoContentHas) {
  const std::string first = boundary_for({});
  const std::string second = boundary_for({{"files", "/a", "x" + first + "x"}});
  EXPECT_NE(first, second);
  EXPECT_NE(boundary_for({{"files", "/" + first, ""}}), first);
  EXPECT_GE(first.size(), 32U);
  EXPECT_LE(first.size(), 70U);  // RFC 2046
  EXPECT_EQ(first.size(), second.size());
}

TEST(Multipart, FindsTheBoundaryInTheContentType) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=\"a c\"; charset=x"), "a c");
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc; charset=x"), "abc");
  EXPECT_EQ(boundary_of("multipart/form-data"), std::nullopt);
  EXPECT_EQ(boundary_of("application/json; boundary=abc"), std::nullopt);
}

}  // namespace
}  // namespace charm::pebble::multipart
