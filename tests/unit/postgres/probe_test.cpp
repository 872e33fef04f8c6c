// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/postgres/probe.hpp"

#include "tests/support/file_text.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/socket_server.hpp"
#include "tests/unit/postgres/key_database_test.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace charm::postgres {
namespace {

class Probe : public KeyDatabaseTest {
 protected:
  [[nodiscard]] Target verified_target() const {
    Target verified = target();
    verified.ssl_mode = "verify-full";
    verified.ca = test::file_text(cluster.ca_certificate());
    return verified;
  }
};

TEST_F(Probe, FindsAServerThatTakesWritesAndLeavesNoConnectionBehind) {
  const ProbeResult result = probe(target(), 5);
  EXPECT_EQ(result.outcome, Outcome::ready) << result.reason;
  EXPECT_EQ(result.reason, "");
  std::string count;
  for (int i = 0; i < 100 && count != "0"; ++i) {
    count = cluster.psql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'keys'");
  }
  EXPECT_EQ(count, "0");
}

TEST_F(Probe, NoticesADatabaseThatTakesNoWrites) {
  cluster.psql("ALTER DATABASE keys SET default_transaction_read_only = on");
  const ProbeResult result = probe(target(), 5);
  EXPECT_EQ(result.outcome, Outcome::read_only);
  EXPECT_EQ(result.reason, "the database refuses writes");
}

TEST_F(Probe, NoticesTablesOfAnotherRole) {
  cluster.psql("CREATE TABLE keys(a int); CREATE TABLE subkeys(a int); GRANT ALL ON keys TO keys",
               "keys");
  const ProbeResult result = probe(target(), 5);
  EXPECT_EQ(result.outcome, Outcome::not_ours);
  EXPECT_EQ(result.reason, "the table keys belongs to the role postgres");
  cluster.psql("ALTER TABLE keys OWNER TO keys", "keys");
  EXPECT_EQ(probe(target(), 5).reason, "the table subkeys belongs to the role postgres");
  cluster.psql("DROP TABLE subkeys", "keys");
  EXPECT_EQ(probe(target(), 5).outcome, Outcome::ready);
}

TEST_F(Probe, TakesTablesOfARoleThatItIsAMemberOf) {
  cluster.psql(
      "CREATE ROLE owners; GRANT owners TO keys; CREATE TABLE keys(a int);"
      " ALTER TABLE keys OWNER TO owners",
      "keys");
  EXPECT_EQ(probe(target(), 5).outcome, Outcome::ready);
}

TEST_F(Probe, IsRefusedWithWhatTheServerDoesNotKnow) {
  Target wrong = target();
  wrong.password = "hunter2";
  const ProbeResult result = probe(wrong, 5);
  EXPECT_EQ(result.outcome, Outcome::refused) << result.reason;
  EXPECT_NE(result.reason.find("password authentication failed"), std::string::npos);
  EXPECT_TRUE(result.cause.starts_with("FATAL: password authentication failed")) << result.cause;
  EXPECT_EQ(result.reason.find("hunter2"), std::string::npos);
  EXPECT_EQ(result.reason.find('\n'), std::string::npos);
  wrong = target();
  wrong.database = "nothing";
  EXPECT_EQ(probe(wrong, 5).outcome, Outcome::refused);
  wrong = target();
  wrong.user = "nobody";
  EXPECT_EQ(probe(wrong, 5).outcome, Outcome::refused);
}

TEST_F(Probe, TrustsTheRightAuthorityForTheRightHostOnly) {
  cluster.make_tls();
  const ProbeResult right = probe(verified_target(), 5);
  EXPECT_EQ(right.outcome, Outcome::ready) << right.reason;
  Target wrong = verified_target();
  wrong.ca = test::file_text(cluster.wrong_ca_certificate());
  const ProbeResult other_authority = probe(wrong, 5);
  EXPECT_EQ(other_authority.outcome, Outcome::untrusted) << other_authority.reason;
  wrong.ca = "not a certificate";
  const ProbeResult no_authority = probe(wrong, 5);
  EXPECT_EQ(no_authority.outcome, Outcome::untrusted) << no_authority.reason;
  cluster.make_tls({"DNS:elsewhere.example"});
  const ProbeResult other_host = probe(verified_target(), 5);
  EXPECT_EQ(other_host.outcome, Outcome::untrusted) << other_host.reason;
}

TEST_F(Probe, InsistsOnTlsIfEitherSideDoes) {
  Target required = target();
  required.ssl_mode = "require";
  EXPECT_EQ(probe(required, 5).outcome, Outcome::untrusted) << "the server has none";
  cluster.make_tls();
  cluster.require_tls();
  EXPECT_EQ(probe(target(), 5).outcome, Outcome::refused) << "the charm requests no TLS";
  EXPECT_EQ(probe(required, 5).outcome, Outcome::ready);
}

TEST(ProbeOfNothing, IsUntrustedWithoutAnAuthority) {
  EXPECT_EQ(probe({.host = "127.0.0.1", .ssl_mode = "verify-full"}, 2).outcome, Outcome::untrusted);
}

TEST(ProbeOfNothing, IsRefusedWithANulByte) {
  EXPECT_EQ(probe({.host = "127.0.0.1", .password = std::string("a\0b", 3)}, 2).outcome,
            Outcome::refused);
}

TEST(ProbeOfNothing, WaitsForTheServer) {
  Target gone{.host = "127.0.0.1",
              .port = test::free_port(),
              .database = "d",
              .user = "u",
              .password = "p",
              .ssl_mode = "disable"};
  EXPECT_EQ(probe(gone, 5).outcome, Outcome::unreachable);
  gone.host = "no-such-host.invalid";
  EXPECT_EQ(probe(gone, 5).outcome, Outcome::unreachable);
}

/// Probes a server that says nothing. Returns the time that it took.
std::chrono::steady_clock::duration time_with_silence(int timeout_seconds,
                                                      const Deadline& end = no_deadline) {
  const test::SocketServer silent(AF_INET, [](int connection) { test::received(connection); });
  const auto start = std::chrono::steady_clock::now();
  const ProbeResult result = probe({.host = "127.0.0.1",
                                    .port = static_cast<unsigned short>(silent.port()),
                                    .database = "d",
                                    .user = "u",
                                    .ssl_mode = "disable"},
                                   timeout_seconds, end);
  EXPECT_EQ(result.outcome, Outcome::unreachable) << result.reason;
  return std::chrono::steady_clock::now() - start;
}

TEST(ProbeOfNothing, DoesNotHangOnAServerThatSaysNothing) {
  EXPECT_LT(time_with_silence(1), std::chrono::seconds(10));
}

TEST(ProbeOfNothing, EndsSoonAfterTheDeadlineOfTheHook) {
  const Deadline soon(std::chrono::milliseconds(200));
  // libpq itself waits two seconds.
  EXPECT_LT(time_with_silence(10, soon), std::chrono::milliseconds(2500));
}

}  // namespace
}  // namespace charm::postgres
