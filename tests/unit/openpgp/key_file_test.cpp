// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/key_file.hpp"

#include "charm/openpgp/armor.hpp"
#include "charm/openpgp/input_error.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

namespace charm::openpgp {
namespace {

std::string reason(const std::string& file) {
  try {
    return "none, and " + std::to_string(key_packets(file).size()) + " octets";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(KeyFile, IsTakenAsItIsWhenItIsBinary) {
  EXPECT_EQ(key_packets("\x99-----BEGIN PGP "), "\x99-----BEGIN PGP ");
  EXPECT_EQ(key_packets(""), "");
  EXPECT_TRUE(is_binary("\xC6"));
  EXPECT_FALSE(is_binary("\xEF\xBB\xBF-----BEGIN PGP PUBLIC KEY BLOCK-----"));
  EXPECT_FALSE(is_binary("text"));
  EXPECT_FALSE(is_binary(""));
}

TEST(KeyFile, MayHoldArmoredBlocksAndTextBetweenThem) {
  const std::string one = armor(ArmorType::public_key, "one");
  const std::string two = armor(ArmorType::public_key, "two");
  EXPECT_EQ(key_packets(one), "one");
  EXPECT_EQ(key_packets(one + two), "onetwo");
  EXPECT_EQ(key_packets("\xEF\xBB\xBF" + one), "one");
  EXPECT_EQ(key_packets("pub ed25519\n\n" + one + "\n says -----BEGIN PGP to us\r\n" + two + "bye"),
            "onetwo");
  EXPECT_EQ(key_packets(file_text("keys/key01_ed25519.asc")),
            std::string_view(dearmor(file_text("keys/key01_ed25519.asc")).octets));
}

TEST(KeyFile, IsRefusedWhenItIsNone) {
  EXPECT_EQ(reason("Not Found\n"), "it holds neither OpenPGP packets nor an armored block of them");
  EXPECT_EQ(reason(file_text(ed25519_file)),
            "there is a secret key in it, which no keyserver may have");
  EXPECT_EQ(reason(armor(ArmorType::signature, "x")),
            "there is an armored block in it that is no public key");
  EXPECT_EQ(reason("-----BEGIN PGP MESSAGE-----\n\nMTIz\n-----END PGP MESSAGE-----\n"),
            "the text is not an armored OpenPGP key or signature");
}

TEST(KeyFile, IsNeverReadWhenItsArmorIsCutOff) {
  const std::string block = file_text("keys/key17_revocation_only.asc");
  const std::string file = block + armor(ArmorType::public_key, "two");
  for (std::size_t size = 1; size < file.size() - 1; ++size) {
    const std::string cut = file.substr(0, size);
    // The line end behind a block, and text that might follow it, need not be there.
    const bool is_whole =
        size + 1 >= block.size() && size < block.size() + std::string("-----BEGIN PGP ").size();
    EXPECT_EQ(reason(cut).starts_with("none"), is_whole) << cut;
  }
}

}  // namespace
}  // namespace charm::openpgp
