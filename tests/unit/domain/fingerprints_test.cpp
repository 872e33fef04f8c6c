// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/fingerprints.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace charm {
namespace fingerprints_test {

using Texts = std::vector<std::string>;

const std::string v4 = "1026bb4feaf2248a6fce65bde0ade11b311d47ac";
const std::string other_v4 = "0123456789abcdef0123456789abcdef01234567";
const std::string v6 = "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9";

TEST(TypedFingerprints, AreTakenAsPeopleTypeThem) {
  const TypedFingerprints typed = typed_fingerprints(
      " 0x1026BB4FEAF2248A6FCE65BDE0ADE11B311D47AC,\r\n\t0X" + v6 +
      " \n0123 4567 89ab CDEF 0123  4567 89AB cdef 0123 4567,, " + v4 + "  " + v6 + "\n");
  EXPECT_EQ(typed.fingerprints, (Texts{v4, v6, other_v4}));
  EXPECT_EQ(typed.malformed, Texts{});
}

TEST(TypedFingerprints, AreKeptApartFromWhatIsNone) {
  const std::string nul("a\0b", 3);
  const TypedFingerprints typed = typed_fingerprints(
      "shbfsdiuf98hu," + v4 + ",0xE0ADE11B311D47AC," + v4 + "0,shbfsdiuf98hu,' OR 1=1 --\n" + nul);
  EXPECT_EQ(typed.fingerprints, Texts{v4});
  EXPECT_EQ(typed.malformed,
            (Texts{"shbfsdiuf98hu", "0xE0ADE11B311D47AC", v4 + "0", "'OR1=1--", nul}));
}

TEST(TypedFingerprints, OfAnEmptyTextAreNone) {
  for (const std::string text : {"", " ", ",,\n ,"}) {
    EXPECT_EQ(typed_fingerprints(text).fingerprints, Texts{}) << text;
    EXPECT_EQ(typed_fingerprints(text).malformed, Texts{}) << text;
  }
}

TEST(Fingerprint, IsLowerCaseAndBare) {
  EXPECT_TRUE(is_fingerprint(v4));
  EXPECT_TRUE(is_fingerprint(v6));
  for (const std::string& text :
       Texts{"", v4 + " ", "0x" + v4, v6.substr(1), "A" + v4.substr(1), v4.substr(1) + "\n"}) {
    EXPECT_FALSE(is_fingerprint(text)) << text;
  }
}

}  // namespace fingerprints_test
}  // namespace charm
