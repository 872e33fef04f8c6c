// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/admin_key.hpp"
#include "charm/openpgp/armor.hpp"
#include "src/openpgp/packet.hpp"
#include "tests/support/gnupg.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

namespace charm::openpgp {
namespace transferable_key_test {

/// gpg must accept all output that the charm makes from a key of gpg, in a new keyring.
void expect_usable(const AdminKey& key) {
  test::Gnupg others;
  ASSERT_TRUE(others.import_keys(key.public_armor()));
  EXPECT_EQ(others.fingerprints(), std::vector{key.fingerprint()});
  EXPECT_TRUE(others.verifies("a\r\n\n", key.sign("a\r\n\n", test_time)));
  test::Gnupg own;
  ASSERT_TRUE(own.import_keys(secret_text(key)));
  EXPECT_TRUE(own.verifies("text", own.sign("text", key.fingerprint())));
  const AdminKey again = AdminKey::from_armor(secret_text(key), test_time);
  EXPECT_EQ(again.public_armor(), key.public_armor());
  ASSERT_TRUE(others.import_keys(key.revocation(test_time)));
  EXPECT_EQ(others.checked_records(key.fingerprint()).at(1).at(1), "r");
}

struct Sample {
  const char* algorithm;
  const char* usage;
};

class BroughtKey : public testing::TestWithParam<Sample> {};

TEST_P(BroughtKey, OfGnupgIsUsable) {
  test::Gnupg gnupg;
  const std::string fingerprint =
      gnupg.generate("Own <own@example.com>", GetParam().algorithm, GetParam().usage);
  const AdminKey key = AdminKey::from_armor(gnupg.secret_key(fingerprint), test_time);
  EXPECT_EQ(key.fingerprint(), fingerprint);
  EXPECT_TRUE(gnupg.verifies("text", key.sign("text", test_time)));
  expect_usable(key);
}

INSTANTIATE_TEST_SUITE_P(Gnupg, BroughtKey,
                         testing::Values(Sample{"ed25519", "cert,sign"},
                                         Sample{"rsa2048", "cert,sign"}, Sample{"rsa3072", "sign"}),
                         [](const auto& sample) { return std::string(sample.param.algorithm); });

TEST(BroughtKeys, MaySignWithASubkey) {
  const AdminKey key = AdminKey::from_armor(file_text(subkey_file), test_time);
  EXPECT_EQ(key.fingerprint(), "29fc8592fdf7f983bc2e98fbd7fbf6b8943a7f1c");
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(file_text(subkey_file)));
  EXPECT_TRUE(gnupg.verifies("text", key.sign("text", test_time)));
  expect_usable(key);
  // The encryption subkey is not copied.
  test::Gnupg others;
  ASSERT_TRUE(others.import_keys(key.public_armor()));
  EXPECT_EQ(others.listing(key.fingerprint()),
            (std::vector<std::string>{"pub", "uid", "sig", "sub", "sig"}));
}

TEST(BroughtKeys, MaySignWithASubkeyOfRsa) {
  test::Gnupg gnupg;
  const std::string fingerprint = gnupg.generate("Own <own@example.com>", "rsa2048", "cert");
  gnupg.must_run({"--faked-system-time", "20250101T120000", "--quick-add-key", fingerprint,
                  "rsa2048", "sign"});
  const AdminKey key = AdminKey::from_armor(gnupg.secret_key(fingerprint), test_time);
  EXPECT_TRUE(gnupg.verifies("text", key.sign("text", test_time)));
  expect_usable(key);
}

TEST(BroughtKeys, SignWithTheNewestOfTheirSubkeys) {
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(file_text(subkey_file)));
  const std::string fingerprint = gnupg.fingerprints().at(0);
  gnupg.must_run({"--faked-system-time", "20250201T120000", "--quick-add-key", fingerprint,
                  "ed25519", "sign"});
  const AdminKey key = AdminKey::from_armor(gnupg.secret_key(fingerprint), test_time);
  EXPECT_NE(key.public_armor(),
            AdminKey::from_armor(file_text(subkey_file), test_time).public_armor());
  expect_usable(key);
}

TEST(BroughtKeys, KeepTheirValidUserIdsAndLeaveTheirPictureOfTheWorld) {
  test::Gnupg gnupg;
  const std::string fingerprint =
      gnupg.generate("First <first@example.com>", "ed25519", "cert,sign");
  const std::string other = gnupg.generate("Other <other@example.com>", "ed25519", "cert,sign");
  const std::vector<std::string> later{"--faked-system-time", "20250201T120000"};
  const auto change = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), later.begin(), later.end());
    gnupg.must_run(arguments);
  };
  change({"--quick-add-uid", fingerprint, "Second <second@example.com>"});
  change({"--quick-add-uid", fingerprint, "Gone <gone@example.com>"});
  change({"--quick-revoke-uid", fingerprint, "Gone <gone@example.com>"});
  change({"-u", other, "--yes", "--quick-sign-key", fingerprint});
  change({"--quick-set-expire", fingerprint, "2099-01-01"});
  const AdminKey key = AdminKey::from_armor(gnupg.secret_key(fingerprint), test_time);
  test::Gnupg others;
  ASSERT_TRUE(others.import_keys(key.public_armor()));
  EXPECT_EQ(others.listing(fingerprint),
            (std::vector<std::string>{"pub", "uid", "sig", "uid", "sig"}));
  EXPECT_EQ(others.checked_records(fingerprint).at(1).at(6), "4070952000") << "its new expiry";
  expect_usable(key);
}

TEST(BroughtKeys, AreTakenFromTheTestData) {
  EXPECT_EQ(AdminKey::from_armor(file_text(ed25519_file), test_time).fingerprint(),
            "1026bb4feaf2248a6fce65bde0ade11b311d47ac");
  EXPECT_EQ(AdminKey::from_armor(file_text(rsa_file), test_time).fingerprint(),
            "ceb73cf1f72f3dd7aa2a1787ee20d8a8fd005c4e");
}

/// The reason why a text is refused; "none" if it is accepted.
std::string reason(const std::string& text, std::chrono::sys_seconds now = test_time) {
  try {
    static_cast<void>(AdminKey::from_armor(text, now));
    return "none";
  } catch (const InputError& error) {
    return error.what();
  }
}

std::vector<Packet> packets_of(const char* file) {
  return read_packets(dearmor(file_text(file)).octets);
}

std::string armored(const std::vector<Packet>& packets) {
  return armor(ArmorType::private_key, octets_of(packets));
}

/// The Ed25519 key with one octet of its first packet changed; negative positions count from the
/// end.
std::string with_octet(int position, char octet) {
  std::vector<Packet> packets = packets_of(ed25519_file);
  Octets& body = packets[0].body;
  body[position < 0 ? body.size() - static_cast<std::size_t>(-position)
                    : static_cast<std::size_t>(position)] = octet;
  return armored(packets);
}

TEST(RefusedKey, HasAPassphrase) {
  test::Gnupg gnupg;
  gnupg.must_run({"--passphrase", "correct horse", "--quick-gen-key", "Own <own@example.com>",
                  "ed25519", "cert,sign"});
  const std::string armored =
      gnupg.must_run({"--passphrase", "correct horse", "--armor", "--export-secret-keys"});
  EXPECT_EQ(reason(armored), "the secret key is protected by a passphrase");
}

TEST(RefusedKey, IsAStubOfGnupg) {
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(file_text(subkey_file)));
  EXPECT_EQ(reason(gnupg.must_run({"--armor", "--export-secret-subkeys"})),
            "the secret part of the key is not in it, only gpg's stub");
}

TEST(RefusedKey, IsPublicOrNoKey) {
  EXPECT_EQ(reason(file_text("keys/admin.pub.asc")),
            "the key is public only; the secret key is needed");
  EXPECT_EQ(reason(file_text("keys/requests/delete_key11.keysig")),
            "the armored block is a signature, not a key");
  EXPECT_EQ(reason("admin"), "the text is not an armored OpenPGP key or signature");
  EXPECT_EQ(reason(armor(ArmorType::private_key, "")), "the data does not begin with a secret key");
}

TEST(RefusedKey, IsTooBig) {
  constexpr std::size_t limit = 131072;
  const std::string key = file_text(ed25519_file);
  EXPECT_EQ(reason(key + std::string(limit - key.size(), '\n')), "none");
  EXPECT_EQ(reason(key + std::string(limit - key.size() + 1, '\n')),
            "the armored key is longer than 128 KiB");
}

TEST(RefusedKey, HasExpired) {
  test::Gnupg gnupg;
  const std::string key = gnupg.secret_key(
      gnupg.generate("Own <own@example.com>", "ed25519", "cert,sign", "seconds=86400"));
  const std::chrono::sys_seconds end{std::chrono::seconds(1735732800 + 86400)};
  EXPECT_EQ(reason(key, end - std::chrono::seconds(1)), "none");
  EXPECT_EQ(reason(key, end), "the key has expired");
}

TEST(RefusedKey, IsRevoked) {
  test::Gnupg gnupg;
  const std::string fingerprint = gnupg.generate("Own <own@example.com>", "ed25519", "cert,sign");
  gnupg.revoke(fingerprint);
  EXPECT_EQ(reason(gnupg.secret_key(fingerprint)), "the key is revoked");
  const AdminKey key = AdminKey::generate("Own", test_time);
  ASSERT_TRUE(gnupg.import_keys(secret_text(key)));
  ASSERT_TRUE(gnupg.import_keys(key.revocation(test_time)));
  EXPECT_EQ(reason(gnupg.secret_key(key.fingerprint())), "the key is revoked");
}

TEST(RefusedKey, MayNotSign) {
  test::Gnupg gnupg;
  const std::string fingerprint = gnupg.generate("Own <own@example.com>", "ed25519", "cert");
  const std::string expected = "neither the primary key nor a valid subkey may sign";
  EXPECT_EQ(reason(gnupg.secret_key(fingerprint)), expected);
  gnupg.must_run({"--faked-system-time", "20250101T120000", "--quick-add-key", fingerprint,
                  "ed25519", "sign", "seconds=86400"});
  EXPECT_EQ(reason(gnupg.secret_key(fingerprint)), expected) << "its subkey has expired";
  gnupg.must_run({"--faked-system-time", "20250101T120000", "--quick-add-key", fingerprint,
                  "cv25519", "encr"});
  EXPECT_EQ(reason(gnupg.secret_key(fingerprint)), expected);
}

TEST(RefusedKey, HasAnAlgorithmOrCurveThatIsNotSupported) {
  test::Gnupg gnupg;
  const auto generated = [&gnupg](const char* algorithm) {
    return gnupg.secret_key(
        gnupg.generate(std::string(algorithm) + " <own@example.com>", algorithm, "cert,sign"));
  };
  EXPECT_EQ(reason(generated("nistp256")),
            "the key has public-key algorithm 19; it must be Ed25519 (22) or RSA (1)");
  EXPECT_EQ(reason(generated("rsa1024")), "the RSA key does not have 2048 to 4096 bits");
  EXPECT_EQ(reason(with_octet(10, 'x')), "the curve of the key is not Ed25519");
}

TEST(RefusedKey, IsOfAnotherVersion) {
  EXPECT_EQ(reason(with_octet(0, 3)), "the key is of version 3, not 4");
  EXPECT_EQ(reason(with_octet(0, 6)), "the key is of version 6, not 4");
}

TEST(RefusedKey, IsDamaged) {
  EXPECT_EQ(reason(with_octet(-1, 0)), "the checksum of the secret key is wrong");
  EXPECT_EQ(reason(with_octet(4, 0)), "the key has no user ID with a valid self-signature");
  std::vector<Packet> packets = packets_of(ed25519_file);
  packets[0].body += "x";
  EXPECT_EQ(reason(armored(packets)), "the checksum of the secret key is wrong");
  packets = packets_of(ed25519_file);
  packets[1].body += "x";
  EXPECT_EQ(reason(armored(packets)), "the key has no user ID with a valid self-signature");
  std::string text = file_text(ed25519_file);
  text.replace(text.find("=+fhi"), 5, "=+fhj");
  EXPECT_EQ(reason(text), "the checksum of the armored block is wrong");
}

TEST(RefusedKey, HasTheSecretOfAnotherKey) {
  std::vector<Packet> packets = packets_of(ed25519_file);
  const Packet other = packets_of("keys/notadmin.sec.asc").at(0);
  constexpr std::size_t public_size = 51;
  ASSERT_EQ(packets[0].body.size(), other.body.size());
  packets[0].body = packets[0].body.substr(0, public_size) + other.body.substr(public_size);
  EXPECT_EQ(reason(armored(packets)),
            "the secret and the public part of the key do not belong together");
}

TEST(RefusedKey, HasMoreThanOneKeyOrWhatDoesNotBelongToKeys) {
  std::vector<Packet> packets = packets_of(ed25519_file);
  const std::vector<Packet> more = packets_of("keys/notadmin.sec.asc");
  packets.insert(packets.end(), more.begin(), more.end());
  EXPECT_EQ(reason(armored(packets)), "there is more than one key");
  packets = packets_of(ed25519_file);
  packets.push_back({.tag = PacketTag{11}, .body = "text"});
  EXPECT_EQ(reason(armored(packets)), "a packet of type 11 does not belong to a key");
}

TEST(RefusedKey, HasASubkeyThatNeverAgreed) {
  std::vector<Packet> packets = packets_of(subkey_file);
  // The primary key's signature over the subkey. Its unsigned part ends with the subkey's own
  // signature.
  Octets& binding = packets.at(4).body;
  const std::size_t inner = binding.find("\x04\x19\x16\x08");
  ASSERT_NE(inner, Octets::npos);
  char& octet_of_its_value = binding[inner + 60];
  octet_of_its_value = static_cast<char>(octet_of_its_value ^ 1);
  EXPECT_EQ(reason(armored(packets)), "neither the primary key nor a valid subkey may sign");
}

}  // namespace transferable_key_test
}  // namespace charm::openpgp
