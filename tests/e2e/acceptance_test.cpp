// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The integration tests of the Python charm for Hockeypuck (canonical/hockeypuck-k8s-operator), run
// with this charm: the same steps with this charm's names, all in one model. Result keys and
// sentences are those that the Python charm's users know.
#include "tests/e2e/edge.hpp"
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"

#include <chrono>

namespace test {
namespace acceptance_test {

constexpr const char* secondary = "hockeypuck-secondary/0";
/// A 2048-bit RSA key, tests/data/keys/key11_rsa2048.asc.
constexpr const char* rsa = "2b4c79867a19dde93b7c8f201e7244f1456b7090";
constexpr const char* absent = "eaf2dd785260ec0cd047f463e449a664b36b34b1";
constexpr const char* junk = "shbfsdiuf98hu";

std::string peer(const std::string& app) {
  return "external-peers=" + app + "-0." + app + "-endpoints.keys.svc.cluster.local,11371,11370";
}

class Acceptance : public RehearsalTest {
 protected:
  Acceptance() : edge_(model, "traefik-k8s/0") {}

  void deploy_with_traefik() {
    model.deploy_all();
    model.rehearse({"deploy", "traefik-k8s"});
    model.rehearse({"integrate", "hockeypuck-k8s:ingress", "traefik-k8s"});
    model.rehearse({"integrate", "hockeypuck-k8s:traefik-route", "traefik-k8s"});
    ASSERT_EQ(model.attempt({"wait", "--for", "active", "--timeout", "120s"}).status, 0);
  }

  /// Below Traefik's URL, as a client outside the cluster uses it.
  std::string proxied(const std::string& path) {
    return "http://" + edge_.address() + "/keys-hockeypuck-k8s" + path;
  }

  void step_1_shows_its_page() {
    ASSERT_TRUE(edge_.comes_to_answer(200, proxied("/")));
    EXPECT_NE(edge_.http_body(proxied("/")).find("<title>OpenPGP Keyserver</title>"),
              std::string::npos);
  }

  void step_2_takes_a_key() {
    const std::string key = file_text(TEST_DATA_DIR "/keys/key11_rsa2048.asc");
    ASSERT_EQ(edge_.http_status(proxied("/pks/add"), {"--data-urlencode", "keytext=" + key}), 200);
    const std::string found =
        edge_.http_body(proxied(std::string("/pks/lookup?op=get&search=0x") + rsa),
                        {"--header", "Host: hockeypuck.local"});
    EXPECT_NE(found.find("BEGIN PGP PUBLIC KEY BLOCK"), std::string::npos) << found;
  }

  void step_3_looks_a_key_up() {
    const Task task = model.act("lookup-key", {std::string("keyword=0x") + rsa});
    EXPECT_FALSE(task.failed) << task.message;
    EXPECT_EQ(task.result("return-code"), "0");
    EXPECT_NE(task.result("result").find("BEGIN PGP PUBLIC KEY BLOCK"), std::string::npos);
  }

  void step_4_does_not_find_a_key() {
    const Task task = model.act("lookup-key", {"keyword=0xRANDOMKEY"});
    EXPECT_TRUE(task.failed);
    EXPECT_NE(task.message.find("Not Found"), std::string::npos) << task.message;
  }

  /// The Python charm blocks here: it does not support several units with one database.
  void step_5_serves_from_a_second_unit() {
    model.rehearse({"scale", "hockeypuck-k8s", "2"});
    ASSERT_TRUE(model.becomes("active"));
    EXPECT_EQ(look_up(rsa, "hockeypuck-k8s/1"), 200);
    EXPECT_EQ(look_up(rsa), 200);
    model.rehearse({"scale", "hockeypuck-k8s", "1"});
    ASSERT_TRUE(model.becomes("active"));
    EXPECT_EQ(look_up(rsa), 200);
  }

  void step_6_reconciles() {
    model.deploy_hockeypuck({"hockeypuck-secondary", "--config", "recon-interval=5", "--config",
                             peer("hockeypuck-k8s")});
    model.rehearse({"integrate", "hockeypuck-secondary", "postgresql-k8s"});
    model.config({"recon-interval=5", peer("hockeypuck-secondary")});
    ASSERT_TRUE(model.becomes("active", {}, "hockeypuck-secondary"));
    ASSERT_TRUE(comes_to_have(rsa, secondary));
  }

  void step_7_blocks_a_key() {
    const Task task =
        model.act("block-keys", {std::string("fingerprints=") + rsa, "comment=R1234"}, secondary);
    EXPECT_FALSE(task.failed) << task.message;
    EXPECT_EQ(task.result("return-code"), "0");
    EXPECT_EQ(look_up(rsa, secondary), 404) << "at once";
  }

  void step_8_blocks_several_keys() {
    const Task task = model.act(
        "block-keys",
        {std::string("fingerprints=") + rsa + "," + absent + "," + junk, "comment=R1234"});
    EXPECT_FALSE(task.failed) << task.message;
    EXPECT_EQ(task.result(rsa), "Deleted and blocked successfully.");
    EXPECT_EQ(task.result(absent), "Fingerprint unavailable in the database.");
    EXPECT_EQ(task.result(junk),
              "Invalid fingerprint format. Fingerprints must be 40 or 64 characters long and "
              "consist of hexadecimal characters only.");
    EXPECT_EQ(look_up(rsa), 404);
  }

  void step_9_rebuilds_the_prefix_tree() {
    const Task task = model.act("rebuild-prefix-tree");
    EXPECT_FALSE(task.failed) << task.message;
    EXPECT_EQ(task.result("return-code"), "0");
    EXPECT_EQ(task.result("state"), "rebuilt");
    EXPECT_EQ(model.status(), active);
  }

  void step_10_reconciles_through_traefik() { EXPECT_TRUE(edge_.comes_to_greet()); }

  /// A blocked key must not reach either keyserver, whichever has it. Another key crosses during
  /// the wait.
  void step_11_keeps_blocked_keys_away() {
    ASSERT_TRUE(upload("alice"));
    ASSERT_TRUE(comes_to_have(alice, secondary));
    EXPECT_EQ(look_up(rsa), 404);
    EXPECT_EQ(look_up(rsa, secondary), 404);
  }

 private:
  bool comes_to_have(const std::string& fingerprint, const std::string& unit) {
    return eventually([&] { return look_up(fingerprint, unit) == 200; }, std::chrono::seconds(100));
  }

  Edge edge_;
};

TEST_F(Acceptance, OfThePythonCharmsScenario) {
  deploy_with_traefik();
  step_1_shows_its_page();
  step_2_takes_a_key();
  step_3_looks_a_key_up();
  step_4_does_not_find_a_key();
  step_5_serves_from_a_second_unit();
  step_6_reconciles();
  step_7_blocks_a_key();
  step_8_blocks_several_keys();
  step_9_rebuilds_the_prefix_tree();
  step_10_reconciles_through_traefik();
  step_11_keeps_blocked_keys_away();
}

}  // namespace acceptance_test
}  // namespace test
