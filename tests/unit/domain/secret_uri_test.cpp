// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/text.hpp"

#include <gtest/gtest.h>

namespace charm {
namespace {

constexpr std::string_view id = "9m4e2mr0ui3e8a215n4g";

TEST(SecretUri, NamesASecretOfThisModelOrOfAnother) {
  EXPECT_EQ(secret_id("secret:9m4e2mr0ui3e8a215n4g"), id);
  EXPECT_EQ(secret_id("secret://5b1c2a9e-3d4f-4a6b-8c7d-9e0f1a2b3c4d/9m4e2mr0ui3e8a215n4g"), id);
}

TEST(SecretUri, IsNothingElse) {
  for (const std::string_view text :
       {"", "secret:", "secret:9m4e2mr0ui3e8a215n4", "9m4e2mr0ui3e8a215n4g", "secret:my-secret",
        "secret:9M4E2MR0UI3E8A215N4G", "secret:x9m4e2mr0ui3e8a215n4g",
        "secret:///9m4e2mr0ui3e8a215n4g", "secret://a b/9m4e2mr0ui3e8a215n4g",
        "secret:--refresh/9m4e2mr0ui3e8a215n4g", "secret:9m4e2mr0ui3e8a215n4g\n"}) {
    EXPECT_EQ(secret_id(text), "") << text;
  }
}

}  // namespace
}  // namespace charm
