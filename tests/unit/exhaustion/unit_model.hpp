// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"
#include "charm/openpgp/admin_key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

/// A unit and everything outside it as small numbers. The model takes the charm's steps as values.
/// It therefore parses no text of hook tools and no request to Pebble, and is fast.
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
  std::size_t operator()(const State& state) const;
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

/// Numbers values in the order in which they appear, from 1.
template <typename Value>
class Known {
 public:
  std::uint8_t number(const Value& value) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (values_[i] == value) {
        return static_cast<std::uint8_t>(i + 1);
      }
    }
    values_.push_back(value);
    if (values_.size() > UINT8_MAX) {
      throw std::length_error("more than 255 different values");
    }
    return static_cast<std::uint8_t>(values_.size());
  }

  [[nodiscard]] const Value& operator[](std::uint8_t number) const {
    static const Value none{};
    return number == 0 ? none : values_[number - 1U];
  }

 private:
  std::vector<Value> values_;
};

/// One hook between its first Snapshot and its end.
struct Dispatch {
  State state;  ///< With the changes outside Juju so far.
  Snapshot snapshot;
  std::shared_ptr<const Plan> plan;
  std::string plan_key;
  std::set<int> ports;
  Databag peers;
  std::optional<std::string> memory;
};

/// One Surroundings with all values that occurred in it.
class Place {
 public:
  explicit Place(const Surroundings& surroundings);

  [[nodiscard]] const Surroundings& surroundings() const { return where_; }

  [[nodiscard]] State state_of(const Beginning& beginning);

  /// Begins a hook: reads the state, and plans.
  [[nodiscard]] Dispatch begin(const State& state);
  /// Takes the step, and looks again.
  void take(const Step& step, Dispatch& dispatch);
  /// The state that remains if the hook is killed now: Juju keeps none of its writes.
  [[nodiscard]] static State killed(const Dispatch& dispatch);
  /// The state if the hook ends now: Juju keeps all of its writes.
  [[nodiscard]] State ended(const Dispatch& dispatch);

  /// The files, layers and digest that the charm plans with these admin keys, if nothing is wrong.
  struct Wanted {
    std::uint8_t files = 0;
    std::uint8_t old_files = 0;
    Layer layer;
    Layer old_layer;
    std::string uploads;
    std::string memory;  ///< Of a unit that knows the digest.
  };

  [[nodiscard]] const Wanted& wanted(Current current, Retired retired);

  [[nodiscard]] KeyserverHealth health(const State& state) const;
  [[nodiscard]] bool lists(std::uint8_t files, Key key) const;

  using Files = std::map<std::string, std::string>;

  struct Container {
    Layer layer;
    PebblePlan plan;

    bool operator==(const Container& other) const { return plan.text == other.plan.text; }
  };

  Known<Files> files;
  Known<Container> plans;
  Known<std::string> texts;
  Known<prefix_tree::Rebuild> rebuilds;

 private:
  struct Interpreter;

  [[nodiscard]] Snapshot juju_of(const State& state, const Surroundings& where) const;
  [[nodiscard]] std::shared_ptr<const Plan> plan_of(const Dispatch& dispatch);
  void look(const Step& step, Dispatch& dispatch) const;
  void read_files(Dispatch& dispatch) const;
  void read_services(Dispatch& dispatch) const;
  [[nodiscard]] std::uint8_t with_layer(std::uint8_t plan, const Layer& layer);
  void remember(const std::string& text, State& state);

  Surroundings where_;
  std::map<std::uint32_t, Snapshot> templates_;
  std::map<std::uint32_t, Wanted> wanted_;
  std::unordered_map<std::string, std::shared_ptr<const Plan>> plans_;
  std::map<std::uint8_t, std::vector<std::pair<Layer, std::uint8_t>>> combined_;
  std::vector<std::optional<Memory>> memories_{std::nullopt};
  std::unordered_map<std::string, std::size_t> numbers_of_memories_;
};

/// The time at which every hook begins.
[[nodiscard]] std::chrono::sys_seconds beginning_of_hook(bool leader);
[[nodiscard]] postgres::ProbeResult probe_of(Server server);
[[nodiscard]] const openpgp::AdminKey& material(Key key);
[[nodiscard]] const std::string& fingerprint(Key key);
[[nodiscard]] prefix_tree::Record record_of(std::uint8_t bits, std::chrono::sys_seconds now);

inline constexpr int peers_relation = 0;
inline constexpr int database_relation = 3;
inline constexpr int logging_relation = 15;
inline constexpr std::int64_t keys_in_database = 1000;
inline constexpr const char* identity_of_database = "7/16384";
inline constexpr const char* damage = "leveldb/table: corruption on data-block";
inline constexpr const char* crash = "panic: out of memory";

}  // namespace charm::exhaustion
