// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exhaustion/real_values.hpp"

#include "charm/domain/digest.hpp"

#include <array>
#include <vector>

namespace charm::exhaustion {

namespace {

// The bits of State::record.
constexpr std::uint8_t exists = 1;
constexpr std::uint8_t ours = 2;
constexpr std::uint8_t compared = 4;
constexpr std::uint8_t suspected = 8;
constexpr std::uint8_t far = 16;
constexpr std::uint8_t drifting = 32;
constexpr std::uint8_t drifted = 64;
constexpr std::uint8_t rebuilt = 128;

constexpr std::array secrets = {"secret:aaaaaaaaaaaaaaaaaaaa", "secret:bbbbbbbbbbbbbbbbbbbb",
                                "secret:cccccccccccccccccccc", "secret:dddddddddddddddddddd"};

const std::string& revocation_of_retired() {
  static const std::string text = material(Key::retired).key.revocation(beginning_of_hook(true));
  return text;
}

std::string brought_certificate(Key key) {
  return key == Key::operators ? sha256(material(key).certificate) : std::string();
}

}  // namespace

std::chrono::sys_seconds beginning_of_hook(bool leader) {
  // The turn of the leader to rebuild its tree begins, or that of the other unit.
  constexpr std::int64_t cycle = 43'200;
  return std::chrono::sys_seconds(std::chrono::seconds(41'667 * cycle + (leader ? 0 : cycle / 2)));
}

postgres::ProbeResult probe_of(Server server) {
  using postgres::Outcome;
  switch (server) {
    case Server::refusing:
      return {.outcome = Outcome::refused, .cause = "no entry in pg_hba.conf"};
    case Server::read_only:
      return {.outcome = Outcome::read_only, .cause = "a standby"};
    case Server::not_ours:
      return {.outcome = Outcome::not_ours, .cause = "the table keys belongs to another role"};
    case Server::untrusted:
      return {.outcome = Outcome::untrusted, .cause = "certificate verify failed"};
    case Server::failing:
    case Server::ready:
      return {.outcome = Outcome::ready};
    case Server::absent:
    case Server::asleep:
      break;
  }
  return {.outcome = Outcome::unreachable, .cause = "connection refused"};
}

const Material& material(Key key) {
  static const auto all = [] {
    std::vector<Material> made;
    for (std::size_t i = 0; i < number_of_keys; ++i) {
      auto one = openpgp::AdminKey::generate("Administrator",
                                             std::chrono::sys_seconds(std::chrono::days(20'000)));
      made.push_back({.key = one,
                      .fingerprint = one.fingerprint(),
                      .secret = std::string(one.secret_armor().reveal()),
                      .certificate = one.public_armor()});
    }
    return made;
  }();
  return all[static_cast<std::size_t>(key)];
}

std::optional<Key> key_of(const std::string& text, std::string Material::*part) {
  for (std::size_t i = 0; i < number_of_keys; ++i) {
    if (material(static_cast<Key>(i)).*part == text) {
      return static_cast<Key>(i);
    }
  }
  return std::nullopt;
}

AdminKeyReference reference_to(Key key) {
  return {.secret = secrets[static_cast<std::size_t>(key)],
          .fingerprint = material(key).fingerprint,
          .brought_certificate = brought_certificate(key)};
}

AdminKeys keys_of(const State& state) {
  AdminKeys keys;
  if (state.current != Current::none) {
    keys.current = reference_to(state.current == Current::charms ? Key::charms : Key::operators);
  }
  if (state.retired == Retired::revocable) {
    keys.retired = {{material(Key::retired).fingerprint, revocation_of_retired()}};
  } else if (state.retired == Retired::dropped) {
    keys.retired = {{material(Key::retired).fingerprint, {}}};
  }
  return keys;
}

prefix_tree::Record record_of(std::uint8_t bits, std::chrono::sys_seconds now) {
  const std::int64_t at = now.time_since_epoch().count();
  const auto since = [&](unsigned begun, unsigned confirmed) {
    return (bits & confirmed) != 0 ? at - 7200 : (bits & begun) != 0 ? at : 0;
  };
  return {
      .database = (bits & ours) != 0 ? identity_of_database : "9/99",
      .trusted_since = at - 86'400,
      .compared = (bits & compared) != 0 ? at : at - 3600,
      .comparison = {(bits & far) != 0 ? 10 : keys_in_database, keys_in_database, keys_in_database},
      .differs_since = since(suspected, far),
      .is_far = (bits & far) != 0,
      .drifts_since = since(drifting, drifted),
      .drifts = (bits & drifted) != 0,
      .rebuilt = (bits & rebuilt) != 0 ? at : 0};
}

std::uint8_t bits_of(const prefix_tree::Record& record, std::chrono::sys_seconds now) {
  unsigned bits = exists;
  bits |= record.database == identity_of_database ? ours : 0U;
  bits |= now.time_since_epoch().count() - record.compared < 3000 ? compared : 0U;
  bits |= record.differs_since != 0 ? suspected : 0U;
  bits |= record.is_far ? far : 0U;
  bits |= record.drifts_since != 0 ? drifting : 0U;
  bits |= record.drifts ? drifted : 0U;
  bits |= record.rebuilt != 0 ? rebuilt : 0U;
  return static_cast<std::uint8_t>(bits);
}

std::uint8_t bits_of(Recorded recorded) {
  switch (recorded) {
    case Recorded::none:
      break;
    case Recorded::ours:
      return exists | ours | compared;
    case Recorded::other:
      return exists | compared;
    case Recorded::far:
      return exists | ours | suspected | far | drifting | drifted;
  }
  return 0;
}

}  // namespace charm::exhaustion
