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
/// actions.yaml and filled in its defaults, so that what has the wrong type is a fault of the
/// charm.
class Parameters {
 public:
  /// Takes one JSON object. Throws Error when it is none, or nests.
  explicit Parameters(std::string_view json);

  /// Each returns its parameter, or an empty one when it was not given. Throws Error when it has
  /// another type.
  [[nodiscard]] std::string text(const std::string& name) const;
  [[nodiscard]] std::int64_t number(const std::string& name) const;
  [[nodiscard]] bool flag(const std::string& name) const;

 private:
  std::map<std::string, std::variant<bool, std::int64_t, std::string>> values_;
};

/// By key, in lower case with dashes; what `juju run` prints.
using Results = std::map<std::string, std::string>;

/// Why an action did not do, or not wholly do, what it was asked: a sentence for the person who
/// asked, and what there is to show all the same. Juju shows both; the dispatch itself succeeds.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& sentence, Results results = {})
      : std::runtime_error(sentence), results_(std::move(results)) {}

  [[nodiscard]] const Results& results() const noexcept { return results_; }

 private:
  Results results_;
};

/// A change of the admin key, by fingerprints.
struct AdminKeyRotation {
  std::string current;
  std::string retired;
};

/// The keyserver's database, open for reading, and where it was found.
struct FoundDatabase {
  std::string endpoint;  ///< `host:port`
  Database server;       ///< For the steps that change it.
  postgres::KeyDatabase& database;
};

/// Which charm this is. An unknown part is empty.
struct CharmIdentity {
  std::string url;      ///< By which Juju knows it: `ch:amd64/hockeypuck-k8s-12`.
  std::string version;  ///< That it was packed with.
};

/// What one call of an action works with, in addition to the doors. What costs something is read
/// when an action first asks for it; what cannot be had throws Failure.
class ActionContext {
 public:
  ActionContext(const Parameters& given, std::string unit_name, const Doors& open)
      : parameters(given), unit(std::move(unit_name)), doors(open) {}

  ActionContext(const ActionContext&) = delete;
  ActionContext& operator=(const ActionContext&) = delete;
  virtual ~ActionContext() = default;

  /// What a hook would see now, and what it would be heading for. Read once.
  [[nodiscard]] virtual const Snapshot& snapshot() = 0;
  [[nodiscard]] virtual const Plan& plan() = 0;

  /// Does one step, as a hook does; an action changes nothing in a different way. The answer may be
  /// a Refusal.
  virtual Answer attempt(Step::What what) = 0;
  /// Does one step that must succeed. Throws Failure with the reason when it is refused; `purpose`
  /// begins the sentence: "cannot write /a/b".
  Answer perform(Step::What what, const std::string& purpose = {});

  /// The keyserver's database as it is, at the endpoint that accepts writes.
  [[nodiscard]] virtual FoundDatabase find_database() = 0;
  /// The same, with the block list in it.
  [[nodiscard]] FoundDatabase open_database();
  /// What hockeypuck-load needs to load keys into that database.
  [[nodiscard]] virtual KeyLoadPlan key_load() = 0;

  /// The key that signs requests to the keyserver.
  [[nodiscard]] virtual openpgp::AdminKey admin_key() = 0;
  /// Makes a new one and puts it in place of the one in use.
  [[nodiscard]] virtual AdminKeyRotation rotate_admin_key() = 0;

  /// Rebuilds the prefix tree from the database, as a hook does, and starts the keyserver with it.
  /// Waits at most so long for the end; what is not done then, the next hooks do. The reason
  /// follows "rebuilding the prefix tree: ". The leader only.
  [[nodiscard]] virtual prefix_tree::Outcome rebuild_tree(const std::string& reason,
                                                          std::chrono::seconds wait) = 0;

  [[nodiscard]] virtual CharmIdentity charm() = 0;

  /// What the URL that the checksum names leads to, unpacked where it is a gzip file. Throws Error
  /// with the reason, also when the checksum is another.
  [[nodiscard]] std::string fetch(const Checksum& file);

  const Parameters& parameters;
  const std::string unit;  ///< `hockeypuck-k8s/0`
  const Doors& doors;
};

/// One action of actions.yaml. Doing it twice is the same as doing it once.
struct Action {
  std::string_view name;  ///< In actions.yaml.
  /// Does it and returns what to show. Throws Failure, or another Error for a fault of ours.
  Results (*run)(ActionContext& context);
};

/// Returns all actions of actions.yaml, by name.
[[nodiscard]] std::span<const Action> actions() noexcept;

}  // namespace charm::actions
