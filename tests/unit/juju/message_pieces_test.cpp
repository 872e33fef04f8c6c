// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/juju/message_pieces.hpp"

#include <gtest/gtest.h>

#include <string>

namespace charm::juju {
namespace {

using Pieces = std::vector<std::string_view>;

TEST(MessagePieces, LeavesAShortTextWhole) {
  EXPECT_EQ(message_pieces("one\ntwo\n", 8), (Pieces{"one\ntwo\n"}));
  EXPECT_EQ(message_pieces("", 8), Pieces());
}

TEST(MessagePieces, CutsAtTheLastLineEndThatFits) {
  EXPECT_EQ(message_pieces("one\ntwo\nthree", 8), (Pieces{"one\ntwo", "three"}));
  EXPECT_EQ(message_pieces("one\ntwo\nthree", 7), (Pieces{"one\ntwo", "three"}));
  EXPECT_EQ(message_pieces("one\ntwo\nthree", 6), (Pieces{"one", "two", "three"}));
}

TEST(MessagePieces, CutsALineThatIsTooLong) {
  EXPECT_EQ(message_pieces("abcdefghij", 4), (Pieces{"abcd", "efgh", "ij"}));
  EXPECT_EQ(message_pieces("\nabcdefgh", 4), (Pieces{"\nabc", "defg", "h"}));
}

TEST(MessagePieces, NeverCutsACharacter) {
  // Two, three and four bytes each.
  EXPECT_EQ(message_pieces("aaa\xc3\xa9z", 4), (Pieces{"aaa", "\xc3\xa9z"}));
  EXPECT_EQ(message_pieces("aa\xe2\x82\xacz", 4), (Pieces{"aa", "\xe2\x82\xacz"}));
  EXPECT_EQ(message_pieces("a\xf0\x9f\x98\x80z", 4), (Pieces{"a", "\xf0\x9f\x98\x80", "z"}));
}

TEST(MessagePieces, GetsThroughTextThatIsNotUtf8) {
  EXPECT_EQ(message_pieces("\x80\x80\x80\x80\x80\x80", 4),
            (Pieces{"\x80\x80\x80\x80", "\x80\x80"}));
}

}  // namespace
}  // namespace charm::juju
