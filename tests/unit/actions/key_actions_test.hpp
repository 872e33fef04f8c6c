// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/unit/actions/action_unit.hpp"
#include "tests/unit/postgres/key_database_test.hpp"

#include <set>
#include <string>
#include <vector>

namespace charm::actions {

/// Actions that read and write keys, with a real database, a Pebble in memory, and fakes of
/// Hockeypuck's programs. Each fake stores one row for each certificate that it gets.
class KeyActionsTest : public postgres::KeyDatabaseTest {
 protected:
  KeyActionsTest();

  Results run(std::string_view action, const nlohmann::json& parameters);
  /// Runs it and returns the reason of its failure, with its results in `shown`.
  std::string failure(std::string_view action, const nlohmann::json& parameters);

  /// A certificate that only these fakes accept: a primary key and a user ID.
  static std::string certificate(int number, const std::string& user_id = "a");
  static std::string certificates(int first, int last);
  static std::string fingerprint(int number);
  void write(const std::string& path, const std::string& content);
  /// Stores certificates as a keyserver does, and changes existing ones.
  void store(const std::string& packets);

  [[nodiscard]] std::string stored_keys() const { return sql("SELECT count(*) FROM keys"); }

  ActionUnit unit;
  test::FakeJuju& juju = unit.juju;
  test::FakePebble& pebble = unit.pebble;
  Results shown;
  bool serving = true;
  std::set<std::string> unwelcome;         ///< Fingerprints of certificates that no program stores.
  std::map<std::string, std::string> web;  ///< Contents by URL.
  std::vector<std::string> tree_rebuilds;  ///< The reasons of requested rebuilds.
  std::vector<std::size_t> uploads;        ///< Keys in each request.
  std::vector<std::size_t> deletions;      ///< The same for requests to delete.
  std::set<std::string> undeletable;       ///< Fingerprints of keys that stay without an error.
  /// The HTTP status of a request to delete. Any other than 200 deletes nothing.
  std::function<int()> deletion_status = [] { return 200; };
  /// The result of a requested rebuild. By default the rebuild completes.
  std::function<prefix_tree::Outcome()> tree_rebuild = [] {
    return prefix_tree::Outcome{.rebuilt = true};
  };
  /// Runs while an action waits for hockeypuck-load. By default the load completes.
  std::function<void()> meanwhile = [this] { load_to_the_end(); };

  /// Runs between two checks of an action.
  std::function<void()> pause = [this] {
    if (pebble.current("key-load") == "active") {
      meanwhile();
    }
  };

  /// Stores the keys with which the service key-load was started, and ends the service.
  void load_to_the_end();
  [[nodiscard]] std::vector<std::string> loaded_paths() const;

 private:
  void store_values(std::vector<std::string>& values);
  void take_upload(const httplib::Request& request, httplib::Response& response);
  void take_deletion(const httplib::Request& request, httplib::Response& response);
  [[nodiscard]] std::string fetch(const Checksum& file) const;
};

}  // namespace charm::actions
