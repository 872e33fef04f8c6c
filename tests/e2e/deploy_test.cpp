// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace test {
namespace deploy_test {

class Deploy : public RehearsalTest {};

/// Juju leaves much of the order of events open. The seed chooses the order.
class DeployInSomeOrder : public RehearsalTest, public ::testing::WithParamInterface<int> {
 protected:
  DeployInSomeOrder() : RehearsalTest(GetParam()) {}
};

const ShownStatus no_database{"blocked",
                              "no database: run juju integrate hockeypuck-k8s postgresql-k8s"};

TEST_F(Deploy, AKeyIsUploadedAndLookedUpAndNothingIsDoneTwice) {
  model.deploy_hockeypuck();
  EXPECT_EQ(model.status(), no_database);
  EXPECT_EQ(model.workload_output("ls /hockeypuck/etc 2>/dev/null"), "");
  model.deploy_postgresql();
  model.integrate();
  ASSERT_TRUE(model.becomes("active"));
  expect_serving();

  EXPECT_TRUE(upload("alice"));
  EXPECT_EQ(look_up(alice), 200);
  EXPECT_EQ(look_up(carol), 404);
  EXPECT_EQ(http_status("/pks/lookup?op=get&search=alice@example.com"), 200);
  EXPECT_TRUE(eventually([this] { return listens(11370) && listens(9626); }));
  EXPECT_EQ(http_status("/"), 200);
  expect_settled();

  EXPECT_EQ(model.rehearse({"exec", hockeypuck_unit, "--", "id", "-u"}), "170\n");
  EXPECT_NE(model.attempt({"exec", hockeypuck_unit, "--", "touch", "/var/tmp/file"})
                .error.find("Read-only file system"),
            std::string::npos);
  EXPECT_EQ(model
                .workload_output("stat -c '%u %a' /proc/$(pgrep -f "
                                 "'^/hockeypuck/bin/hockeypuck ')")
                .substr(0, 6),
            "584792");
  EXPECT_EQ(model.workload_output("stat -c '%a %u %g' /hockeypuck/etc/hockeypuck.conf"),
            "640 0 584792");
}

TEST_F(Deploy, ThePasswordIsInTheConfigurationAndNowhereElse) {
  model.deploy_postgresql();
  model.deploy_hockeypuck({"--config", "log-level=debug"});
  model.integrate();
  ASSERT_TRUE(model.becomes("active"));
  const std::string password = data_source("password");
  ASSERT_GE(password.size(), 8U);
  EXPECT_EQ(files_holding(password), std::set<std::string>{"/hockeypuck/etc/hockeypuck.conf"});
  EXPECT_EQ(plan().find(password), std::string::npos);
  const std::string processes =
      model.workload_output("cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n'");
  EXPECT_NE(processes.find("/hockeypuck/bin/hockeypuck"), std::string::npos);
  EXPECT_EQ(processes.find(password), std::string::npos);
  EXPECT_EQ(model.rehearse({"show-unit", hockeypuck_unit}).find(password), std::string::npos);
}

TEST_P(DeployInSomeOrder, WithTheDatabaseThereBeforePebbleEndsActive) {
  model.deploy_postgresql();
  model.deploy_hockeypuck({"-n", "0"});
  model.integrate();
  model.rehearse({"scale", "hockeypuck-k8s", "1"});
  ASSERT_TRUE(model.becomes("active"));
  const auto hooks = model.hooks();
  const auto position_of = [&hooks](const std::string& event) {
    return std::find_if(hooks.begin(), hooks.end(),
                        [&event](const Hook& hook) { return hook.event == event; });
  };
  EXPECT_LT(position_of("database-relation-created"), position_of("hockeypuck-pebble-ready"));
  expect_serving();
  expect_settled();
}

INSTANTIATE_TEST_SUITE_P(Seeds, DeployInSomeOrder, ::testing::Values(2, 3, 4));

class Units : public RehearsalTest {
 protected:
  /// The units whose keyserver has the external peer.
  std::set<std::string> with_peer(const std::set<std::string>& units) {
    std::set<std::string> found;
    std::ranges::copy_if(units, std::inserter(found, found.end()), [&](const std::string& unit) {
      return configuration(unit).find("192.0.2.7:11370") != std::string::npos;
    });
    return found;
  }
};

TEST_F(Units, AllServeOneReconcilesWithPeersAndLeadershipMoves) {
  const std::set<std::string> units = {"hockeypuck-k8s/0", "hockeypuck-k8s/1", "hockeypuck-k8s/2"};
  model.deploy_all();
  model.config({"external-peers=192.0.2.7,11371,11370"});
  ASSERT_TRUE(upload("alice"));
  model.rehearse({"scale", "hockeypuck-k8s", "3"});
  ASSERT_TRUE(model.becomes("active"));
  for (const std::string& unit : units) {
    EXPECT_EQ(look_up(alice, unit), 200) << unit;
  }
  using Names = std::set<std::string>;
  EXPECT_EQ(with_peer(units), Names{"hockeypuck-k8s/0"});

  model.rehearse({"leadership", "hockeypuck-k8s/1"});
  model.update_status();
  EXPECT_EQ(with_peer(units), Names{"hockeypuck-k8s/1"});
  for (const std::string& unit : units) {
    EXPECT_EQ(look_up(alice, unit), 200) << unit;
  }

  model.rehearse({"scale", "hockeypuck-k8s", "1"});
  ASSERT_TRUE(model.becomes("active"));
  model.update_status();
  EXPECT_EQ(with_peer({"hockeypuck-k8s/0"}), Names{"hockeypuck-k8s/0"});
  EXPECT_EQ(look_up(alice), 200);
  expect_settled();
}

}  // namespace deploy_test
}  // namespace test
