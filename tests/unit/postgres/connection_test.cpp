// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/postgres/connection.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace charm::postgres {
namespace {

TEST(ConnectionString, QuotesEveryValue) {
  const Target target{.host = "db.example",
                      .port = 5433,
                      .database = "it's",
                      .user = "",
                      .password = "a 'b' \\c=d",
                      .ssl_mode = "require"};
  EXPECT_EQ(connection_string(target, {}, 7),
            "host='db.example' port='5433' dbname='it\\'s' user='' "
            "password='a \\'b\\' \\\\c=d' sslmode='require' gssencmode='disable' "
            "connect_timeout='7' tcp_user_timeout='7000' application_name='hockeypuck-k8s'");
}

TEST(ConnectionString, NamesTheFileOfTheAuthority) {
  const std::string text = connection_string({.ssl_mode = "verify-full"}, "/proc/self/fd/9", 2);
  EXPECT_NE(text.find("sslmode='verify-full' sslrootcert='/proc/self/fd/9'"), std::string::npos);
}

TEST(ConnectionOutcome, FollowsLibpqsMessages) {
  const std::string at = "connection to server at \"db\" (10.1.0.9), port 5432 failed: ";
  const std::vector<std::pair<std::string, Outcome>> table = {
      {at + "Connection refused\n\tIs the server running on that host?", Outcome::unreachable},
      {at + "timeout expired", Outcome::unreachable},
      {at + "No route to host", Outcome::unreachable},
      {at + "server closed the connection unexpectedly", Outcome::unreachable},
      {at + "SSL SYSCALL error: EOF detected", Outcome::unreachable},
      {"could not translate host name \"db\" to address: Name or service not known",
       Outcome::unreachable},
      {at + "FATAL:  the database system is starting up", Outcome::unreachable},
      {at + "FATAL:  the database system is shutting down", Outcome::unreachable},
      {at + "FATAL:  sorry, too many clients already", Outcome::unreachable},
      {at + "FATAL:  remaining connection slots are reserved for superusers", Outcome::unreachable},
      {at + "FATAL:  password authentication failed for user \"u\"", Outcome::refused},
      {at + "FATAL:  database \"d\" does not exist", Outcome::refused},
      {at + "FATAL:  role \"u\" is not permitted to log in", Outcome::refused},
      {at + "FATAL:  no pg_hba.conf entry for host \"10.1.0.7\", user \"u\", no encryption",
       Outcome::refused},
      {at + "SSL error: certificate verify failed", Outcome::untrusted},
      {at + "server certificate for \"a\" does not match host name \"db\"", Outcome::untrusted},
      {at + "server does not support SSL, but SSL was required", Outcome::untrusted},
      {at + "could not read root certificate file \"/proc/self/fd/5\": no certificate",
       Outcome::untrusted},
      // One line for each address of the host. The line that an operator must act on comes first.
      {at + "Connection refused\n" + at + "FATAL:  database \"d\" does not exist",
       Outcome::refused},
  };
  for (const auto& [message, outcome] : table) {
    EXPECT_EQ(connection_outcome(message), outcome) << message;
  }
}

TEST(QueryOutcome, FollowsTheSqlState) {
  EXPECT_EQ(query_outcome("42501"), Outcome::refused);
  EXPECT_EQ(query_outcome("25006"), Outcome::read_only);
  EXPECT_EQ(query_outcome("57P01"), Outcome::unreachable);
  EXPECT_EQ(query_outcome(""), Outcome::unreachable);
}

TEST(OneLine, HidesThePasswordAndTheLineEnds) {
  EXPECT_EQ(one_line("failed: hunter2\n\tand  hunter2!\n", "hunter2"), "failed: *** and ***!");
  EXPECT_EQ(one_line("plain", ""), "plain");
  EXPECT_EQ(one_line("****", "*"), "************");
  EXPECT_EQ(one_line(std::string(1000, 'x'), "y").size(), 500U);
}

TEST(CauseOf, LeavesOutTheAddressAndTheAdvice) {
  const std::string at = "connection to server at \"db\" (10.1.0.9), port 5432 failed: ";
  EXPECT_EQ(cause_of(at + "FATAL: no pg_hba.conf entry"), "FATAL: no pg_hba.conf entry");
  EXPECT_EQ(cause_of(at + "Connection refused Is the server running on that host and accepting?"),
            "Connection refused");
  EXPECT_EQ(cause_of(at + "timeout expired " + at + "Connection refused"), "Connection refused");
  EXPECT_EQ(cause_of("could not translate host name \"db\" to address"),
            "could not translate host name \"db\" to address");
}

}  // namespace
}  // namespace charm::postgres
