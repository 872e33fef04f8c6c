// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/openpgp/signature.hpp"

#include "charm/domain/text.hpp"
#include "charm/openpgp/armor.hpp"
#include "src/openpgp/cryptography.hpp"
#include "src/openpgp/key.hpp"
#include "src/openpgp/packet.hpp"
#include "src/openpgp/transferable_key.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

namespace charm::openpgp {
namespace signature_test {

/// RFC 9580, appendix A.1 to A.3, first published in draft-koch-eddsa-for-openpgp.
constexpr std::chrono::sys_seconds sample_created{std::chrono::seconds(0x53F35F0B)};
constexpr const char* sample_key =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"
    "xjMEU/NfCxYJKwYBBAHaRw8BAQdAPwmJlL3ZFu1AUxl5NOSofIBzOhKA1i+AEJku\n"
    "Q+47JAY=\n"
    "-----END PGP PUBLIC KEY BLOCK-----\n";
constexpr const char* sample_signature =
    "-----BEGIN PGP SIGNATURE-----\n\n"
    "iF4EABYIAAYFAlX5X5UACgkQjP3hIZeWWpr2IgD/VvkMypjiECY3vZg/2xbBMd/S\n"
    "ftgr9N3lYG4NdWrtM2YBANCcT6EVJ/A44PV/IgHYLy6iyQMyZfps60iehUuuYbQE\n"
    "-----END PGP SIGNATURE-----\n";

Octets octets_of_hex(std::string_view digits) {
  Octets octets;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    octets += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return octets;
}

const Octets& sample_seed() {
  static const Octets seed =
      octets_of_hex("1a8b1ff05ded48e18bf50166c664ab023ea70003d78d9e41f5758a91d850f8d2");
  return seed;
}

Packet only_packet(const char* armored) {
  return read_packets(dearmor(armored).octets).at(0);
}

TEST(StandardVectors, ThePublicKeyFollowsFromTheSecretOne) {
  const TransferableKey key = new_transferable_key(sample_seed(), "Sample", sample_created);
  EXPECT_EQ(hexadecimal(key.primary.key.fingerprint), "c959bdbafa32a2f89a153b678cfde12197965a9a");
  EXPECT_EQ(only_packet(sample_key), public_packet(PacketTag::public_key, key.primary));
}

TEST(StandardVectors, TheSignatureVerifies) {
  const Packet packet = only_packet(sample_key);
  OctetReader reader(packet.body);
  const PublicKey key = read_public_key(reader);
  const auto signature = read_signature(only_packet(sample_signature).body);
  ASSERT_TRUE(signature.has_value());
  EXPECT_TRUE(verifies(key, *signature, "OpenPGP"));
  EXPECT_FALSE(verifies(key, *signature, "OpenPGp"));
}

TEST(StandardVectors, TheSameDigestIsSignedAlike) {
  const auto signature = read_signature(only_packet(sample_signature).body);
  ASSERT_TRUE(signature.has_value());
  const Octets made = digest(signature->hash, hashed_octets("OpenPGP", signature->hashed_part));
  EXPECT_EQ(hexadecimal(made), "f6220a3f757814f4c2176ffbb68b00249cd4ccdc059c4b34ad871f30b1740280");
  EXPECT_EQ(hexadecimal(ed25519::signature(integer_octets(sample_seed()), made)),
            hexadecimal(signature->value));
}

/// AdminKey always writes the same output for given secret octets and times. gpg accepted each of
/// these.
TEST(StandardVectors, AKeyAndItsSignatureAreWrittenAlikeForEver) {
  const TransferableKey key =
      new_transferable_key(sample_seed(), "Sample <a@b.example>", sample_created);
  const AdminKey admin = AdminKey::from_armor(
      armor(ArmorType::private_key, octets_of(secret_packets(key))), test_time);
  EXPECT_EQ(secret_text(admin), file_text("openpgp/sample.sec.asc"));
  EXPECT_EQ(admin.public_armor(), file_text("openpgp/sample.pub.asc"));
  EXPECT_EQ(admin.sign("OpenPGP", test_time), file_text("openpgp/sample.sig.asc"));
  EXPECT_EQ(admin.revocation(test_time), file_text("openpgp/sample.revoked.asc"));
}

}  // namespace signature_test
}  // namespace charm::openpgp
