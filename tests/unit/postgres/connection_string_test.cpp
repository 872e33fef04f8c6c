// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "src/postgres/connection_string.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace charm::postgres
