// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/client.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/openpgp/armor.hpp"
#include "src/openpgp/cryptography.hpp"
#include "src/openpgp/signature.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/gnupg.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace contract {
namespace {

class Administration : public KeyserverTest {
 protected:
  void SetUp() override {
    KeyserverTest::SetUp();
    if (!IsSkipped()) {
      administrators({fingerprint::admin});
    }
  }

  void administrators(const std::vector<std::string>& fingerprints) {
    std::string list;
    for (const std::string& each : fingerprints) {
      list += (list.empty() ? "" : ", ") + quoted(each);
    }
    keyserver().settings.sections[""]["adminKeys"] = "[" + list + "]";
  }

  Answer request(const std::string& text, const std::string& signature) {
    return keyserver().post("/pks/delete", {{"keytext", text}, {"keysig", signature}});
  }

  /// The recorded request of the administrator to delete key 11.
  Answer recorded_deletion() {
    return request(request_text("delete_key11.keytext"), request_text("delete_key11.keysig"));
  }

  /// The status of a deletion request that gpg signs at this moment.
  int deletion(const std::string& key, const std::string& signer,
               const std::vector<std::string>& options = {}) {
    const std::string text = "/pks/delete\n" + key;
    return request(text, gnupg().sign(text, signer, options)).status;
  }

  /// Has the administrator's secret key.
  test::Gnupg& gnupg() {
    if (!gnupg_) {
      gnupg_ = std::make_unique<test::Gnupg>();
      gnupg_->import_keys(key_text("admin.sec"));
    }
    return *gnupg_;
  }

  void upload(const std::string& key) {
    ASSERT_EQ(keyserver().post("/pks/add", {{"keytext", key}}).status, 200);
  }

 private:
  std::unique_ptr<test::Gnupg> gnupg_;
};

FOR_EVERY_KEYSERVER(Administration);

TEST_P(Administration, DeletesAKeyAtTheAdministratorsRequest) {
  keyserver().start();
  add("admin.pub");
  add("key11_rsa2048");
  const Answer answer = recorded_deletion();
  EXPECT_EQ(answer.status, 200) << keyserver().log();
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(status_of(fingerprint::key11), 404);
  EXPECT_EQ(sql("SELECT (SELECT count(*) FROM keys), (SELECT count(*) FROM subkeys),"
                " (SELECT count(*) FROM userids)"),
            "1|0|1");
  EXPECT_EQ(recorded_deletion().status, 404);
}

TEST_P(Administration, ReplacesAKeyItHas) {
  keyserver().start();
  add("admin.pub");
  const auto replace = [this] {
    return keyserver().post("/pks/replace", {{"keytext", request_text("replace_key12.keytext")},
                                             {"keysig", request_text("replace_key12.keysig")}});
  };
  EXPECT_EQ(replace().status, 404);
  add("key12_rsa2048_multiuid");
  sql("UPDATE keys SET md5 = 'old' WHERE reverse(rfingerprint) = '" +
      std::string(fingerprint::key12) + "'");
  EXPECT_EQ(replace().body, "{\"inserted\":null,\"updated\":[\"(4)rsa2048/" +
                                std::string(fingerprint::key12) + "\"],\"ignored\":null}\n");
  EXPECT_EQ(sql("SELECT count(*) FROM keys WHERE md5 = 'old'"), "0");
  EXPECT_EQ(status_of(fingerprint::key12), 200);
}

TEST_P(Administration, RefusesOthersAndForgedRequests) {
  keyserver().start();
  add("admin.pub");
  add("notadmin.pub");
  add("key11_rsa2048");
  const std::string text = request_text("delete_key11.keytext");
  const std::string signature = request_text("delete_key11.keysig");
  EXPECT_EQ(request(text, request_text("delete_key11.notadmin.keysig")).status, 422);
  EXPECT_EQ(request(text + "\n", signature).status, 422);
  EXPECT_EQ(request(text, "no signature").status, 422);
  EXPECT_EQ(request(text, key_text("admin.pub")).status, 422);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
}

TEST_P(Administration, RefusesRequestsThatAreIncompleteOrBeginOtherwise) {
  keyserver().start();
  add("admin.pub");
  add("key11_rsa2048");
  const std::string text = request_text("delete_key11.keytext");
  const std::string signature = request_text("delete_key11.keysig");
  EXPECT_EQ(keyserver().post("/pks/delete", {{"keytext", text}}).status, 400);
  EXPECT_EQ(keyserver().post("/pks/delete", {{"keysig", signature}}).status, 400);
  EXPECT_EQ(request(key_text("key11_rsa2048"), signature).status, 400);
  EXPECT_EQ(request(" " + text, signature).status, 400);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
}

TEST_P(Administration, TakesTextSignaturesAndCarriageReturns) {
  keyserver().start();
  add("admin.pub");
  add("key11_rsa2048");
  EXPECT_EQ(deletion(key_text("key11_rsa2048"), fingerprint::admin, {"--textmode"}), 200);
  add("key11_rsa2048");
  const std::string text = "/pks/delete\r\n" + key_text("key11_rsa2048");
  EXPECT_EQ(request(text, gnupg().sign(text, fingerprint::admin)).status, 200);
}

TEST_P(Administration, RefusesAnAdministratorWhoseKeyIsExpired) {
  const std::string administrator =
      gnupg().generate("Admin <old@example.com>", "ed25519", "cert,sign", "seconds=86400");
  administrators({administrator});
  keyserver().start();
  upload(gnupg().public_key(administrator));
  add("key11_rsa2048");
  EXPECT_EQ(deletion(key_text("key11_rsa2048"), administrator,
                     {"--faked-system-time", "20250101T130000"}),
            422);
}

TEST_P(Administration, CountsAnAbsentDatabaseAsAWrongSignature) {
  keyserver().start();
  add("admin.pub");
  add("key11_rsa2048");
  cluster().stop();
  EXPECT_EQ(recorded_deletion().status, 422);
  cluster().start();
  EXPECT_EQ(recorded_deletion().status, 200);
}

using charm::keyserver::StoredKey;
using charm::openpgp::AdminKey;
using charm::openpgp::SignedRequest;

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// The charm's own administrator key, as the keyserver accepts it.
class CharmAdministrator : public KeyserverTest {
 protected:
  void start_with(const AdminKey& administrator) { start_with({administrator.fingerprint()}); }

  void start_with(const std::vector<std::string>& fingerprints) {
    std::string list;
    for (const std::string& each : fingerprints) {
      list += (list.empty() ? "" : ", ") + quoted(each);
    }
    keyserver().settings.sections[""]["adminKeys"] = "[" + list + "]";
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

  /// The status of a request that changes nothing.
  int trial(const AdminKey& signer) { return send(charm::openpgp::trial_request(signer, now())); }

  /// The key as the charm sees it.
  StoredKey find(const std::string& fingerprint) {
    return charm::keyserver::Client(keyserver().port()).find(fingerprint);
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

TEST_P(CharmAdministrator, IsToldFromOthersByARequestForAKeyThatNobodyHas) {
  start_with(admin);
  EXPECT_EQ(trial(admin), 422) << "its key is not stored";
  ASSERT_EQ(upload(admin.public_armor()), 200);
  const AdminKey other = AdminKey::generate("Another <admin@example.com>", now());
  ASSERT_EQ(upload(other.public_armor()), 200);
  const std::string before = sql("SELECT md5 FROM keys ORDER BY md5");
  EXPECT_EQ(trial(admin), 404) << keyserver().log();
  EXPECT_EQ(trial(other), 422);
  EXPECT_EQ(sql("SELECT md5 FROM keys ORDER BY md5"), before);
  cluster().stop();
  EXPECT_EQ(trial(admin), 422);
  EXPECT_EQ(find(admin.fingerprint()), StoredKey::unknown);
}

TEST_P(CharmAdministrator, IsRotatedWhileBothKeysAreTaken) {
  const AdminKey next = AdminKey::generate("Hockeypuck administrator <admin@example.com>", now());
  start_with({admin.fingerprint(), next.fingerprint()});
  ASSERT_EQ(upload(admin.public_armor()), 200);
  EXPECT_EQ(find(next.fingerprint()), StoredKey::absent);
  ASSERT_EQ(upload(next.public_armor()), 200);
  EXPECT_EQ(trial(admin), 404);
  EXPECT_EQ(trial(next), 404);
  EXPECT_EQ(find(admin.fingerprint()), StoredKey::present);
  ASSERT_EQ(upload(admin.revocation(now())), 200);
  EXPECT_EQ(find(admin.fingerprint()), StoredKey::revoked);
  EXPECT_EQ(trial(admin), 422);
  EXPECT_EQ(trial(next), 404);
}

/// A superseded key is served with its revocation. A revocation replaces only a key that must never
/// have been trusted.
TEST_P(CharmAdministrator, IsServedAsARevokedKeyOnceItIsSuperseded) {
  start_with(admin);
  ASSERT_EQ(upload(admin.revocation(now())), 200);
  EXPECT_EQ(find(admin.fingerprint()), StoredKey::revoked);
  test::Gnupg gnupg;
  ASSERT_TRUE(gnupg.import_keys(lookup("get", "0x" + admin.fingerprint()).body));
  EXPECT_EQ(gnupg.listing(admin.fingerprint()),
            (std::vector<std::string>{"pub", "rev", "uid", "sig"}));
  add("key17_ed25519_revoked");
  EXPECT_EQ(find(fingerprint::key17), StoredKey::revoked);
}

/// Anyone can disable the administrator by uploading the key with a revocation by another key. That
/// does not revoke the key itself. A new key helps.
TEST_P(CharmAdministrator, IsRefusedOnceAnotherKeyClaimsToRevokeIt) {
  using namespace charm::openpgp;
  const AdminKey next = AdminKey::generate("Hockeypuck administrator <admin@example.com>", now());
  start_with({admin.fingerprint(), next.fingerprint()});
  std::vector<Packet> packets = read_packets(dearmor(admin.public_armor()).octets);
  OctetReader reader(packets.front().body);
  packets.insert(packets.begin() + 1,
                 new_signature(ed25519_key(ed25519::random_seed(), now()),
                               {.type = SignatureType::key_revocation, .created = now()},
                               hashed_form(read_public_key(reader))));
  ASSERT_EQ(upload(armor(ArmorType::public_key, octets_of(packets))), 200);
  EXPECT_EQ(find(admin.fingerprint()), StoredKey::present);
  EXPECT_EQ(trial(admin), 422);
  ASSERT_EQ(upload(next.public_armor()), 200);
  EXPECT_EQ(trial(next), 404);
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

TEST_P(BroughtAdministrator, IsTakenAgainOnceItsLongerLifeIsUploaded) {
  test::Gnupg gnupg;
  const std::string brought =
      gnupg.generate("Admin <long@example.com>", "ed25519", "cert,sign", "seconds=86400");
  start_with({brought});
  ASSERT_EQ(upload(gnupg.public_key(brought)), 200);
  gnupg.must_run({"--quick-set-expire", brought, "20y"});
  const AdminKey prolonged = AdminKey::from_armor(gnupg.secret_key(brought), now());
  EXPECT_EQ(trial(prolonged), 422);
  ASSERT_EQ(upload(prolonged.public_armor()), 200);
  EXPECT_EQ(trial(prolonged), 404);
}

}  // namespace
}  // namespace contract
