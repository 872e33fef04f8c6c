// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/admin_key.hpp"

#include "charm/openpgp/armor.hpp"
#include "src/openpgp/transferable_key.hpp"
#include "tests/support/gnupg.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace charm::openpgp {
namespace admin_key_test {

using std::chrono::seconds;

constexpr const char* user_id = "Hockeypuck administrator (mo\u0308del) <admin@example.com>";

AdminKey new_key() {
  return AdminKey::generate(user_id, test_time);
}

/// Messages that a careless writer or reader would change.
std::vector<std::string> messages() {
  std::string binary;
  for (int i = 0; i < 4096; ++i) {
    binary += static_cast<char>(i * 7 + i / 256);
  }
  return {"",     "/pks/delete\nx\n",     "a\r\nb\r\n", "a \t\nb\r", "\n",
          binary, std::string(100, '\0'), "- dash",     "\xFF\xFE",  std::string(300000, 'x')};
}

/// gpg's listing of a key. Each record has type, validity, algorithm, user ID, signature type and
/// capabilities.
std::vector<std::string> listed(test::Gnupg& gnupg, const std::string& fingerprint) {
  std::vector<std::string> lines;
  for (std::vector<std::string> fields : gnupg.checked_records(fingerprint)) {
    fields.resize(16);
    if (fields[0] != "tru") {
      lines.push_back(fields[0] + " " + fields[1] + " " + fields[3] + " " + fields[9] + " " +
                      fields[10] + " " + fields[11]);
    }
  }
  return lines;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return text;
}

TEST(AdminKey, GnupgImportsTheCertificateAndFindsItGood) {
  const AdminKey key = new_key();
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(key.public_armor()));
  EXPECT_EQ(listed(gnupg, key.fingerprint()),
            (std::vector<std::string>{"pub - 22   scSC", "fpr   " + upper(key.fingerprint()) + "  ",
                                      std::string("uid -  ") + user_id + "  ",
                                      std::string("sig ! 22 ") + user_id + " 13x "}));
}

TEST(AdminKey, DoesNotExpire) {
  const AdminKey key = new_key();
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(key.public_armor()));
  const std::vector<std::string> primary = gnupg.checked_records(key.fingerprint()).at(1);
  EXPECT_EQ(primary.at(0), "pub");
  EXPECT_EQ(primary.at(5), "1770091506");
  EXPECT_EQ(primary.at(6), "");
}

TEST(AdminKey, GnupgVerifiesItsSignatures) {
  const AdminKey key = new_key();
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(key.public_armor()));
  for (const std::string& message : messages()) {
    const std::string signature = key.sign(message, test_time + seconds(1));
    EXPECT_TRUE(gnupg.verifies(message, signature)) << message.size();
    EXPECT_FALSE(gnupg.verifies(message + "x", signature)) << message.size();
  }
}

TEST(AdminKey, GnupgSignsWithTheImportedSecretKey) {
  const AdminKey key = new_key();
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(secret_text(key)));
  const std::string signature = gnupg.sign("text", key.fingerprint());
  EXPECT_TRUE(gnupg.verifies("text", signature));
}

TEST(AdminKey, ComesBackFromItsSecretArmor) {
  const AdminKey key = new_key();
  const AdminKey again = AdminKey::from_armor(secret_text(key), test_time + seconds(1));
  EXPECT_EQ(again.fingerprint(), key.fingerprint());
  EXPECT_EQ(again.public_armor(), key.public_armor());
  EXPECT_EQ(secret_text(again), secret_text(key));
  EXPECT_EQ(again.sign("text", test_time), key.sign("text", test_time));
}

TEST(AdminKey, IsAnotherOneEachTime) {
  EXPECT_NE(new_key().fingerprint(), new_key().fingerprint());
}

TEST(AdminKey, ComesBackFromGnupg) {
  const AdminKey key = new_key();
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(secret_text(key)));
  const AdminKey again = AdminKey::from_armor(gnupg.secret_key(key.fingerprint()), test_time);
  EXPECT_EQ(again.public_armor(), key.public_armor());
  EXPECT_EQ(secret_text(again), secret_text(key));
}

TEST(AdminKey, MayBeginWithZeros) {
  Octets seed(32, '\0');
  seed.back() = '\x07';
  const Octets secret = octets_of(secret_packets(new_transferable_key(seed, user_id, test_time)));
  const AdminKey key = AdminKey::from_armor(armor(ArmorType::private_key, secret), test_time);
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(secret_text(key)));
  EXPECT_TRUE(gnupg.verifies("text", gnupg.sign("text", key.fingerprint())));
}

TEST(AdminKey, WritesSignaturesWhoseNumbersBeginWithZeros) {
  const AdminKey key = new_key();
  const auto size_of = [&key](const std::string& message) {
    return dearmor(key.sign(message, test_time)).octets.size();
  };
  const std::size_t usual = std::max({size_of("a"), size_of("b"), size_of("c")});
  // One signature in 128 has a number with a leading zero octet: it is one octet shorter.
  std::string message = "0";
  while (size_of(message) == usual) {
    message = std::to_string(std::stoi(message) + 1);
  }
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(key.public_armor()));
  EXPECT_TRUE(gnupg.verifies(message, key.sign(message, test_time)));
}

TEST(AdminKey, DoesNotSignBeforeItWasMade) {
  const AdminKey key = new_key();
  EXPECT_EQ(key.sign("text", test_time - seconds(60)), key.sign("text", test_time));
  EXPECT_EQ(key.revocation(test_time - seconds(60)), key.revocation(test_time));
}

TEST(AdminKey, IsRevokedForGnupgOnceTheRevocationIsImported) {
  const AdminKey key = new_key();
  const std::string signature = key.sign("text", test_time);
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(key.public_armor()));
  ASSERT_TRUE(gnupg.import_keys(key.revocation(test_time + seconds(5))));
  const std::vector<std::string> lines = listed(gnupg, key.fingerprint());
  EXPECT_EQ(lines.at(0), "pub r 22   sc");
  EXPECT_NE(std::ranges::find(lines, std::string("rev ! 22 ") + user_id + " 20x,01 "), lines.end())
      << testing::PrintToString(lines);
}

TEST(AdminKey, RefusesToBeMadeWithoutANameOrOutOfTime) {
  EXPECT_THROW(static_cast<void>(AdminKey::generate("", test_time)), InputError);
  EXPECT_THROW(static_cast<void>(AdminKey::generate(std::string(2001, 'x'), test_time)),
               InputError);
  for (const seconds time : {seconds(-1), seconds(1LL << 32)}) {
    EXPECT_THROW(static_cast<void>(AdminKey::generate(user_id, std::chrono::sys_seconds(time))),
                 Error);
  }
}

/// The primary-key packet of a certificate, with its header.
std::string primary_key_packet(const std::string& armored) {
  const std::vector<Packet> packets = read_packets(dearmor(armored).octets);
  return std::string(std::string_view(octets_of({packets.at(0)})));
}

TEST(SignedRequest, HoldsTheCommandAndThePrimaryKeysAndIsSigned) {
  const AdminKey key = AdminKey::generate("Admin", test_time);
  const std::vector<std::string> packets{primary_key_packet(file_text("keys/key11_rsa2048.asc")),
                                         primary_key_packet(file_text("keys/key01_ed25519.asc"))};
  const SignedRequest request = delete_request(key, packets, test_time);
  EXPECT_EQ(request.keytext,
            "/pks/delete\n" + armor(ArmorType::public_key, packets.at(0) + packets.at(1)));
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(key.public_armor()));
  EXPECT_TRUE(gnupg.verifies(request.keytext, request.keysig));
}

TEST(SignedRequest, IsRefusedForWhatIsNotAPublicKey) {
  const AdminKey key = AdminKey::generate("Admin", test_time);
  const std::string good = primary_key_packet(file_text("keys/key01_ed25519.asc"));
  const std::string other("\xCD\x01x");
  for (const std::vector<std::string>& packets : std::vector<std::vector<std::string>>{
           {}, {""}, {"x"}, {good + other}, {other}, {good, other}, {good.substr(1)}}) {
    EXPECT_THROW(static_cast<void>(delete_request(key, packets, test_time)), InputError);
  }
}

TEST(TrialRequest, IsASignedRequestToDeleteAKeyThatNobodyHas) {
  const AdminKey key = AdminKey::generate("Admin", test_time);
  const SignedRequest request = trial_request(key, test_time);
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(key.public_armor()));
  EXPECT_TRUE(gnupg.verifies(request.keytext, request.keysig));
  const std::string command = "/pks/delete\n";
  ASSERT_TRUE(request.keytext.starts_with(command));
  const std::vector<Packet> packets =
      read_packets(dearmor(request.keytext.substr(command.size())).octets);
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets.front().tag, PacketTag::public_key);
  EXPECT_NE(trial_request(key, test_time).keytext, request.keytext);
}

}  // namespace admin_key_test
}  // namespace charm::openpgp
