// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/admin_keys.hpp"
#include "charm/domain/answers.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "tests/unit/exhaustion/state.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

/// The charm's values, from which a State has only small numbers.
namespace charm::exhaustion {

/// The time at which every hook begins.
[[nodiscard]] std::chrono::sys_seconds beginning_of_hook(bool leader);
[[nodiscard]] postgres::ProbeResult probe_of(Server server);

/// A key, and its parts as the charm reads and writes them.
struct Material {
  openpgp::AdminKey key;
  std::string fingerprint;
  std::string secret;
  std::string certificate;
};

/// Makes all keys when it is first called.
[[nodiscard]] const Material& material(Key key);
/// The key of which this part is the text; absent if no key has it.
[[nodiscard]] std::optional<Key> key_of(const std::string& text, std::string Material::*part);
/// The reference that Juju keeps for the key.
[[nodiscard]] AdminKeyReference reference_to(Key key);
/// The admin keys that Juju keeps in the state.
[[nodiscard]] AdminKeys keys_of(const State& state);

/// The record that State::record means.
[[nodiscard]] prefix_tree::Record record_of(std::uint8_t bits, std::chrono::sys_seconds now);
/// The inverse of record_of().
[[nodiscard]] std::uint8_t bits_of(const prefix_tree::Record& record, std::chrono::sys_seconds now);
/// Returns State::record for the beginning of a hook: 0 without a record.
[[nodiscard]] std::uint8_t bits_of(Recorded recorded);

inline constexpr int peers_relation = 0;
inline constexpr int database_relation = 3;
inline constexpr int logging_relation = 15;
inline constexpr std::int64_t keys_in_database = 1000;
inline constexpr const char* identity_of_database = "7/16384";
inline constexpr const char* damage = "leveldb/table: corruption on data-block";
inline constexpr const char* crash = "panic: out of memory";

}  // namespace charm::exhaustion
