// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/signed_request.hpp"

#include "charm/openpgp/armor.hpp"
#include "src/openpgp/packet.hpp"
#include "tests/support/gnupg.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

namespace charm::openpgp {
namespace {

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
  const std::string user_id("\xCD\x01x");
  for (const std::vector<std::string>& packets : std::vector<std::vector<std::string>>{
           {}, {""}, {"x"}, {good + user_id}, {user_id}, {good, user_id}, {good.substr(1)}}) {
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

}  // namespace
}  // namespace charm::openpgp
