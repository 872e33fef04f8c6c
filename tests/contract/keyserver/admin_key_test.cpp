// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/signed_request.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace contract {
namespace {

using charm::openpgp::AdminKey;
using charm::openpgp::SignedRequest;

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// The charm's own administrator key, as the keyserver takes it.
class CharmAdministrator : public KeyserverTest {
 protected:
  void start_with(const AdminKey& administrator) {
    keyserver().settings.sections[""]["adminKeys"] =
        "[" + quoted(administrator.fingerprint()) + "]";
    keyserver().start();
  }

  int upload(const std::string& armored) {
    return keyserver().post("/pks/add", {{"keytext", armored}}).status;
  }

  /// The primary-key packets of these keys as the keyserver stores them.
  std::vector<std::string> stored_packets(const std::vector<std::string>& fingerprints) {
    std::vector<std::string> packets;
    for (const std::string& each : fingerprints) {
      std::string hexadecimal =
          sql("SELECT encode(decode(doc->'packet'->>'data', 'base64'), 'hex') FROM keys"
              " WHERE rfingerprint = reverse('" +
              each + "')");
      packets.emplace_back();
      for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2) {
        packets.back() += static_cast<char>(std::stoi(hexadecimal.substr(i, 2), nullptr, 16));
      }
    }
    return packets;
  }

  int send(const SignedRequest& request) {
    return keyserver()
        .post("/pks/delete", {{"keytext", request.keytext}, {"keysig", request.keysig}})
        .status;
  }

  /// The status of a deletion that this key signs.
  int deletion(const AdminKey& signer, const std::vector<std::string>& fingerprints) {
    return send(charm::openpgp::delete_request(signer, stored_packets(fingerprints), now()));
  }

  const AdminKey admin = AdminKey::generate("Hockeypuck administrator <admin@example.com>", now());
};

FOR_EVERY_KEYSERVER(CharmAdministrator);

TEST_P(CharmAdministrator, IsStoredAsItIsUploaded) {
  start_with(admin);
  ASSERT_EQ(upload(admin.public_armor()), 200);
  EXPECT_EQ(status_of(admin.fingerprint()), 200);
  EXPECT_EQ(sql("SELECT count(*), min(jsonb_array_length(doc->'userIDs')) FROM keys"), "1|1");
}

TEST_P(CharmAdministrator, DeletesAKey) {
  start_with(admin);
  ASSERT_EQ(upload(admin.public_armor()), 200);
  add("key11_rsa2048");
  const SignedRequest request =
      charm::openpgp::delete_request(admin, stored_packets({fingerprint::key11}), now());
  EXPECT_EQ(send(request), 200) << keyserver().log();
  EXPECT_EQ(status_of(fingerprint::key11), 404);
  EXPECT_EQ(send(request), 404);
}

TEST_P(CharmAdministrator, DeletesSeveralKeysInOneRequestRevokedOnesToo) {
  start_with(admin);
  ASSERT_EQ(upload(admin.public_armor()), 200);
  add("key01_ed25519");
  add("key11_rsa2048");
  add("key17_ed25519_revoked");
  EXPECT_EQ(deletion(admin, {fingerprint::key01, fingerprint::key17, fingerprint::key11}), 200)
      << keyserver().log();
  EXPECT_EQ(sql("SELECT reverse(rfingerprint) FROM keys"), admin.fingerprint());
}

TEST_P(CharmAdministrator, IsRefusedWhenItIsNoneOrItsKeyIsNotStored) {
  start_with(admin);
  add("key11_rsa2048");
  EXPECT_EQ(deletion(admin, {fingerprint::key11}), 422);
  ASSERT_EQ(upload(admin.public_armor()), 200);
  const AdminKey other = AdminKey::generate("Another <admin@example.com>", now());
  ASSERT_EQ(upload(other.public_armor()), 200);
  EXPECT_EQ(deletion(other, {fingerprint::key11}), 422);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
  EXPECT_EQ(deletion(admin, {fingerprint::key11}), 200);
}

TEST_P(CharmAdministrator, IsRefusedOnceItsRevocationIsUploaded) {
  start_with(admin);
  ASSERT_EQ(upload(admin.public_armor()), 200);
  add("key01_ed25519");
  add("key11_rsa2048");
  const std::vector<std::string> packets = stored_packets({fingerprint::key11});
  EXPECT_EQ(deletion(admin, {fingerprint::key01}), 200);
  const SignedRequest earlier = charm::openpgp::delete_request(admin, packets, now());
  ASSERT_EQ(upload(admin.revocation(now())), 200);
  EXPECT_EQ(send(earlier), 422);
  EXPECT_EQ(deletion(admin, {fingerprint::key11}), 422);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
}

class BroughtAdministrator : public CharmAdministrator {};

FOR_EVERY_KEYSERVER(BroughtAdministrator);

TEST_P(BroughtAdministrator, DeletesAKeyWithRsa) {
  const AdminKey brought = AdminKey::from_armor(key_text("admin2_rsa.sec"), now());
  start_with(brought);
  ASSERT_EQ(upload(brought.public_armor()), 200);
  add("key11_rsa2048");
  EXPECT_EQ(deletion(brought, {fingerprint::key11}), 200) << keyserver().log();
  EXPECT_EQ(status_of(fingerprint::key11), 404);
}

TEST_P(BroughtAdministrator, DeletesAKeyWithASigningSubkey) {
  const AdminKey brought = AdminKey::from_armor(key_text("../openpgp/signing_subkey.sec"), now());
  start_with(brought);
  ASSERT_EQ(upload(brought.public_armor()), 200);
  add("key11_rsa2048");
  EXPECT_EQ(deletion(brought, {fingerprint::key11}), 200) << keyserver().log();
  ASSERT_EQ(upload(brought.revocation(now())), 200);
  add("key11_rsa2048");
  EXPECT_EQ(deletion(brought, {fingerprint::key11}), 422);
}

}  // namespace
}  // namespace contract
