// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/statistics.hpp"
#include "charm/openpgp/armor.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/support/gnupg.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>

namespace contract {
namespace {

using nlohmann::json;

class Lookup : public KeyserverTest {
 protected:
  /// The fingerprints that an index finds, in alphabetical order; the status if it finds none.
  std::string found(const std::string& search) {
    const Answer answer = lookup("index", search, "json");
    if (answer.status != 200) {
      return std::to_string(answer.status);
    }
    std::set<std::string> fingerprints;
    for (const json& key : json::parse(answer.body)) {
      fingerprints.insert(key.at("fingerprint"));
    }
    std::string list;
    for (const std::string& each : fingerprints) {
      list += (list.empty() ? "" : " ") + each;
    }
    return list;
  }
};

FOR_EVERY_KEYSERVER(Lookup);

TEST_P(Lookup, FindsAKeyByFingerprintKeyIdAndSubkey) {
  keyserver().start();
  add("key01_ed25519");
  const std::string key = fingerprint::key01;
  const std::string subkey = fingerprint::key01_subkey;
  for (const std::string& search :
       {"0x" + key, std::string("0xE9D8F50DC853941B"), "0x" + subkey, "0x" + subkey.substr(24)}) {
    const Answer answer = lookup("get", search);
    EXPECT_EQ(answer.status, 200) << search;
    EXPECT_EQ(answer.headers.at("content-type"), "application/pgp-keys");
    EXPECT_TRUE(
        answer.body.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
                                "Comment: Hostname: keys.example.com\nVersion: "))
        << answer.body;
    EXPECT_TRUE(answer.body.ends_with("-----END PGP PUBLIC KEY BLOCK-----\n"));
  }
}

TEST_P(Lookup, DoesNotFindUnknownKeysShortKeyIdsNorDigitsWithoutPrefix) {
  keyserver().start();
  add("key01_ed25519");
  const std::string key = fingerprint::key01;
  for (const std::string& search :
       {std::string("0x") + fingerprint::key02, "0x" + key.substr(32), key, "0x" + key.substr(1),
        "0x" + std::string(64, 'a'), std::string("0xnonsense")}) {
    const Answer answer = lookup("get", search);
    EXPECT_EQ(answer.status, 404) << search;
  }
}

TEST_P(Lookup, ReturnsEveryKeyInAFormThatGnupgImports) {
  keyserver().start();
  test::Gnupg uploaded;
  test::Gnupg downloaded;
  for (const std::string& name : public_key_names()) {
    // A separate test covers the revoked key.
    if (!name.starts_with("key17")) {
      uploaded.import_keys(key_text(name));
      add(name);
    }
  }
  const std::vector<std::string> expected = uploaded.fingerprints();
  ASSERT_EQ(expected.size(), 20U);
  for (const std::string& key : expected) {
    EXPECT_TRUE(downloaded.import_keys(lookup("get", "0x" + key).body)) << key;
  }
  EXPECT_EQ(downloaded.fingerprints(), expected);
  for (const char* key : {fingerprint::key02, fingerprint::key12, fingerprint::key18}) {
    std::vector<std::string> before = uploaded.listing(key);
    std::vector<std::string> after = downloaded.listing(key);
    std::ranges::sort(before);
    std::ranges::sort(after);
    EXPECT_EQ(after, before) << key;
  }
}

TEST_P(Lookup, RefusesWhatItCannotUnderstand) {
  keyserver().start();
  for (const char* target : {"/pks/lookup", "/pks/lookup?op=get", "/pks/lookup?search=0x1",
                             "/pks/lookup?op=json&search=0x1", "/pks/lookup?op=get&search="}) {
    const Answer answer = keyserver().get(target);
    EXPECT_EQ(answer.status, 400) << target;
  }
  EXPECT_EQ(keyserver().get("/").status, 404);
  EXPECT_EQ(keyserver().get("/metrics").status, 404);
  EXPECT_EQ(keyserver().post("/pks/lookup", {}).status, 405);
}

TEST_P(Lookup, DescribesAKeyInJson) {
  keyserver().start();
  add("key10_ed25519_expiring");
  for (const char* operation : {"index", "vindex"}) {
    const Answer answer = lookup(operation, std::string("0x") + fingerprint::key10);
    EXPECT_EQ(answer.headers.at("content-type"), "application/json");
    const json key = json::parse(answer.body).at(0);
    EXPECT_EQ(key.at("fingerprint"), fingerprint::key10);
    EXPECT_EQ(key.at("longKeyID"), "1ec3e9de406524f2");
    EXPECT_EQ(key.at("creation"), "2025-01-01T12:00:00Z");
    EXPECT_EQ(key.at("version"), 4);
    EXPECT_EQ(key.at("algorithm"), json::parse(R"({"name": "eddsa_Curve25519", "code": 22,
                                                   "bitLength": 263, "curve": "Curve25519"})"));
    EXPECT_EQ(key.at("length"), 411);
    EXPECT_EQ(key.at("md5"), "bfa1c35d6ec9f1a22b2382dd62bb45fb");
    const json user_id = key.at("userIDs").at(0);
    EXPECT_EQ(user_id.at("keywords"), "Until 2099 <until2099@example.com>");
    EXPECT_EQ(user_id.at("signatures").at(0).at("expiration"), "2099-12-31T00:00:00Z");
    EXPECT_EQ(key.at("subKeys").at(0).at("fingerprint"),
              "862b83d0a618e10a5bb5a6d84c2cf442a2c7f58a");
  }
}

TEST_P(Lookup, ListsKeysForMachines) {
  keyserver().start();
  add("key02_ed25519_multiuid");
  add("key10_ed25519_expiring");
  add("key03_ed25519_utf8_latin");
  const Answer several = lookup("index", fingerprint::key02, "mr");
  EXPECT_EQ(several.headers.at("content-type"), "text/plain");
  EXPECT_EQ(several.body,
            "info:1:1\n"
            "pub:3990B3B2D159E83F0F7FB9D7B134553F60E3C689:22:263:1735732800::\n"
            "uid:Bob (spare) <bob+spare@example.org>:1735732800::\n"
            "uid:Bob Example <bob@example.com>:1735732800::\n"
            "uid:Bob Work <bob@work.example>:1735732800::\n");
  EXPECT_EQ(lookup("index", "until2099@example.com", "mr").body,
            "info:1:1\n"
            "pub:FE23CDA89E754DA93C92F23E1EC3E9DE406524F2:22:263:1735732800:4102358400:\n"
            "uid:Until 2099 <until2099@example.com>:1735732800:4102358400:\n");
  EXPECT_EQ(lookup("index", "zoe@beispiel.example", "mr").body,
            "info:1:1\n"
            "pub:874BCC587EBD08694808CF4E303E63FE046B214F:22:263:1735732800::\n"
            "uid:Zoë Müller-Ångström <zoe@beispiel.example>:1735732800::\n");
}

TEST_P(Lookup, SearchesAddressesAndWords) {
  keyserver().start();
  for (const char* name : {"key01_ed25519", "key20_ed25519_same_email_as_key01",
                           "key03_ed25519_utf8_latin", "key13_rsa2048_cyrillic"}) {
    add(name);
  }
  const std::string both = std::string(fingerprint::key01) + " " + fingerprint::key20;
  EXPECT_EQ(found("alice@example.com"), both);
  EXPECT_EQ(found("<alice@example.com>"), both);
  EXPECT_EQ(found("ALICE"), both);
  EXPECT_EQ(found("alice impostor"), fingerprint::key20);
  EXPECT_EQ(found("Alice Example <alice@example.com>"), both);
  EXPECT_EQ(found("müller"), "874bcc587ebd08694808cf4e303e63fe046b214f");
  EXPECT_EQ(found("ИВАН"), "a1b35ea739740bc1e9f5a33f5eb18bdca12cae2e");
  EXPECT_EQ(found("ali"), "404");
  EXPECT_EQ(found("it's \\ nobody"), "404");
}

TEST_P(Lookup, SearchesNoMoreThanTheQueryLimit) {
  keyserver().settings.sections["openpgp.db"]["requestQueryLimit"] = "1";
  keyserver().start();
  add("key01_ed25519");
  add("key20_ed25519_same_email_as_key01");
  EXPECT_EQ(found("alice@example.com").size(), 40U);
}

TEST_P(Lookup, CanHaveTheSearchForWordsDisabled) {
  keyserver().settings.sections["hkp.queries"]["keywordSearchDisabled"] = "true";
  keyserver().start();
  add("key01_ed25519");
  EXPECT_EQ(lookup("index", "alice@example.com").status, 501);
  EXPECT_EQ(lookup("get", "alice@example.com").status, 501);
  EXPECT_EQ(status_of(fingerprint::key01), 200);
}

TEST_P(Lookup, AnswersARevokedKeyWithTheRevocationAlone) {
  keyserver().start();
  add("key17_ed25519_revoked");
  const Answer answer = lookup("get", std::string("0x") + fingerprint::key17);
  EXPECT_EQ(answer.status, 200);
  // A signature packet of 120 octets and nothing else.
  const auto block = charm::openpgp::dearmor(answer.body);
  EXPECT_EQ(block.octets.size(), 122U);
  EXPECT_EQ(block.octets.substr(0, 2), "\xC2\x78");
  EXPECT_EQ(lookup("index", fingerprint::key17, "mr").body,
            "info:1:1\npub:098E51C428838D05F752953BD06E761E0C41B7B2:22:263:1735732800::r\n");

  test::Gnupg gnupg;
  gnupg.import_keys(key_text("key17_ed25519_before_revocation"));
  EXPECT_TRUE(gnupg.import_keys(answer.body));
  const auto records = gnupg.listing(fingerprint::key17);
  EXPECT_EQ(std::ranges::count(records, "rev"), 1);
}

TEST_P(Lookup, CanLeaveOutSignaturesOfOthers) {
  keyserver().start();
  add("key18_ed25519_carol_signed_by_dave");
  const std::string carol = std::string("0x") + fingerprint::key18;
  const auto signatures = [&] {
    const json key = json::parse(lookup("index", carol).body).at(0);
    return key.at("userIDs").at(0).at("signatures").size();
  };
  EXPECT_EQ(signatures(), 2U);
  keyserver().stop(15);
  keyserver().settings.sections["hkp.queries"]["selfSignedOnly"] = "true";
  keyserver().start();
  EXPECT_EQ(signatures(), 1U);
}

TEST_P(Lookup, AnswersItsHealth) {
  keyserver().start();
  EXPECT_EQ(keyserver().get("/pks/health").body, "OK");
}

TEST_P(Lookup, RefusesByNameWhatTheRehearsalDoesNotSupport) {
  if (GetParam() == Program::hockeypuck) {
    GTEST_SKIP() << "Hockeypuck supports it";
  }
  keyserver().start();
  const Answer push = keyserver().post("/pks/push", {});
  EXPECT_EQ(push.status, 501);
  EXPECT_EQ(push.body, "/pks/push is not supported by the rehearsal's keyserver\n");
  EXPECT_EQ(lookup("hget", std::string(32, '0')).body, "the operation \"hget\" is not supported\n");
}

/// A page of Hockeypuck 2.3.3 with four partners; the last one is masked.
json recorded() {
  std::ifstream file(TEST_DATA_DIR "/hockeypuck/statistics-2.3.json");
  return json::parse(file);
}

std::set<std::string> members(const json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) {
    names.insert(name);
  }
  return names;
}

class StatisticsPage : public KeyserverTest {
 protected:
  void SetUp() override {
    KeyserverTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    auto& sections = keyserver().settings.sections;
    sections[""]["nodename"] = quoted("hockeypuck-k8s-0");
    sections[""]["contact"] = quoted("0xABCD <&>");
    sections["conflux.recon.partner.peer1"] = {{"httpAddr", quoted("127.0.0.1:1")},
                                               {"reconAddr", quoted("127.0.0.1:2")}};
    sections["conflux.recon.partner.proxy1"] = {{"httpAddr", quoted("traefik.example:11371")},
                                                {"reconAddr", quoted("traefik.example:11370")},
                                                {"weight", "-1"},
                                                {"mask", "true"}};
    keyserver().start();
  }

  std::string text() { return keyserver().get("/pks/lookup?op=stats&options=json").body; }

  json page() { return json::parse(text()); }
};

FOR_EVERY_KEYSERVER(StatisticsPage);

TEST_P(StatisticsPage, HasTheMembersOfARecordedOne) {
  add("key01_ed25519");
  EXPECT_EQ(members(page()), members(recorded()));
  const json peers = page().at("peers");
  ASSERT_EQ(peers.size(), 2U);
  EXPECT_EQ(members(peers[0]), members(recorded().at("peers").at(0)));
  EXPECT_EQ(members(peers[1]), members(recorded().at("peers").at(3)));
  EXPECT_EQ(members(page().at("queryConfig")), members(recorded().at("queryConfig")));
}

TEST_P(StatisticsPage, NamesTheServer) {
  EXPECT_EQ(page().at("hostname"), "keys.example.com");
  EXPECT_EQ(page().at("nodename"), "hockeypuck-k8s-0");
  EXPECT_EQ(page().at("contact"), "0xABCD <&>");
  EXPECT_EQ(page().at("httpAddr"), "127.0.0.1:" + std::to_string(keyserver().port()));
  EXPECT_EQ(page().at("queryConfig").at("keywordSearchDisabled"), false);
  EXPECT_EQ(json::parse(keyserver().get("/pks/stats").body).at("nodename"), "hockeypuck-k8s-0");
}

TEST_P(StatisticsPage, HidesTheAddressesOfAMaskedPartner) {
  const json proxy = page().at("peers").at(1);
  EXPECT_EQ(proxy.at("Name"), "proxy1");
  EXPECT_EQ(proxy.at("httpAddr"), "t****1");
  EXPECT_EQ(proxy.at("reconAddr"), "t****0");
  EXPECT_EQ(proxy.at("masked"), true);
}

TEST_P(StatisticsPage, IsUnderstoodByTheCharm) {
  const auto read = charm::keyserver::parse_statistics(text());
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->version.empty());
  EXPECT_TRUE(read->now);
  EXPECT_EQ(read->total, 0);
  ASSERT_EQ(read->peers.size(), 2U);
  EXPECT_EQ(read->peers[0].recon_address, "127.0.0.1:2");
  EXPECT_TRUE(read->peers[1].masked);
  for (const auto& peer : read->peers) {
    EXPECT_EQ(peer.incoming, charm::keyserver::PartnerExchange{}) << peer.name;
  }
}

}  // namespace
}  // namespace contract
