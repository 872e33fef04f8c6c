// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "charm/doors/open_doors.hpp"
#include "charm/hook/hook.hpp"
#include "tests/support/fake_juju.hpp"
#include "tests/support/fake_pebble.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <thread>

namespace charm::actions {

using Connection = std::unique_ptr<postgres::KeyDatabase>;

/// A unit with hook tools and Pebble in memory. The test sets its keyserver's answers.
class ActionUnit : private Databases, private Downloads, private Clock, private KeyGenerator {
 public:
  ActionUnit() { juju.action.emplace(); }

  ActionUnit(const ActionUnit&) = delete;
  ActionUnit& operator=(const ActionUnit&) = delete;

  ~ActionUnit() override {
    keyserver.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  /// Starts `keyserver`, which answers as its routes define.
  void listen() {
    port = keyserver.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { keyserver.listen_after_bind(); });
    while (!keyserver.is_running()) {  // An earlier stop() would be lost.
      std::this_thread::yield();
    }
  }

  /// Runs the action of that name.
  Results run(std::string_view action, const nlohmann::json& parameters) {
    const Parameters given(parameters.dump());
    const juju::HookTools tools(juju);
    const pebble::Client client(pebble);
    const KeyserverOfUnit door(*this);
    const Doors doors{.juju = tools,
                      .pebble = client,
                      .keyserver = door,
                      .databases = *this,
                      .downloads = *this,
                      .clock = *this,
                      .keys = *this};
    Context context(given, *this, doors);
    database_.reset();
    return std::ranges::find(actions(), action, &Action::name)->run(context);
  }

  // The surroundings of the action. A test sets the parts that it needs; the others do not exist.
  std::function<Connection()> connect = []() -> Connection {
    throw Failure("the database is not there");
  };
  std::function<openpgp::AdminKey()> admin_key_in_use = [] {
    return openpgp::AdminKey::generate("a@b", std::chrono::sys_seconds{std::chrono::seconds(1)});
  };
  std::function<std::string(const Checksum&)> download;
  std::function<void()> on_pause = [] {};
  std::function<std::chrono::sys_seconds()> time = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  };
  std::function<prefix_tree::Outcome(const std::string& reason)> tree_rebuild;
  std::function<std::vector<std::string>(const std::string& host)> resolve =
      [](const std::string& host) { return std::vector<std::string>{host}; };
  Snapshot snapshot;
  Plan plan;
  KeyLoadPlan key_load;
  keyserver::Metrics metrics;
  CharmIdentity charm;

  test::FakeJuju juju;
  test::FakePebble pebble;
  httplib::Server keyserver;
  int port = 0;

 private:
  class KeyserverOfUnit final : public keyserver::Client {
   public:
    explicit KeyserverOfUnit(const ActionUnit& unit) : Client(unit.port), metrics_(unit.metrics) {}

    [[nodiscard]] keyserver::Metrics metrics() const override { return metrics_; }

   private:
    keyserver::Metrics metrics_;
  };

  class Context final : public ActionContext {
   public:
    Context(const Parameters& given, ActionUnit& of_unit, const Doors& open)
        : ActionContext(given, of_unit.juju.unit, open), unit_(of_unit) {}

    const Snapshot& snapshot() override { return unit_.snapshot; }

    const Plan& plan() override { return unit_.plan; }

    Answer attempt(Step::What what) override {
      return charm::perform({Concern::action, std::move(what), {}}, doors);
    }

    FoundDatabase find_database() override {
      return {.endpoint = "pg:5432", .server = {}, .database = unit_.open({})};
    }

    KeyLoadPlan key_load() override { return unit_.key_load; }

    openpgp::AdminKey admin_key() override { return unit_.admin_key_in_use(); }

    AdminKeyRotation rotate_admin_key() override { return {}; }

    prefix_tree::Outcome rebuild_tree(const std::string& reason,
                                      std::chrono::seconds /*wait*/) override {
      return unit_.tree_rebuild(reason);
    }

    CharmIdentity charm() override { return unit_.charm; }

   private:
    ActionUnit& unit_;
  };

  postgres::ProbeResult probe(const Database& /*server*/) override { return {}; }

  prefix_tree::DatabaseContent prepare(const Database& server) override {
    static_cast<void>(open(server).prepare());
    return {};
  }

  postgres::KeptUploads keep_uploads(const Database& server, const UploadPolicy& policy) override {
    return open(server).keep_uploads(policy);
  }

  postgres::KeyCount count_keys(const Database& /*server*/,
                                std::chrono::seconds /*settling*/) override {
    return {};
  }

  postgres::KeyDatabase& open(const Database& /*server*/) override {
    if (!database_) {
      database_ = connect();
    }
    return *database_;
  }

  std::string fetch(const Download& /*program*/, const Egress& /*egress*/) override { return {}; }

  std::string fetch(const Checksum& file, const Egress& /*egress*/) override {
    return download(file);
  }

  std::vector<std::string> addresses_of(const std::string& host) override { return resolve(host); }

  std::chrono::sys_seconds now() override { return time(); }

  void pause() override { on_pause(); }

  void wait_until(std::chrono::sys_seconds /*time*/) override {}

  openpgp::AdminKey admin_key(const std::string& user_id,
                              std::chrono::sys_seconds created) override {
    return openpgp::AdminKey::generate(user_id, created);
  }

  Connection database_;
  std::thread thread_;
};

/// The reason why the work fails. `shown` gets the results that it shows nevertheless.
inline std::string failure_of(const std::function<Results()>& work, Results& shown) {
  try {
    shown = work();
    return "it did not fail";
  } catch (const Failure& failure) {
    shown = failure.results();
    return failure.what();
  }
}

}  // namespace charm::actions
