// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/statuses.hpp"

#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <vector>

namespace charm::statuses {
namespace {

constexpr std::size_t most_shown = 100;

/// Every status, with values of realistic length.
const std::vector<Status>& fixed() {
  static const std::vector<Status> all = {
      no_database("keyserver-for-the-public"),
      wrong_option("recon-allowed-cidrs, item 12: must be a network like 192.0.2.0/24 or an IP "
                   "address"),
      renamed_database("hockeypuck-k8s-production"),
      revoked_key_in_secret(std::string(64, 'a')),
      revoked_admin_key(std::string(64, 'a')),
      unusable_admin_key_secret(
          "not readable, run juju grant-secret 9m4e2mr0ui3e8a215n4g hockeypuck-k8s"),
      waiting_to_resume_rebuild(),
      waiting_for_pebble(),
      waiting_for_pebble_again(),
      waiting_for_provider("postgresql-k8s-for-keyservers", "publish its endpoints"),
      waiting_for_writable_database(),
      keyserver_without_database(),
      waiting_for_keyserver_to_serve(),
      waiting_for_keyserver_to_answer(),
      waiting_for_stored_admin_key(std::string(64, 'a')),
      waiting_for_revocation(std::string(64, 'a')),
      path_without_hkp("/keys-hockeypuck-k8s"),
      no_promtail_offered(),
      ending_promtail(),
      drifted_tree("it has 6400000 digests for 6500000 keys"),
      only_updates(),
      no_uploads()};
  return all;
}

const std::string reason(300, 'r');

/// The statuses that end with a reason of any length.
const std::vector<Status>& with_reason() {
  static const std::vector<Status> all = {untrusted_database(reason),
                                          foreign_database(reason),
                                          keyserver_fails(reason),
                                          unwritable_container(reason),
                                          unreadable_container(reason),
                                          failed_rebuild(reason),
                                          of_provider("postgresql-k8s", 5001, " " + reason),
                                          rebuilding(reason, ", 6500000 keys, 142 min so far"),
                                          out_of_time(reason),
                                          failed_pebble_request(reason),
                                          waiting_for_database(reason),
                                          waiting_for_login(reason),
                                          waiting_for_block_list(reason),
                                          waiting_for_upload_policy(reason),
                                          waiting_for_accepted_admin_key(reason),
                                          unreadable_admin_key(reason),
                                          unsent_logs(reason),
                                          failed_promtail(reason),
                                          untrusted_certificates(reason)};
  return all;
}

TEST(Statuses, FitWithRealValues) {
  for (const Status& status : fixed()) {
    EXPECT_LE(status.message.size(), most_shown) << status.message;
    EXPECT_EQ(to_show(status), status);
  }
}

TEST(Statuses, SayCauseAndActionBeforeAReasonThatIsCut) {
  for (const Status& status : with_reason()) {
    const std::size_t begin = status.message.find("rrr");
    EXPECT_LE(begin, most_shown - 20) << status.message << ": no room for a reason";
    const Status shown = to_show(status);
    EXPECT_LE(shown.message.size(), most_shown);
    EXPECT_EQ(shown.message.substr(0, begin), status.message.substr(0, begin));
    EXPECT_TRUE(shown.message.ends_with("…"));
    EXPECT_EQ(shown.kind, status.kind);
  }
}

TEST(Statuses, AreAllMeasuredHere) {
  const std::string header =
      test::file_text(std::string(SOURCE_DIR) + "/include/charm/domain/statuses.hpp");
  const std::regex maker("\\[\\[nodiscard\\]\\] Status (?!to_show)");
  const auto makers = std::distance(std::sregex_iterator(header.begin(), header.end(), maker), {});
  EXPECT_EQ(static_cast<std::size_t>(makers), fixed().size() + with_reason().size());
}

TEST(Statuses, BlockOnlyWhereAPersonMustAct) {
  EXPECT_EQ(of_provider("pg", 4999, " wait").kind, StatusKind::waiting);
  EXPECT_EQ(of_provider("pg", 5000, " resize").kind, StatusKind::blocked);
}

}  // namespace
}  // namespace charm::statuses
