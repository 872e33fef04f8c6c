// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/unit/hook/dispatched_unit.hpp"

#include <algorithm>

namespace charm {

/// Keyserver, database, downloads, clock and random keys of one unit. Parts that no test of a hook
/// needs are empty.
class DispatchedUnit::Outside : public keyserver::Client,
                                public Databases,
                                public Downloads,
                                public Clock,
                                public KeyGenerator {
 public:
  explicit Outside(DispatchedUnit& unit) : Client(0), unit_(unit) {}

  [[nodiscard]] Doors doors(const juju::HookTools& tools, const pebble::Client& client);

  [[nodiscard]] KeyserverHealth health() const override { return unit_.look(); }

  [[nodiscard]] std::string version() const override;
  [[nodiscard]] keyserver::Answer statistics() const override;

  [[nodiscard]] keyserver::Metrics metrics() const override { return {}; }

  [[nodiscard]] keyserver::Answer get(const std::string& /*search*/) const override { return {}; }

  [[nodiscard]] keyserver::StoredKey find(const std::string& fingerprint) const override {
    return unit_.find(fingerprint);
  }

  [[nodiscard]] keyserver::Answer add(const std::string& armor) const override;

  /// Answers the requests with which the charm tests a key.
  [[nodiscard]] keyserver::Answer remove(const std::string& request,
                                         const std::string& signature) const override;

  [[nodiscard]] postgres::ProbeResult probe(const Database& server) override;
  [[nodiscard]] prefix_tree::DatabaseContent prepare(const Database& server) override;
  postgres::KeptUploads keep_uploads(const Database& server, const UploadPolicy& policy) override;
  [[nodiscard]] postgres::KeyCount count_keys(const Database& server,
                                              std::chrono::seconds settling) override;

  [[nodiscard]] postgres::KeyDatabase& open(const Database& /*server*/) override {
    throw std::logic_error("no action runs here");
  }

  [[nodiscard]] std::string fetch(const Download& program, const Egress& egress) override {
    return unit_.serve(program, egress);
  }

  [[nodiscard]] std::string fetch(const Checksum& /*file*/, const Egress& /*egress*/) override {
    return {};
  }

  [[nodiscard]] std::vector<std::string> addresses_of(const std::string& /*host*/) override {
    return {};
  }

  [[nodiscard]] std::chrono::sys_seconds now() override { return unit_.now; }

  void pause() override;

  void wait_until(std::chrono::sys_seconds time) override { unit_.now = std::max(unit_.now, time); }

  [[nodiscard]] openpgp::AdminKey admin_key(const std::string& user_id,
                                            std::chrono::sys_seconds created) override;

 private:
  DispatchedUnit& unit_;
};

}  // namespace charm
