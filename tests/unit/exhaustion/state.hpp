// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/answers.hpp"
#include "charm/domain/snapshot.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>

/// The state of a unit, its surroundings, and the beginnings of its hooks, as small numbers.
namespace charm::exhaustion {

/// The answer of PostgreSQL.
enum class Server : std::uint8_t {
  absent,  ///< There is no relation.
  asleep,
  refusing,
  read_only,
  not_ours,
  untrusted,
  failing,  ///< It accepts the login, and then its queries fail.
  ready,
};

/// The option admin-key-secret.
enum class Option : std::uint8_t { unset, readable, unreadable };

enum class Logs : std::uint8_t { none, pebble, promtail };

/// Everything that no step changes.
struct Surroundings {
  Goal goal = Goal::run;
  bool right_settings = true;
  Server server = Server::ready;
  bool leader = true;
  bool pebble = true;         ///< Pebble answers.
  bool programs_work = true;  ///< If not, Hockeypuck, its rebuild and each download fail.
  Option brought = Option::unset;
  Logs logs = Logs::none;
};

/// A service as Pebble shows it.
enum class Process : std::uint8_t { unknown, inactive, active, backoff, error };

enum class Tree : std::uint8_t { whole, missing, partial, damaged };

enum class Current : std::uint8_t { none, charms, operators };

enum class Retired : std::uint8_t { none, revocable, dropped };

/// The keys of one unit. `next` is made by a dispatch and becomes `charms` when Juju commits it.
enum class Key : std::uint8_t { charms, operators, next, retired };

inline constexpr std::size_t number_of_keys = 4;

/// Everything that steps change. A number of 0 is an absent value. Other numbers index the
/// values that the Place knows.
struct State {
  // The container.
  std::uint8_t files = 0;
  std::uint8_t plan = 0;
  Process keyserver = Process::unknown;
  std::uint8_t runs_with = 0;  ///< The files with which the keyserver's process was started.
  Tree tree = Tree::missing;
  std::uint8_t record = 0;
  std::uint8_t rebuild = 0;
  Process build = Process::unknown;
  bool closed = false;  ///< The rebuild wrote its statistics file, which it does last.
  Process promtail = Process::unknown;
  std::uint8_t promtail_files = 0;
  std::uint8_t uploads = 0;  ///< The digest in the file.
  // The database.
  bool policy = false;                                ///< It has the upload policy of the option.
  std::array<std::uint8_t, number_of_keys> stored{};  ///< A StoredKey for each Key.
  // Juju.
  Current current = Current::none;
  Retired retired = Retired::none;
  bool settled = false;                  ///< Our databags are published and the ports are open.
  std::array<std::uint8_t, 2> memory{};  ///< The number of a Memory.

  [[nodiscard]] keyserver::StoredKey found(Key key) const {
    return static_cast<keyserver::StoredKey>(stored[static_cast<std::size_t>(key)]);
  }

  void store(Key key, keyserver::StoredKey value) {
    stored[static_cast<std::size_t>(key)] = static_cast<std::uint8_t>(value);
  }

  bool operator==(const State&) const = default;
};

struct HashOfState {
  std::size_t operator()(const State& state) const {
    static_assert(std::has_unique_object_representations_v<State>);
    const auto octets = std::bit_cast<std::array<char, sizeof(State)>>(state);
    return std::hash<std::string_view>()({octets.data(), octets.size()});
  }
};

/// The first axis of the product: the files and the service, each from an earlier or the planned
/// configuration.
enum class Age : std::uint8_t { absent, old, planned };

enum class Rebuilding : std::uint8_t { no, requested, running, complete, stopped, failed };

enum class Recorded : std::uint8_t { none, ours, other, far };

enum class Admin : std::uint8_t { none, stored, lost, retired, next, wrong, revoked };

/// The state from which a hook begins, axis by axis.
struct Beginning {
  Age files = Age::absent;
  Age definition = Age::absent;
  Process keyserver = Process::unknown;
  Tree tree = Tree::whole;
  Rebuilding rebuild = Rebuilding::no;
  Recorded record = Recorded::none;
  Admin admin = Admin::none;
  bool uploads_known = false;
};

}  // namespace charm::exhaustion
