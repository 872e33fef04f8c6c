// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/openpgp/admin_key.hpp"

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace charm::openpgp {

/// 2026-02-03 04:05:06 UTC; the keys of the test data were made a year earlier.
inline constexpr std::chrono::sys_seconds test_time{std::chrono::seconds(1770091506)};

/// The content of a file of the test data.
inline std::string file_text(const std::string& path) {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/" + path, std::ios::binary);
  if (!file) {
    throw std::runtime_error("cannot read " + path);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The secret armor as an ordinary text.
inline std::string secret_text(const AdminKey& key) {
  const Secret secret = key.secret_armor();
  return std::string(secret.reveal());
}

/// Secret keys of the test data that the charm accepts.
inline constexpr const char* ed25519_file = "keys/admin.sec.asc";
inline constexpr const char* rsa_file = "keys/admin2_rsa.sec.asc";
inline constexpr const char* subkey_file = "openpgp/signing_subkey.sec.asc";

}  // namespace charm::openpgp
