// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/armor.hpp"
#include "src/openpgp/packet.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

// This program's own operator delete looks for a text in all memory that C++ releases.
namespace {

std::string_view wanted;
std::atomic<int> found = 0;

void release(void* memory) noexcept {
  if (memory != nullptr && !wanted.empty()) {
    const std::string_view block(static_cast<const char*>(memory), malloc_usable_size(memory));
    found += block.find(wanted) == std::string_view::npos ? 0 : 1;
  }
  std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc)
}

}  // namespace

void* operator new(std::size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);  // NOLINT(cppcoreguidelines-no-malloc)
  if (memory != nullptr) {
    return memory;
  }
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  release(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept {
  release(memory);
}

namespace charm::openpgp {
namespace {

/// The number of released blocks with this text while a key is read, used and destroyed.
int blocks_released_with(std::string_view text, const std::string& armored) {
  wanted = text;
  found = 0;
  {
    const AdminKey key = AdminKey::from_armor(armored, test_time);
    static_cast<void>(key.secret_armor());
    static_cast<void>(key.public_armor());
    static_cast<void>(key.sign("text", test_time));
    static_cast<void>(key.revocation(test_time));
  }
  wanted = {};
  return found;
}

class ReleasedMemory : public testing::TestWithParam<const char*> {
 protected:
  const std::string armored = secret_text(AdminKey::from_armor(file_text(GetParam()), test_time));
};

TEST_P(ReleasedMemory, DoesNotHoldTheSecretNumbers) {
  const Octets body = read_packets(dearmor(armored).octets).at(0).body;
  // The octets before the checksum: the end of the only number of Ed25519, or of the last of RSA.
  const std::string_view secret = std::string_view(body).substr(body.size() - 2 - 24, 24);
  EXPECT_EQ(blocks_released_with(secret, armored), 0);
}

TEST_P(ReleasedMemory, DoesNotHoldTheSecretArmor) {
  const std::size_t last_line_of_the_packet = GetParam() == std::string_view(rsa_file) ? 18 : 1;
  const std::size_t data = armored.find("\n\n") + 2;
  const std::string line = armored.substr(data + last_line_of_the_packet * 65, 60);
  EXPECT_EQ(blocks_released_with(line, armored), 0);
}

TEST_P(ReleasedMemory, IsWatchedByThisTest) {
  const std::string line = armored.substr(100, 40);
  wanted = line;
  found = 0;
  static_cast<void>(std::make_unique<std::string>(armored));
  wanted = {};
  EXPECT_EQ(found, 1);
}

INSTANTIATE_TEST_SUITE_P(Samples, ReleasedMemory, testing::Values(ed25519_file, rsa_file),
                         [](const auto& sample) {
                           return "Sample" + std::to_string(sample.index);
                         });

}  // namespace
}  // namespace charm::openpgp
