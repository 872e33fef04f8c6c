// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/admin_keys.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/error.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/juju/hook_tools.hpp"
#include "charm/doors/doors.hpp"
#include "charm/openpgp/admin_key.hpp"
#include "charm/pebble/client.hpp"
#include "charm/postgres/key_database.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

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
class Failure : public Error {
 public:
  explicit Failure(const std::string& sentence, Results results = {})
      : Error(sentence), results_(std::move(results)) {}

  [[nodiscard]] const Results& results() const noexcept { return results_; }

 private:
  Results results_;
};

/// A change of the admin key, by fingerprints.
struct AdminKeyRotation {
  std::string current;
  std::string retired;

  bool operator==(const AdminKeyRotation&) const = default;
};

/// The keyserver's database, and where it was found.
struct FoundDatabase {
  std::string endpoint;  ///< `host:port`
  std::unique_ptr<postgres::KeyDatabase> database;
};

/// Which charm this is. An unknown part is empty.
struct CharmIdentity {
  std::string url;      ///< By which Juju knows it: `ch:amd64/hockeypuck-k8s-12`.
  std::string version;  ///< That it was packed with.

  bool operator==(const CharmIdentity&) const = default;
};

/// What one call of an action works with. The doors that cost something open when they are used,
/// and throw Failure when they cannot.
struct ActionContext {
  const Parameters& parameters;
  std::string unit;  ///< `hockeypuck-k8s/0`
  const juju::HookTools& juju;
  const pebble::Client& pebble;
  const Keyserver& keyserver;
  /// The keyserver's database, at the endpoint that accepts writes, with the block list in it.
  std::function<std::unique_ptr<postgres::KeyDatabase>()> open_database;
  /// The same as it is: nothing is made in it.
  std::function<FoundDatabase()> find_database;
  /// The key that signs requests to the keyserver.
  std::function<openpgp::AdminKey()> admin_key;
  /// What the units know of that key and of those before it.
  std::function<AdminKeys()> admin_keys;
  /// Makes a new one and puts it in place of the one in use; throws Failure when it is not taken.
  std::function<AdminKeyRotation()> rotate_admin_key;
  /// Fingerprints of the keys that may administrate the keyserver: ours and the operator's.
  std::function<std::vector<std::string>()> admin_fingerprints;
  /// What hockeypuck-load needs to load keys into that database.
  std::function<KeyLoadPlan()> key_load;
  /// What the URL that the checksum names leads to, unpacked where it is a gzip file. Throws Error
  /// with the reason, also when the checksum is another.
  std::function<std::string(const Checksum&)> fetch;
  /// What a hook would see now, and what it would be heading for. Read once.
  std::function<const Snapshot&()> snapshot;
  std::function<const Plan&()> plan;
  std::function<keyserver::Metrics()> metrics;  ///< Empty while they cannot be had.
  /// The IP addresses of a host name or address; none for one that cannot be resolved.
  std::function<std::vector<std::string>(const std::string& host)> addresses_of;
  std::function<CharmIdentity()> charm;
  /// A tenth of a second, between two looks at what takes its time.
  std::function<void()> pause;
  /// Rebuilds the prefix tree from the database, as a hook does, and starts the keyserver with it.
  /// Waits at most so long for the end; what is not done then, the next hooks do. The reason
  /// follows "rebuilding the prefix tree: ". Throws Failure when it cannot begin; the leader only.
  std::function<prefix_tree::Outcome(const std::string& reason, std::chrono::seconds wait)>
      rebuild_tree;
};

/// One action of actions.yaml. Doing it twice is the same as doing it once.
struct Action {
  std::string_view name;  ///< In actions.yaml.
  /// Does it and returns what to show. Throws Failure, or another Error for a fault of ours.
  Results (*run)(const ActionContext& context);
};

/// Returns all actions of actions.yaml, by name.
[[nodiscard]] std::span<const Action> actions() noexcept;

}  // namespace charm::actions
