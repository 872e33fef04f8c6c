// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/block_keys.hpp"

#include "charm/pebble/transport.hpp"
#include "tests/support/fake_juju.hpp"
#include "tests/unit/postgres/key_database_test.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <thread>

namespace charm::actions {
namespace {

/// With a keyserver that takes any request to delete for one that deletes all.
class BlockKeysTest : public postgres::KeyDatabaseTest {
 protected:
  BlockKeysTest() {
    juju_.action.emplace();
    make_hockeypuck_tables();
    postgres::KeyDatabase(target(), 5).prepare();
    server_.Post("/pks/delete", [this](const httplib::Request&, httplib::Response& response) {
      sql("DELETE FROM keys");
      response.status = 200;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) {
      std::this_thread::yield();
    }
  }

  ~BlockKeysTest() override {
    server_.stop();
    thread_.join();
  }

  Results block(const std::string& fingerprint) {
    const Parameters parameters(nlohmann::json{{"fingerprints", fingerprint}}.dump());
    const juju::HookTools tools(juju_);
    pebble::UnixSocketTransport nowhere("/nonexistent");
    const pebble::Client pebble(nowhere);
    return BlockKeys().run(
        {.parameters = parameters,
         .unit = juju_.unit,
         .juju = tools,
         .pebble = pebble,
         .keyserver = keyserver::Client(port_, std::chrono::seconds(5)),
         .open_database = [this] { return std::make_unique<postgres::KeyDatabase>(target(), 5); },
         .admin_key =
             [] {
               return openpgp::AdminKey::generate(
                   "a@b", std::chrono::sys_seconds{std::chrono::seconds(1)});
             },
         .admin_fingerprints = [] { return std::vector<std::string>{}; },
         .pause = pause});
  }

  /// Statements of an upload that began before, and ends so many seconds later.
  [[nodiscard]] static std::string upload(const std::string& fingerprint,
                                          const std::string& seconds) {
    return "BEGIN; INSERT INTO keys SELECT reverse('" + fingerprint +
           "'), '{\"packet\": {\"data\": \"xgQEa2V5\"}}', now(), now(), '', NULL, now(), '';"
           "SELECT pg_sleep(" +
           seconds + "); COMMIT";
  }

  const std::string key = postgres::made_up_fingerprint(1);
  std::function<void()> pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); };

 private:
  test::FakeJuju juju_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

TEST_F(BlockKeysTest, DeletesWhatAnEarlierUploadStoresAfterwards) {
  const auto earlier = run_beside(upload(key, "3"));
  const Results results = block(key);
  EXPECT_EQ(sql("SELECT count(*) FROM keys"), "0");
  EXPECT_EQ(results.at("deleted"), "1");
  EXPECT_EQ(results.at(key), "Deleted and blocked successfully.");
}

TEST_F(BlockKeysTest, SaysWhenAnEarlierUploadDoesNotEnd) {
  const auto earlier = run_beside(upload(key, "60"));
  pause = [] {};
  try {
    static_cast<void>(block(key));
    FAIL() << "it did not say so";
  } catch (const Failure& failure) {
    EXPECT_NE(std::string(failure.what()).find("is still under way"), std::string::npos);
    EXPECT_EQ(failure.results().at("blocked"), "1");
  }
  EXPECT_EQ(sql("SELECT count(*) FROM blocked_keys"), "1");
}

}  // namespace
}  // namespace charm::actions
