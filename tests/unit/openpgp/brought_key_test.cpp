// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/admin_key.hpp"
#include "tests/support/gnupg.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

namespace charm::openpgp {
namespace {

/// That gpg takes everything the charm makes of a key that gpg knows, in a keyring of its own.
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
  // The encryption subkey stays behind.
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

}  // namespace
}  // namespace charm::openpgp
