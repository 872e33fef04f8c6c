// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/verification.hpp"

#include "charm/openpgp/admin_key.hpp"
#include "rehearsal/keyserver/packet.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace rehearsal::keyserver {
namespace {

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// Two seconds begin during the test. A clock that is late by milliseconds refuses signatures then.
TEST(RehearsalSignatures, AreAcceptedInTheMomentInWhichTheyAreMade) {
  const auto key = charm::openpgp::AdminKey::generate("Administrator", now());
  const std::vector<Certificate> administrators =
      read_certificates(dearmored(key.public_armor()).value()).certificates;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE(is_signed_by(administrators, "text", key.sign("text", now())));
  }
}

}  // namespace
}  // namespace rehearsal::keyserver
