// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/armor.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/gnupg.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace contract {
namespace {

using nlohmann::json;

constexpr const char* nothing = R"({"inserted":null,"updated":null,"ignored":null})"
                                "\n";

class Upload : public KeyserverTest {
 protected:
  std::string upload(const std::string& text) {
    const Answer answer = keyserver().post("/pks/add", {{"keytext", text}});
    return answer.status == 200 ? answer.body : std::to_string(answer.status);
  }

  std::string stored_keys() { return sql("SELECT count(*) FROM keys"); }
};

FOR_EVERY_KEYSERVER(Upload);

TEST_P(Upload, ReportsTheOutcome) {
  keyserver().start();
  const Answer answer = add("key01_ed25519");
  EXPECT_EQ(answer.headers.at("content-type"), "application/json");
  EXPECT_EQ(answer.body,
            R"({"inserted":["(4)eddsa_Curve25519/736878501cb48d4b6ea5a98ae9d8f50dc853941b"],)"
            R"("updated":null,"ignored":null})"
            "\n");
  EXPECT_EQ(add("key01_ed25519").body,
            R"({"inserted":null,"updated":null,)"
            R"("ignored":["(4)eddsa_Curve25519/736878501cb48d4b6ea5a98ae9d8f50dc853941b"]})"
            "\n");
  EXPECT_EQ(json::parse(add("key11_rsa2048").body).at("inserted").at(0),
            std::string("(4)rsa2048/") + fingerprint::key11);
  EXPECT_EQ(json::parse(add("key15_nistp256").body).at("inserted").at(0),
            "(4)ecdsa_P256/918b6e92247d942dff870e6ce7cf6202f36d62a6");
}

TEST_P(Upload, MergesWhatItDidNotKnowOfAKey) {
  keyserver().start();
  add("key18_ed25519_carol_unsigned");
  const json carol = json::array({std::string("(4)eddsa_Curve25519/") + fingerprint::key18});
  EXPECT_EQ(json::parse(add("key18_ed25519_carol_signed_by_dave").body).at("updated"), carol);
  const std::string signed_digest = sql("SELECT md5 FROM keys");
  EXPECT_EQ(json::parse(add("key18_ed25519_carol_unsigned").body).at("ignored"), carol);
  EXPECT_EQ(sql("SELECT md5 FROM keys"), signed_digest);
  EXPECT_EQ(sql("SELECT jsonb_array_length(doc->'userIDs'->0->'signatures') FROM keys"), "2");
}

TEST_P(Upload, RefusesTextThatIsNoKey) {
  keyserver().start();
  EXPECT_EQ(keyserver().post("/pks/add", {}).status, 400);
  EXPECT_EQ(keyserver().post("/pks/add", {{"keytext", ""}}).status, 400);
  EXPECT_EQ(upload("no armor at all"), "400");
  EXPECT_EQ(upload("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\naGVsbG8gd29ybGQ=\n"
                   "-----END PGP PUBLIC KEY BLOCK-----\n"),
            "422");
  EXPECT_EQ(stored_keys(), "0");
}

TEST_P(Upload, RefusesAKeyWithoutItsEnd) {
  keyserver().start();
  const std::string key = key_text("key01_ed25519");
  EXPECT_EQ(upload(key.substr(0, key.size() / 2)), "422");
}

TEST_P(Upload, TakesTextAroundTheKey) {
  keyserver().start();
  EXPECT_EQ(json::parse(upload("Hello,\n\nmy key:\n" + key_text("key01_ed25519") + "\nBye\n"))
                .at("inserted")
                .size(),
            1U);
}

TEST_P(Upload, TakesTheArmorOfAnyFile) {
  keyserver().start();
  const auto octets = charm::openpgp::dearmor(key_text("key01_ed25519")).octets;
  const std::string text =
      test::Gnupg().must_run({"--enarmor"}, std::string(octets.begin(), octets.end()));
  ASSERT_TRUE(text.starts_with("-----BEGIN PGP ARMORED FILE-----")) << text;
  EXPECT_EQ(json::parse(upload(text)).at("inserted").size(), 1U);
}

TEST_P(Upload, PassesOverSecretKeys) {
  keyserver().start();
  EXPECT_EQ(add("admin.sec").body, nothing);
  EXPECT_EQ(stored_keys(), "0");
}

TEST_P(Upload, TakesManyKeysAtOnce) {
  keyserver().start();
  test::Gnupg gnupg;
  for (const std::string& name : public_key_names()) {
    gnupg.import_keys(key_text(name));
  }
  const std::string all = gnupg.public_key("");
  ASSERT_GT(all.size(), 8'192U);
  EXPECT_EQ(json::parse(upload(all)).at("inserted").size(), 21U);
  EXPECT_EQ(stored_keys(), "21");
}

TEST_P(Upload, TakesARevocationAloneForAKeyItHas) {
  keyserver().start();
  EXPECT_EQ(add("key17_revocation_only").body, nothing);
  add("key17_ed25519_before_revocation");
  EXPECT_EQ(json::parse(add("key17_revocation_only").body).at("updated").at(0),
            std::string("(4)eddsa_Curve25519/") + fingerprint::key17);
  EXPECT_EQ(sql("SELECT doc ? 'userIDs', doc->'signatures'->0->'sigType' FROM keys"), "f|32");
  // A revoked key stays revoked.
  add("key17_ed25519_before_revocation");
  EXPECT_EQ(sql("SELECT doc ? 'userIDs', count(*) OVER () FROM keys"), "f|1");
  EXPECT_EQ(lookup("index", "revoked@example.com").status, 404);
}

TEST_P(Upload, DropsKeysThatAreTooLong) {
  keyserver().settings.sections["openpgp"]["maxKeyLength"] = "700";
  keyserver().start();
  add("key01_ed25519");
  EXPECT_EQ(add("key02_ed25519_multiuid").body, nothing);
  EXPECT_EQ(status_of(fingerprint::key01), 200);
  EXPECT_EQ(status_of(fingerprint::key02), 404);
}

TEST_P(Upload, IgnoresPartsTheOwnerDidNotSign) {
  keyserver().start();
  const auto dearmored = charm::openpgp::dearmor(key_text("key14_rsa2048_noemail")).octets;
  std::string octets(dearmored.begin(), dearmored.end());
  octets.replace(octets.find("(no email)"), 10, "(my email)");
  const std::string forged = charm::openpgp::armor(charm::openpgp::ArmorType::public_key, octets);
  const json answer = json::parse(upload(forged));
  EXPECT_EQ(answer.at("ignored").at(0), std::string("(4)rsa2048/") + fingerprint::key14);
  EXPECT_EQ(stored_keys(), "0");
}

TEST_P(Upload, StoresWhatADatabaseClientNeeds) {
  keyserver().start();
  add("key01_ed25519");
  add("key14_rsa2048_noemail");
  EXPECT_EQ(sql("SELECT reverse(rfingerprint), vfingerprint, ctime = mtime, idxtime = mtime,"
                " now() - ctime < '1 minute', doc->>'fingerprint', doc->>'md5' = md5,"
                " substr(encode(decode(doc->'packet'->>'data', 'base64'), 'hex'), 1, 8)"
                " FROM keys WHERE md5 = '4d6e876efd9b604dc5700bd663e8ea19'"),
            "736878501cb48d4b6ea5a98ae9d8f50dc853941b|04736878501cb48d4b6ea5a98ae9d8f50dc853941b|"
            "t|t|t|736878501cb48d4b6ea5a98ae9d8f50dc853941b|t|c6330467");
  EXPECT_EQ(sql("SELECT keywords FROM keys WHERE md5 = '4d6e876efd9b604dc5700bd663e8ea19'"),
            "'alice' 'alice example <alice@example.com>' 'alice@example.com' 'example' "
            "'example.com'");
  EXPECT_EQ(sql("SELECT reverse(rfingerprint), reverse(rsubfp), vsubfp FROM subkeys"),
            "736878501cb48d4b6ea5a98ae9d8f50dc853941b|c1415bb24a9d07648a1a949e2a8e724b34b4d04c|"
            "04c1415bb24a9d07648a1a949e2a8e724b34b4d04c");
  EXPECT_EQ(sql("SELECT uidstring, identity, confidence FROM userids ORDER BY 1"),
            "Alice Example <alice@example.com>|alice@example.com|0\n"
            "Release Signing Bot (no email)||0");
}

}  // namespace
}  // namespace contract
