// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/deadline.hpp"
#include "charm/doors/doors.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace charm {

/// PostgreSQL, with libpqxx. The index of a large table is planned work: its time moves the
/// deadline.
class RelatedDatabases final : public Databases {
 public:
  explicit RelatedDatabases(Deadline& end) : end_(&end) {}

  [[nodiscard]] postgres::ProbeResult probe(const Database& database) override;
  [[nodiscard]] prefix_tree::DatabaseContent prepare(const Database& database) override;
  postgres::KeptUploads keep_uploads(const Database& database, const UploadPolicy& policy) override;
  [[nodiscard]] postgres::KeyCount count_keys(const Database& database,
                                              std::chrono::seconds settling) override;
  [[nodiscard]] postgres::KeyDatabase& open(const Database& database) override;

 private:
  struct Opened {
    Database database;
    std::unique_ptr<postgres::KeyDatabase> connection;
  };

  [[nodiscard]] postgres::KeyDatabase connect(const Database& database) const;

  Deadline* end_;
  std::optional<Opened> opened_;
};

/// HTTP, and the pod's resolver. A download that ends after the deadline moves it.
class NetworkDownloads final : public Downloads {
 public:
  explicit NetworkDownloads(Deadline& end) : end_(&end) {}

  [[nodiscard]] std::string fetch(const Download& program, const Egress& egress) override;
  [[nodiscard]] std::string fetch(const Checksum& file, const Egress& egress) override;
  [[nodiscard]] std::vector<std::string> addresses_of(const std::string& host) override;

 private:
  Deadline* end_;
  /// The limit for all lookups together. A slower name counts as unresolvable.
  std::chrono::steady_clock::duration patience_ = std::chrono::seconds(5);
};

/// After the deadline, nothing is worth waiting for. A planned wait moves the deadline.
class SystemClock final : public Clock {
 public:
  explicit SystemClock(Deadline& end) : end_(&end) {}

  [[nodiscard]] std::chrono::sys_seconds now() override;
  void pause() override;
  void wait_until(std::chrono::sys_seconds time) override;

 private:
  Deadline* end_;
};

/// Makes keys with OpenSSL's random numbers.
class RandomKeys final : public KeyGenerator {
 public:
  [[nodiscard]] openpgp::AdminKey admin_key(const std::string& user_id,
                                            std::chrono::sys_seconds created) override;
};

}  // namespace charm
