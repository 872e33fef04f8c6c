// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/hockeypuck.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace charm::hockeypuck {
namespace {

const Database database{.host = "postgresql-k8s-primary.keys.svc.cluster.local",
                        .name = "hockeypuck-k8s",
                        .user = "relation_id_7",
                        .password = "secret"};

Snapshot leader() {
  return {.unit = {.name = "hockeypuck-k8s/0",
                   .app = "hockeypuck-k8s",
                   .model = "keys",
                   .model_uuid = "5b1c2a9e-0000-4000-8000-000000000000",
                   .leader = true}};
}

WorkloadPlan plan(const Snapshot& snapshot, const Database& with = database,
                  const Facts& facts = {}) {
  return plan_workload(snapshot, Settings{}, facts, with);
}

Service keyserver(const WorkloadPlan& plan) {
  return plan.layer.services.at("hockeypuck");
}

std::string digest(const WorkloadPlan& plan) {
  return keyserver(plan).environment.at("HOCKEYPUCK_CONFIG_SHA256");
}

TEST(Workload, IsOneServiceOfTheWorkloadsUser) {
  const WorkloadPlan planned = plan(leader());
  EXPECT_EQ(planned.database, database);
  ASSERT_EQ(planned.layer.services.size(), 1U);
  EXPECT_EQ(keyserver(planned),
            (Service{.summary = "Hockeypuck OpenPGP keyserver",
                     .command = "/hockeypuck/bin/hockeypuck -config "
                                "/hockeypuck/etc/hockeypuck.conf",
                     .startup = "enabled",
                     .environment = {{"HOCKEYPUCK_CONFIG_SHA256", digest(planned)}},
                     .working_dir = "/hockeypuck/data/prefix-tree",
                     .on_failure = "restart",
                     .backoff_delay = "1s",
                     .backoff_limit = "30s",
                     .kill_delay = "20s",
                     .on_check_failure = {{"alive", "restart"}},
                     .user_id = 584792,
                     .group_id = 584792}));
}

TEST(Workload, KeepsItsPrefixTreeInADirectoryOfItsOwn) {
  EXPECT_EQ(plan(leader()).directories,
            (std::vector<Directory>{{.path = "/hockeypuck/data/prefix-tree",
                                     .mode = 0750,
                                     .user_id = 584792,
                                     .group_id = 584792}}));
}

TEST(Workload, ReadsItsConfigurationAsOnlyRootAndItselfCan) {
  const Snapshot snapshot = leader();
  EXPECT_EQ(plan(snapshot).files,
            (std::vector<File>{
                {.path = "/hockeypuck/etc/hockeypuck.conf",
                 .content = render_configuration(snapshot.unit, Settings{}, Facts{}, database),
                 .mode = 0640,
                 .user_id = 0,
                 .group_id = 584792}}));
}

TEST(Workload, KeepsTheRoomForUnitsThatAreGoneUntilAnotherChange) {
  const Facts five{.peer_units = {"hockeypuck-k8s/1", "hockeypuck-k8s/2", "hockeypuck-k8s/3",
                                  "hockeypuck-k8s/4"}};
  const Facts two{.peer_units = {"hockeypuck-k8s/1"}};
  Snapshot snapshot = leader();
  const auto place = [&](const WorkloadPlan& planned) {
    snapshot.workload.emplace();
    for (const File& file : planned.files) {
      snapshot.workload->files[file.path] = file.content;
    }
  };
  const WorkloadPlan of_five = plan(leader(), database, five);
  const WorkloadPlan of_two = plan(leader(), database, two);
  const WorkloadPlan of_one = plan(leader());
  place(of_five);
  EXPECT_EQ(plan(snapshot), of_five);
  EXPECT_EQ(plan(snapshot, database, two), of_five);
  Database other = database;
  other.password = "new";
  EXPECT_EQ(plan(snapshot, other, two), plan(leader(), other, two));
  EXPECT_EQ(plan(snapshot, other), plan(leader(), other));
  place(of_two);
  EXPECT_EQ(plan(snapshot), of_two);
  EXPECT_EQ(plan(snapshot, database, five), of_five);
  place(of_one);
  EXPECT_EQ(plan(snapshot, database, two), of_two);
}

TEST(Workload, HasTheAuthorityOnlyForAVerifiedConnection) {
  Database verified = database;
  verified.ssl_mode = SslMode::verify_full;
  verified.ca = "-----BEGIN CERTIFICATE-----\n";
  const auto files = plan(leader(), verified).files;
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[1], (File{.path = "/hockeypuck/etc/postgresql-ca.pem",
                            .content = verified.ca,
                            .mode = 0640,
                            .user_id = 0,
                            .group_id = 584792}));
  Database required = database;
  required.ssl_mode = SslMode::require;
  EXPECT_EQ(plan(leader(), required).files.size(), 1U);
}

TEST(Workload, PushesOnlyFilesThatItManages) {
  Database verified = database;
  verified.ssl_mode = SslMode::verify_full;
  const auto managed = managed_files();
  for (const File& file : plan(leader(), verified).files) {
    EXPECT_EQ(std::count(managed.begin(), managed.end(), file.path), 1) << file.path;
  }
}

TEST(Workload, HasTheSameDigestForTheSameFiles) {
  EXPECT_EQ(digest(plan(leader())), digest(plan(leader())));
  EXPECT_EQ(digest(plan(leader())).size(), 64U);
}

TEST(Workload, HasAnotherDigestWhenAnyFileChanges) {
  std::set<std::string> digests;
  Database changed = database;
  digests.insert(digest(plan(leader(), changed)));
  changed.password = "rotated";
  digests.insert(digest(plan(leader(), changed)));
  changed.ssl_mode = SslMode::verify_full;
  digests.insert(digest(plan(leader(), changed)));
  changed.ca = "another authority";
  digests.insert(digest(plan(leader(), changed)));
  EXPECT_EQ(digests.size(), 4U);
}

TEST(Workload, TellsNoSecretOutsideItsFiles) {
  const Service service = keyserver(plan(leader()));
  EXPECT_EQ(service.command.find(database.password), std::string::npos);
  for (const auto& [name, value] : service.environment) {
    EXPECT_EQ(value.find(database.password), std::string::npos) << name;
  }
}

TEST(Workload, UsesTheProxiesOfTheModel) {
  Snapshot snapshot = leader();
  snapshot.proxies = {{"JUJU_CHARM_HTTP_PROXY", "http://proxy:3128"},
                      {"JUJU_CHARM_HTTPS_PROXY", ""},
                      {"JUJU_CHARM_NO_PROXY", "localhost,10.0.0.0/8"},
                      {"JUJU_CHARM_FTP_PROXY", "ftp://proxy"}};
  const WorkloadPlan planned = plan(snapshot);
  EXPECT_EQ(keyserver(planned).environment, (Databag{{"HOCKEYPUCK_CONFIG_SHA256", digest(planned)},
                                                     {"HTTP_PROXY", "http://proxy:3128"},
                                                     {"http_proxy", "http://proxy:3128"},
                                                     {"NO_PROXY", "localhost,10.0.0.0/8"},
                                                     {"no_proxy", "localhost,10.0.0.0/8"}}));
}

TEST(Workload, IsAliveWhenItAnswersAndReadyWhenItsPortIsOpen) {
  const auto checks = plan(leader()).layer.checks;
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_EQ(checks.at("alive"), (Check{.period = "10s",
                                       .timeout = "3s",
                                       .threshold = 6,
                                       .http_url = "http://localhost:11371/pks/health"}));
  EXPECT_EQ(
      checks.at("ready"),
      (Check{
          .level = "ready", .period = "10s", .timeout = "3s", .threshold = 3, .tcp_port = 11371}));
}

TEST(Workload, IsReadyWhenItFindsTheAdminKey) {
  const Facts facts{
      .admin_keys = {.current = AdminKeyReference{.secret = "secret:x", .fingerprint = "0a1b"}}};
  const auto checks = plan_workload(leader(), {}, facts, {}).layer.checks;
  EXPECT_EQ(checks.at("ready").http_url, "http://localhost:11371/pks/lookup?op=get&search=0x0a1b");
  EXPECT_EQ(checks.at("ready").tcp_port, 0);
}

TEST(Workload, LogsToPebbleUnlessPromtailForwards) {
  const WorkloadPlan planned = plan(leader());
  EXPECT_EQ(planned.files.at(0).content.find("logfile"), std::string::npos);
  EXPECT_EQ(planned.directories.size(), 1U);
  EXPECT_EQ(planned.obsolete, std::vector<std::string>{"/var/log/hockeypuck"});
}

TEST(Workload, LogsToAFileOfItsOwnForPromtail) {
  const Facts facts{.promtail = Download{.url = "http://loki/promtail.gz"}};
  const WorkloadPlan planned = plan(leader(), database, facts);
  EXPECT_NE(
      planned.files.at(0).content.find("\nlogfile = \"/var/log/hockeypuck/hockeypuck.log\"\n"),
      std::string::npos)
      << planned.files.at(0).content;
  EXPECT_EQ(
      planned.directories.at(1),
      (Directory{
          .path = "/var/log/hockeypuck", .mode = 0750, .user_id = 584792, .group_id = 584792}));
  EXPECT_EQ(planned.obsolete, std::vector<std::string>{});
}

TEST(Workload, ListensOnThreePorts) {
  EXPECT_EQ(ports(), (std::set<int>{9626, 11370, 11371}));
}

}  // namespace
}  // namespace charm::hockeypuck
