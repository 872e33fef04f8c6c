// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/armor.hpp"
#include "src/openpgp/packet.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

#include <random>

namespace charm::openpgp {
namespace hostile_key_test {

/// Changes a text slightly; a seed decides how.
class Mutation {
 public:
  explicit Mutation(unsigned seed) : random_(seed) {}

  std::string of(std::string text) {
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      change(text);
    }
    return text;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(40);
    switch (below(6)) {
      case 0:
        text.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 1:
        text.erase(at, 1 + below(4));
        break;
      case 2:
        text.resize(at);
        break;
      case 3:
        text.insert(below(text.size() + 1), text.substr(at, length));
        break;
      default:
        replace(text);
    }
  }

  void replace(std::string& text) {
    if (!text.empty()) {
      char& octet = text[below(text.size())];
      octet =
          static_cast<char>(below(2) == 0 ? octet ^ (1 << below(8)) : static_cast<int>(below(256)));
    }
  }

  std::mt19937 random_;
};

/// Counts results. Any result other than a key with the same fingerprint or an InputError fails the
/// test.
struct Outcomes {
  int taken = 0;
  int refused = 0;
};

void read(const std::string& text, const std::string& fingerprint, Outcomes& outcomes) {
  try {
    const AdminKey key = AdminKey::from_armor(text, test_time);
    // The self-signature covers the primary key, so no change is possible without the secret.
    EXPECT_EQ(key.fingerprint(), fingerprint);
    EXPECT_NE(key.sign("text", test_time), "");
    ++outcomes.taken;
  } catch (const InputError&) {
    ++outcomes.refused;
  }
}

struct Sample {
  const char* file;
  unsigned rounds;
};

class HostileKey : public testing::TestWithParam<Sample> {
 protected:
  const std::string text = file_text(GetParam().file);
  const std::string fingerprint = AdminKey::from_armor(text, test_time).fingerprint();
};

TEST_P(HostileKey, InItsArmorIsRefusedOrHarmless) {
  Outcomes outcomes;
  for (unsigned seed = 0; seed < GetParam().rounds; ++seed) {
    SCOPED_TRACE(seed);
    read(Mutation(seed).of(text), fingerprint, outcomes);
  }
  EXPECT_GT(outcomes.refused, outcomes.taken);
}

TEST_P(HostileKey, InItsPacketsIsRefusedOrHarmless) {
  const Octets octets = dearmor(text).octets;
  Outcomes outcomes;
  for (unsigned seed = 0; seed < GetParam().rounds; ++seed) {
    SCOPED_TRACE(seed);
    const std::string changed = Mutation(seed).of(std::string(std::string_view(octets)));
    read(armor(ArmorType::private_key, changed), fingerprint, outcomes);
  }
  EXPECT_GT(outcomes.refused, outcomes.taken);
}

TEST_P(HostileKey, CutOffAnywhereIsRefusedOrHarmless) {
  const Octets octets = dearmor(text).octets;
  Outcomes outcomes;
  for (std::size_t size = 0; size < octets.size(); ++size) {
    read(armor(ArmorType::private_key, std::string_view(octets).substr(0, size)), fingerprint,
         outcomes);
  }
  EXPECT_GT(outcomes.refused, outcomes.taken);
}

INSTANTIATE_TEST_SUITE_P(Samples, HostileKey,
                         testing::Values(Sample{ed25519_file, 3000}, Sample{subkey_file, 3000},
                                         Sample{rsa_file, 300}),
                         [](const auto& sample) {
                           return "Sample" + std::to_string(sample.index);
                         });

}  // namespace hostile_key_test
}  // namespace charm::openpgp
