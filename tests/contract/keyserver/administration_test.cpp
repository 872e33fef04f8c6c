// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/gnupg.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace contract {
namespace {

using nlohmann::json;

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

  Answer request(const std::string& command, const std::string& text,
                 const std::string& signature) {
    return keyserver().post("/pks/" + command, {{"keytext", text}, {"keysig", signature}});
  }

  /// The recorded request of the administrator to delete key 11.
  Answer recorded_deletion() {
    return request("delete", request_text("delete_key11.keytext"),
                   request_text("delete_key11.keysig"));
  }

  /// The status of a request to delete that gpg signs now.
  int deletion(const std::string& key, const std::string& signer,
               const std::vector<std::string>& options = {}) {
    const std::string text = "/pks/delete\n" + key;
    return request("delete", text, gnupg().sign(text, signer, options)).status;
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

TEST_P(Administration, TakesTheSameRequestAgain) {
  keyserver().start();
  add("admin.pub");
  for (int i = 0; i < 2; ++i) {
    add("key11_rsa2048");
    EXPECT_EQ(recorded_deletion().status, 200);
  }
}

TEST_P(Administration, ReplacesAKeyItHas) {
  keyserver().start();
  add("admin.pub");
  const auto replace = [this] {
    return request("replace", request_text("replace_key12.keytext"),
                   request_text("replace_key12.keysig"));
  };
  EXPECT_EQ(replace().status, 404);
  add("key12_rsa2048_multiuid");
  sql("UPDATE keys SET doc = doc || '{\"length\": 1}', md5 = 'old'"
      " WHERE vfingerprint LIKE '%eaf92d'");
  const Answer answer = replace();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
  EXPECT_EQ(json::parse(answer.body),
            json({{"inserted", nullptr},
                  {"updated", {std::string("(4)rsa2048/") + fingerprint::key12}},
                  {"ignored", nullptr}}));
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
  EXPECT_EQ(request("delete", text, request_text("delete_key11.notadmin.keysig")).status, 422);
  EXPECT_EQ(request("delete", text + "\n", signature).status, 422);
  EXPECT_EQ(request("delete", text, "no signature").status, 422);
  EXPECT_EQ(request("delete", text, key_text("admin.pub")).status, 422);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
}

TEST_P(Administration, RefusesRequestsThatAreIncompleteOrForTheOtherCommand) {
  keyserver().start();
  add("admin.pub");
  add("key11_rsa2048");
  const std::string text = request_text("delete_key11.keytext");
  const std::string signature = request_text("delete_key11.keysig");
  EXPECT_EQ(keyserver().post("/pks/delete", {{"keytext", text}}).status, 400);
  EXPECT_EQ(keyserver().post("/pks/delete", {{"keysig", signature}}).status, 400);
  EXPECT_EQ(request("replace", text, signature).status, 400);
  EXPECT_EQ(request("delete", key_text("key11_rsa2048"), signature).status, 400);
  EXPECT_EQ(request("delete", " " + text, signature).status, 400);
  EXPECT_EQ(keyserver().get("/pks/delete").status, 405);
  EXPECT_EQ(status_of(fingerprint::key11), 200);
}

TEST_P(Administration, NeedsTheAdministratorsKeyInTheDatabase) {
  keyserver().start();
  add("key11_rsa2048");
  EXPECT_EQ(recorded_deletion().status, 422);
  add("admin.pub");
  EXPECT_EQ(recorded_deletion().status, 200);
}

TEST_P(Administration, KnowsAdministratorsByFingerprintsInAnyCase) {
  administrators({"0x1026BB4FEAF2248A6FCE65BDE0ADE11B311D47AC", std::string(40, '0')});
  keyserver().start();
  add("admin.pub");
  add("key11_rsa2048");
  EXPECT_EQ(recorded_deletion().status, 200);
}

TEST_P(Administration, IsOffWhenOneAdministratorIsEmpty) {
  administrators({fingerprint::admin, ""});
  keyserver().start();
  add("admin.pub");
  add("key11_rsa2048");
  EXPECT_EQ(recorded_deletion().status, 422);
}

TEST_P(Administration, TakesTextSignaturesAndCarriageReturns) {
  keyserver().start();
  add("admin.pub");
  add("key11_rsa2048");
  EXPECT_EQ(deletion(key_text("key11_rsa2048"), fingerprint::admin, {"--textmode"}), 200);
  add("key11_rsa2048");
  const std::string text = "/pks/delete\r\n" + key_text("key11_rsa2048");
  EXPECT_EQ(request("delete", text, gnupg().sign(text, fingerprint::admin)).status, 200);
}

TEST_P(Administration, TakesRsaSignatures) {
  administrators({fingerprint::admin_rsa});
  keyserver().start();
  add("admin2_rsa.pub");
  add("key11_rsa2048");
  gnupg().import_keys(key_text("admin2_rsa.sec"));
  EXPECT_EQ(deletion(key_text("key11_rsa2048"), fingerprint::admin_rsa), 200);
}

TEST_P(Administration, TakesTheSignatureOfASubkey) {
  const std::string administrator =
      gnupg().generate("Admin <subkey@example.com>", "ed25519", "cert");
  gnupg().add_signing_subkey(administrator);
  administrators({administrator});
  keyserver().start();
  upload(gnupg().public_key(administrator));
  add("key11_rsa2048");
  EXPECT_EQ(deletion(key_text("key11_rsa2048"), administrator), 200);
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

TEST_P(Administration, RefusesAnAdministratorWhoseKeyIsRevoked) {
  const std::string administrator =
      gnupg().generate("Admin <lost@example.com>", "ed25519", "cert,sign");
  administrators({administrator});
  keyserver().start();
  upload(gnupg().public_key(administrator));
  add("key11_rsa2048");
  const std::string text = "/pks/delete\n" + key_text("key11_rsa2048");
  const std::string signature = gnupg().sign(text, administrator);
  gnupg().revoke(administrator);
  upload(gnupg().public_key(administrator));
  EXPECT_EQ(request("delete", text, signature).status, 422);
}

TEST_P(Administration, DeletesARevokedKeyGivenItsPrimaryKeyPacket) {
  keyserver().start();
  add("admin.pub");
  add("key17_ed25519_revoked");
  const std::string revocation = lookup("get", std::string("0x") + fingerprint::key17).body;
  EXPECT_EQ(deletion(revocation, fingerprint::admin), 422);
  const std::string packet =
      sql("SELECT doc->'packet'->>'data' FROM keys WHERE md5 = '7bcf006e9eabc1fbe97343bb298b633e'");
  EXPECT_EQ(deletion("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n" + packet +
                         "\n-----END PGP PUBLIC KEY BLOCK-----\n",
                     fingerprint::admin),
            200);
  EXPECT_EQ(status_of(fingerprint::key17), 404);
}

TEST_P(Administration, StopsAtTheFirstKeyItDoesNotHave) {
  keyserver().start();
  add("admin.pub");
  add("key01_ed25519");
  add("key11_rsa2048");
  test::Gnupg keys;
  const auto block = [&keys](const std::vector<const char*>& names) {
    for (const char* name : names) {
      keys.import_keys(key_text(name));
    }
    return keys.public_key("");
  };
  // gpg exports in the order in which it learnt the keys.
  EXPECT_EQ(deletion(block({"key11_rsa2048", "key02_ed25519_multiuid", "key01_ed25519"}),
                     fingerprint::admin),
            404);
  EXPECT_EQ(status_of(fingerprint::key11), 404);
  EXPECT_EQ(status_of(fingerprint::key01), 200);
}

TEST_P(Administration, CannotDeleteWhatItPassesOver) {
  keyserver().start();
  add("admin.pub");
  add("key01_ed25519");
  keyserver().stop(15);
  keyserver().settings.sections["openpgp"]["blacklist"] = "[" + quoted(fingerprint::key01) + "]";
  keyserver().start();
  EXPECT_EQ(deletion(key_text("key01_ed25519"), fingerprint::admin), 200);
  EXPECT_EQ(status_of(fingerprint::key01), 200);
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

}  // namespace
}  // namespace contract
