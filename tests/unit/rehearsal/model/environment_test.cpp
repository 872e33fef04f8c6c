// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/hook_context.hpp"
#include "tests/unit/rehearsal/model/small_model.hpp"

#include <gtest/gtest.h>

namespace rehearsal::test {
namespace {

std::map<std::string, std::string> environment_of(const Event& event) {
  Model model = small_model();
  model.unit("hk/0").storage = {{"data/0", "data", "/var/lib/juju/storage/data/0"}};
  return dispatch_environment(model, "hk/0", event, "hk/0-x-0");
}

/// The variables that an event adds to the environment of an update-status.
std::map<std::string, std::string> added_by(const Event& event) {
  const auto usual = environment_of({});
  auto environment = environment_of(event);
  std::erase_if(environment, [&usual](const auto& entry) {
    return usual.count(entry.first) > 0 && entry.first != "JUJU_HOOK_NAME" &&
           entry.first != "JUJU_DISPATCH_PATH";
  });
  return environment;
}

using Variables = std::map<std::string, std::string>;

TEST(DispatchEnvironment, IsWhatJujuSetsAndNothingElse) {
  const auto environment = environment_of({});
  EXPECT_EQ(environment.at("JUJU_CHARM_DIR"), "/var/lib/juju/agents/unit-hk-0/charm");
  EXPECT_EQ(environment.at("PATH"),
            "/var/lib/juju/tools/unit-hk-0:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:"
            "/bin");
  EXPECT_EQ(environment.at("JUJU_MACHINE_ID"), "");
  EXPECT_EQ(environment.at("JUJU_UNIT_NAME"), "hk/0");
  EXPECT_EQ(environment.at("JUJU_SLA"), "unsupported");
  EXPECT_EQ(environment.count("HOME"), 0U);
  EXPECT_EQ(environment.count("USER"), 0U);
  EXPECT_EQ(environment.count("JUJU_RELATION_ID"), 0U);
}

TEST(DispatchEnvironment, SetsTheRemoteUnitEmptyForAnApplicationBag) {
  const Event event{
      .kind = EventKind::relation_changed, .subject = "db", .relation = 3, .remote_app = "pg"};
  EXPECT_EQ(added_by(event), (Variables{{"JUJU_HOOK_NAME", "db-relation-changed"},
                                        {"JUJU_DISPATCH_PATH", "hooks/db-relation-changed"},
                                        {"JUJU_RELATION", "db"},
                                        {"JUJU_RELATION_ID", "db:3"},
                                        {"JUJU_REMOTE_APP", "pg"},
                                        {"JUJU_REMOTE_UNIT", ""}}));
}

TEST(DispatchEnvironment, NamesWhoDeparts) {
  const auto environment = environment_of({.kind = EventKind::relation_departed,
                                           .subject = "db",
                                           .relation = 3,
                                           .remote_app = "pg",
                                           .remote_unit = "pg/0",
                                           .departing_unit = "hk/0"});
  EXPECT_EQ(environment.at("JUJU_REMOTE_UNIT"), "pg/0");
  EXPECT_EQ(environment.at("JUJU_DEPARTING_UNIT"), "hk/0");
}

TEST(DispatchEnvironment, NamesTheWorkloadItsNoticesAndChecks) {
  EXPECT_EQ(added_by({.kind = EventKind::pebble_ready, .subject = "web"}),
            (Variables{{"JUJU_HOOK_NAME", "web-pebble-ready"},
                       {"JUJU_DISPATCH_PATH", "hooks/web-pebble-ready"},
                       {"JUJU_WORKLOAD_NAME", "web"}}));
  const auto notice = environment_of({.kind = EventKind::pebble_custom_notice,
                                      .subject = "web",
                                      .notice_id = "17",
                                      .notice_key = "example.com/a"});
  EXPECT_EQ(notice.at("JUJU_NOTICE_ID"), "17");
  EXPECT_EQ(notice.at("JUJU_NOTICE_TYPE"), "custom");
  EXPECT_EQ(notice.at("JUJU_NOTICE_KEY"), "example.com/a");
  const auto check =
      environment_of({.kind = EventKind::pebble_check_failed, .subject = "web", .check = "up"});
  EXPECT_EQ(check.at("JUJU_PEBBLE_CHECK_NAME"), "up");
  EXPECT_EQ(check.count("JUJU_NOTICE_ID"), 0U);
}

TEST(DispatchEnvironment, NamesStorageAndSecrets) {
  EXPECT_EQ(
      added_by({.kind = EventKind::storage_attached, .subject = "data", .storage_id = "data/0"}),
      (Variables{{"JUJU_HOOK_NAME", "data-storage-attached"},
                 {"JUJU_DISPATCH_PATH", "hooks/data-storage-attached"},
                 {"JUJU_STORAGE_ID", "data/0"},
                 {"JUJU_STORAGE_KIND", "filesystem"},
                 {"JUJU_STORAGE_LOCATION", "/var/lib/juju/storage/data/0"}}));
  const Event remove{
      .kind = EventKind::secret_remove, .secret_id = "9m4e2mr0ui3e8a215n4g", .secret_revision = 2};
  EXPECT_EQ(added_by(remove), (Variables{{"JUJU_HOOK_NAME", "secret-remove"},
                                         {"JUJU_DISPATCH_PATH", "hooks/secret-remove"},
                                         {"JUJU_SECRET_ID", "secret:9m4e2mr0ui3e8a215n4g"},
                                         {"JUJU_SECRET_LABEL", ""},
                                         {"JUJU_SECRET_REVISION", "2"}}));
}

TEST(DispatchEnvironment, HasNoHookNameInAnAction) {
  EXPECT_EQ(added_by({.kind = EventKind::action, .subject = "backup", .action_id = 12}),
            (Variables{{"JUJU_HOOK_NAME", ""},
                       {"JUJU_DISPATCH_PATH", "actions/backup"},
                       {"JUJU_ACTION_NAME", "backup"},
                       {"JUJU_ACTION_UUID", "12"},
                       {"JUJU_ACTION_TAG", "action-12"}}));
}

TEST(ContextId, IsNewForEveryDispatch) {
  Model model = small_model();
  const std::string one = new_context_id(model, "hk/0", {});
  EXPECT_NE(one, new_context_id(model, "hk/0", {}));
  EXPECT_EQ(one.rfind("hk/0-update-status-", 0), 0U);
  EXPECT_EQ(one.size(), std::string("hk/0-update-status-").size() + 32);
}

}  // namespace
}  // namespace rehearsal::test
