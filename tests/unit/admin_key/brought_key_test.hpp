// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>

namespace charm {

/// Operators' keys, different from those that are made for the application.
inline const openpgp::AdminKey& operators_key(std::size_t number) {
  return DispatchedUnit::admin_key(10 + number);
}

inline std::string text_of(const openpgp::AdminKey& key) {
  return std::string(key.secret_armor().reveal());
}

inline const std::string& charms() {
  static const std::string text = DispatchedUnit::admin_key().fingerprint();
  return text;
}

/// A unit whose operator supplies an admin key.
class BroughtKey : public ::testing::Test {
 protected:
  /// The ID of the operator's secret.
  static constexpr const char* id = "9m4e2mr0ui3e8a215n4g";

  /// The unit serves with a key that the charm made.
  void serve() {
    unit.relate_database();
    ASSERT_TRUE(unit.dispatch()) << unit.last_error;
    ASSERT_EQ(unit.status(), Status{});
  }

  /// Writes a text to the operator's secret, and sets the option to its URI.
  void bring(const std::string& private_key) { bring(Databag{{"private-key", private_key}}); }

  void bring(const Databag& content) {
    unit.juju.config["admin-key-secret"] = std::string("secret:") + id;
    unit.juju.secrets[id].revisions.push_back(content);
  }

  void hook() { ASSERT_TRUE(unit.dispatch()) << unit.last_error; }

  /// The published admin keys, without the publisher's name.
  [[nodiscard]] Databag told() const {
    Databag bag = unit.state().app_bags.at(peer_relation);
    bag.erase("published-by");
    return bag;
  }

  [[nodiscard]] std::string in_use() const { return told().at("admin-key-fingerprint"); }

  void expect_refused(const std::string& reason, const std::string& fingerprint) {
    hook();
    EXPECT_EQ(unit.status(), (Status{StatusKind::blocked, "option admin-key-secret: " + reason}));
    EXPECT_EQ(in_use(), fingerprint);
    EXPECT_NE(unit.configuration().find("adminKeys = [\"" + fingerprint + "\"]"),
              std::string::npos);
  }

  void expect_settled() {
    const OutsideState before = unit.state();
    const int starts = unit.pebble.starts("hockeypuck");
    hook();
    EXPECT_EQ(unit.state(), before);
    EXPECT_EQ(unit.pebble.starts("hockeypuck"), starts);
    EXPECT_EQ(unit.status(), Status{});
  }

  DispatchedUnit unit;
};

}  // namespace charm
