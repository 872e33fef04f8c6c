// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/xz_container.hpp"

#include "databags.hpp"
#include "tests/support/child_process.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

std::string unpacked(const std::string& stream) {
  const auto result = test::run({.arguments = {"xz", "-dc"}, .input = stream});
  EXPECT_EQ(result.status, 0) << result.error;
  return result.output;
}

/// Text that does not repeat within a chunk.
std::string text_of(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) {
    text += std::to_string(i) + "\n";
  }
  return text.substr(0, size);
}

// One chunk of LZMA2 holds 65,536 bytes, and padding depends on the size modulo four.
TEST(XzContainer, IsUnpackedByXz) {
  if (!test::on_path("xz")) {
    GTEST_SKIP() << "xz is not installed";
  }
  for (const std::size_t size : {0U, 1U, 2U, 3U, 4U, 5U, 127U, 128U, 255U, 256U, 257U, 16383U,
                                 16384U, 65535U, 65536U, 65537U, 131072U, 200001U}) {
    const auto text = text_of(size);
    EXPECT_EQ(unpacked(test::xz_stored(text)), text) << size;
  }
}

TEST(XzContainer, HoldsAnyByte) {
  if (!test::on_path("xz")) {
    GTEST_SKIP() << "xz is not installed";
  }
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
  }
  EXPECT_EQ(unpacked(test::xz_stored(bytes)), bytes);
}

TEST(XzContainer, EqualsTheStreamThatGrafanaWasTriedWith) {
  if (!test::on_path("xz")) {
    GTEST_SKIP() << "xz is not installed";
  }
  const auto content =
      nlohmann::json::parse(
          test::sample_bag("grafana_dashboard_provider_recommended_stored_xz").at("dashboards"))
          .at("/templates/file:keyserver/content"_json_pointer)
          .get<std::string>();
  const auto text = test::run({.arguments = {"sh", "-c", "base64 -d | xz -dc"}, .input = content});
  ASSERT_EQ(text.status, 0) << text.error;
  ASSERT_FALSE(text.output.empty());
  EXPECT_EQ(test::base64(test::xz_stored(text.output)), content);
}

TEST(XzContainer, IsWrittenAsBase64WithPadding) {
  EXPECT_EQ(test::base64(""), "");
  EXPECT_EQ(test::base64("f"), "Zg==");
  EXPECT_EQ(test::base64("fo"), "Zm8=");
  EXPECT_EQ(test::base64("foo"), "Zm9v");
  EXPECT_EQ(test::base64(std::string("\xFF\0", 2)), "/wA=");
}

}  // namespace
