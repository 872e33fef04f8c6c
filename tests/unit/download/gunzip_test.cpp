// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "gunzip.hpp"

#include "charm/download/download.hpp"
#include "web_server.hpp"

#include <gtest/gtest.h>

namespace charm::download {
namespace {

/// What gunzip() complains of; empty when it does not.
std::string complaint(const std::string& archive, std::size_t limit = 1000) {
  try {
    (void)gunzip(archive, limit);
  } catch (const DownloadError& error) {
    return error.what();
  }
  return {};
}

TEST(Gunzip, GivesTheContent) {
  std::string content;
  for (int i = 0; i < 100'000; ++i) {
    content += std::to_string(i * 7919 % 100'003);
  }
  EXPECT_EQ(gunzip(gzipped(content), content.size()), content);
  EXPECT_EQ(gunzip(gzipped(""), 0), "");
}

TEST(Gunzip, StopsAtTheLimit) {
  EXPECT_EQ(complaint(gzipped_zeros(1000)), "");
  EXPECT_EQ(complaint(gzipped_zeros(1001)), "the downloaded file unpacks to more than 1000 bytes");
  const std::string bomb = gzipped_zeros(100'000'000);
  ASSERT_LT(bomb.size(), 100'000U);
  EXPECT_EQ(complaint(bomb), "the downloaded file unpacks to more than 1000 bytes");
}

TEST(Gunzip, RefusesWhatIsNoWholeGzipFile) {
  const std::string good = gzipped("promtail");
  const std::string not_whole = "the downloaded file is not a whole gzip file";
  EXPECT_EQ(complaint(""), not_whole);
  EXPECT_EQ(complaint("promtail"), not_whole);
  for (std::size_t size = 1; size < good.size(); ++size) {
    EXPECT_EQ(complaint(good.substr(0, size)), not_whole) << size;
  }
  std::string wrong_sum = good;
  wrong_sum[good.size() - 8] ^= 1;
  EXPECT_EQ(complaint(wrong_sum), not_whole);
  EXPECT_EQ(complaint(good + "x"), "the downloaded file is not one gzip file");
}

}  // namespace
}  // namespace charm::download
