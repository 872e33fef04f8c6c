// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace rehearsal::commands {

/// Returns the workload status that `juju status` shows: a failed hook hides the charm's own.
[[nodiscard]] StatusInfo shown_status(const Unit& unit);
/// Returns the charm's status for the application, else the most severe status of its units.
[[nodiscard]] StatusInfo shown_status(const Model& model, const Application& app);
/// `8371,11371/tcp`
[[nodiscard]] std::string shown_ports(const Unit& unit);

/// Rows of text, printed in columns two spaces apart, as in `juju status`. The first row is the
/// heading.
class Table {
 public:
  explicit Table(std::vector<std::string> heading) : rows_{std::move(heading)} {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  [[nodiscard]] bool empty() const { return rows_.size() == 1; }

  void print(std::ostream& out) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace rehearsal::commands
