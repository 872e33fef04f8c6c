// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"

#include "charm/domain/error.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

const std::string a(64, 'a');
const std::string zero(64, '0');

std::string reason(const std::string& text) {
  try {
    return "none, and " + std::to_string(read_checksums(text).size()) + " names";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(ChecksumList, IsReadAsSha256sumWritesIt) {
  const std::vector<Checksum> expected = {{a, "hkp-dump-0000.pgp"}, {zero, "https://x/a b.pgp"}};
  EXPECT_EQ(read_checksums(a + "  hkp-dump-0000.pgp\n" + zero + " *https://x/a b.pgp"), expected);
  EXPECT_EQ(read_checksums(checksum_line(expected[0]) + checksum_line(expected[1])), expected);
}

TEST(ChecksumList, MayBeTypedByHand) {
  const std::vector<Checksum> expected = {{a, "one"}, {zero, "two"}};
  EXPECT_EQ(
      read_checksums("# keys\r\n\r\n  " + std::string(64, 'A') + " one \r\n" + zero + "\ttwo"),
      expected);
  EXPECT_TRUE(read_checksums("").empty());
}

TEST(ChecksumList, NamesTheLineThatIsWrong) {
  for (const std::string& line : {a, a + "  ", a + " *", a + "a  name", a.substr(1) + "  name",
                                  std::string("name"), "g" + a.substr(1) + "  name", a + "name"}) {
    EXPECT_EQ(reason(zero + "  good\n\n" + line),
              "line 3 is not a SHA-256 of 64 hexadecimal digits, two spaces and a name")
        << line;
  }
}

}  // namespace
}  // namespace charm
