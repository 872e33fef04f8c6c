// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/admin_keys.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/error.hpp"
#include "charm/domain/history.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"
#include "charm/doors/doors.hpp"
#include "charm/juju/hook_tools.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/pebble/client.hpp"
#include "charm/postgres/key_database.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace charm::actions {

/// The parameters of one call, as `action-get` prints them. Juju has checked them against
/// actions.yaml and filled in the defaults. A wrong type is therefore a fault of the charm.
class Parameters {
 public:
  /// Reads one JSON object. Throws Error for any other text, and for a value that is not a boolean,
  /// an integer or a string. Throws Failure for an integer of more than 63 bits.
  explicit Parameters(std::string_view json);

  /// Each function returns its parameter, or an empty value if it was not given. Throws Error if
  /// the parameter has another type.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::int64_t number(const std::string& name) const;
  /// The same for a number with limits. Throws Failure if it is outside them.
  [[nodiscard]] std::int64_t number(const std::string& name, std::int64_t least,
                                    std::int64_t most) const;
  [[nodiscard]] bool flag(const std::string& name) const;

 private:
  std::map<std::string, std::variant<bool, std::int64_t, std::string>> values_;
};

/// The output of `juju run`: values by key, in lower case with dashes.
using Results = std::map<std::string, std::string>;

/// The reason why an action did not complete: a sentence for the operator. It also holds the
/// results that exist so far. Juju shows both, and the dispatch itself succeeds.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& sentence, Results results = {})
      : std::runtime_error(sentence), results_(std::move(results)) {}

  [[nodiscard]] const Results& results() const noexcept { return results_; }

 private:
  Results results_;
};

/// A change of the admin key, as fingerprints.
struct AdminKeyRotation {
  std::string current;
  std::string retired;
};

/// The keyserver's database, open for reading, and the place where it was found.
struct FoundDatabase {
  std::string endpoint;  ///< `host:port`
  Database server;       ///< For the steps that change the database.
  postgres::KeyDatabase& database;
};

/// The identity of this charm. An unknown part is empty.
struct CharmIdentity {
  std::string url;      ///< Juju's name for it: `ch:amd64/hockeypuck-k8s-12`.
  std::string version;  ///< The version with which it was packed.
};

/// What one call of an action works with, in addition to the doors. Costly values are read when an
/// action first asks for them. An unavailable value throws Failure.
class ActionContext {
 public:
  ActionContext(const Parameters& given, std::string unit_name, const Doors& open)
      : parameters(given), unit(std::move(unit_name)), doors(open) {}

  ActionContext(const ActionContext&) = delete;
  ActionContext& operator=(const ActionContext&) = delete;
  virtual ~ActionContext() = default;

  /// The state that a hook would see now, and the goal of that hook. Read one time only.
  [[nodiscard]] virtual const Snapshot& snapshot() = 0;
  [[nodiscard]] virtual const Plan& plan() = 0;

  /// Does one step in the same way as a hook. An action changes nothing in any other way. The
  /// answer may be a Refusal.
  virtual Answer attempt(Step::What what) = 0;
  /// Does one step that must succeed. Throws Failure with the reason if the step is refused.
  /// `purpose` begins the sentence: "cannot write /a/b".
  Answer perform(Step::What what, const std::string& purpose = {});

  /// Opens the keyserver's database as it is, at the endpoint that accepts writes.
  [[nodiscard]] virtual FoundDatabase find_database() = 0;
  /// The same, and makes sure that the database has a block list.
  [[nodiscard]] FoundDatabase open_database();
  /// The data that hockeypuck-load needs to load keys into that database.
  [[nodiscard]] virtual KeyLoadPlan key_load() = 0;

  /// The key that signs requests to the keyserver.
  [[nodiscard]] virtual openpgp::AdminKey admin_key() = 0;
  /// Makes a new admin key and replaces the current one with it.
  [[nodiscard]] virtual AdminKeyRotation rotate_admin_key() = 0;

  /// Rebuilds the prefix tree from the database, as a hook does, and starts the keyserver with it.
  /// Waits for the end, but no longer than the given time; later hooks do the rest. The reason
  /// follows "rebuilding the prefix tree: ". Only the leader may call it.
  [[nodiscard]] virtual prefix_tree::Outcome rebuild_tree(const std::string& reason,
                                                          std::chrono::seconds wait) = 0;

  [[nodiscard]] virtual CharmIdentity charm() = 0;

  /// Downloads the file at the URL of the checksum, and unpacks it if it is a gzip file. Throws
  /// Error with the reason, for example if the checksum differs.
  [[nodiscard]] std::string fetch(const Checksum& file);

  const Parameters& parameters;
  const std::string unit;  ///< `hockeypuck-k8s/0`
  const Doors& doors;
};

/// The limit of an action that does its work in parts: each part has a limit.
inline constexpr std::chrono::seconds while_it_works = std::chrono::seconds::max();

/// One action of actions.yaml. A second run has the same result as one run.
struct Action {
  std::string_view name;  ///< The name in actions.yaml.
  /// Runs the action and returns the results to show. Throws Failure, or another Error if the charm
  /// itself is at fault.
  Results (*run)(ActionContext& context);
  /// How long it may ask others. After that, each of them counts as unreachable.
  std::chrono::seconds limit;
};

/// Returns all actions of actions.yaml, by name.
[[nodiscard]] std::span<const Action> actions() noexcept;

}  // namespace charm::actions
