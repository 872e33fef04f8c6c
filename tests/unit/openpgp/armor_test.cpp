// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/armor.hpp"

#include "charm/openpgp/octets.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace charm::openpgp {
namespace armor_test {

constexpr const char* begin = "-----BEGIN PGP SIGNATURE-----\n";
constexpr const char* end = "-----END PGP SIGNATURE-----\n";

std::string block(const std::string& lines) {
  return begin + lines + end;
}

std::string reason(const std::string& text) {
  try {
    const ArmoredBlock read = dearmor(text);
    return "none, and " + std::to_string(read.octets.size()) + " octets";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(Armor, HasTheFormOfTheStandard) {
  // The CRC-24 of "123456789" is the check value of CRC-24/OPENPGP: 21CF02.
  EXPECT_EQ(armor(ArmorType::signature, "123456789"), block("\nMTIzNDU2Nzg5\n=Ic8C\n"));
}

TEST(Armor, ReturnsWhatWasArmored) {
  for (const std::size_t size : {0U, 1U, 2U, 3U, 47U, 48U, 49U, 1000U}) {
    std::string octets;
    for (std::size_t i = 0; i < size; ++i) {
      octets += static_cast<char>(i * 37);
    }
    const ArmoredBlock read = dearmor(armor(ArmorType::private_key, octets));
    EXPECT_EQ(read.type, ArmorType::private_key);
    EXPECT_TRUE(std::string_view(read.octets) == octets) << size;
  }
}

TEST(Armor, TakesWhiteSpaceHeadersCarriageReturnsAndNoChecksum) {
  for (const std::string& text : std::vector<std::string>{
           " \n\n" + block("\nMTIzNDU2Nzg5\n=Ic8C\n") + "\n \n",
           block("Version: 1\nComment:\n \t\nMTIz\nNDU2Nzg5\n=Ic8C\n"),
           "-----BEGIN PGP SIGNATURE-----\r\n\r\nMTIzNDU2Nzg5\r\n=Ic8C\r\n"
           "-----END PGP SIGNATURE-----",
           block("\nMTIzNDU2Nzg5  \n"),
       }) {
    EXPECT_TRUE(dearmor(text).octets == "123456789") << text;
  }
}

TEST(Armor, RefusesEverythingElse) {
  const std::string good = block("\nMTIzNDU2Nzg5\n=Ic8C\n");
  const std::string none = "the text is not an armored OpenPGP key or signature";
  const std::string damaged = "the armored block is cut off or damaged";
  const std::string no_base64 = "the armored text is not base64";
  EXPECT_EQ(reason(""), none);
  EXPECT_EQ(reason("123456789"), none);
  EXPECT_EQ(reason("-----BEGIN PGP MESSAGE-----\n\n-----END PGP MESSAGE-----"), none);
  EXPECT_EQ(reason("Look: \n" + good), none);
  EXPECT_EQ(reason(good + "more"), "there is something after the armored block");
  EXPECT_EQ(reason(good + good), "there is something after the armored block");
  EXPECT_EQ(reason(begin), damaged);
  EXPECT_EQ(reason(block("\nMTIzNDU2Nzg5\n=Ic8C\n=Ic8C\n")), damaged);
  EXPECT_EQ(reason(block("\n=Ic8C\nMTIzNDU2Nzg5\n")), damaged);
  EXPECT_EQ(reason(block("\nMTIz\n\nNDU2Nzg5\n")), damaged);
  EXPECT_EQ(reason(block("MTIzNDU2Nzg5\n")), "the armored block has no empty line before its data");
  EXPECT_EQ(reason(block("\nMTIzNDU2Nzg\n")), no_base64);
  EXPECT_EQ(reason(block("\nMT=zNDU2Nzg5\n")), no_base64);
  EXPECT_EQ(reason(block("\nMTI zNDU2Nz-\n")), no_base64);
  EXPECT_EQ(reason(block("\n" + good)), damaged);
  EXPECT_EQ(reason(block("\nMTIzNDU2Nzg5\n=Ic8D\n")), "the checksum of the armored block is wrong");
  EXPECT_EQ(reason(block("\nMTIzNDU2Nzg5\n=\n")), "the checksum of the armored block is wrong");
}

}  // namespace armor_test
}  // namespace charm::openpgp
