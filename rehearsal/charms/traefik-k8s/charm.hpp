// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dynamic_configuration.hpp"
#include "ingress_request.hpp"
#include "rehearsal/charms/partner/partner.hpp"
#include "static_configuration.hpp"

#include <optional>
#include <string>
#include <vector>

namespace traefik {

/// One dispatch of the charm. A relation's own event brings that relation up to date; update-status
/// and all others make everything anew, as the original does.
class Charm {
 public:
  explicit Charm(const rehearsal::partner::Dispatch& dispatch) : dispatch_(&dispatch) {}

  /// Throws charm::Error, which is a failed hook, where the original's hook fails.
  void dispatch();

 private:
  [[nodiscard]] bool configure();
  [[nodiscard]] bool concerns(const charm::Relation& relation) const;
  void read_state();
  void write_state() const;
  void answer_ingress(const charm::Relation& relation);
  void answer_route(const charm::Relation& relation);
  void publish(const charm::Relation& relation, const charm::Databag& answer) const;
  void refuse(const std::string& problem);
  void merge_static_blocks(const std::vector<charm::Relation>& routes);
  void route(bool restarted);
  void report();

  const rehearsal::partner::Dispatch* dispatch_;
  Edge edge_;
  bool leader_ = false;
  bool everything_ = true;  ///< Else only the relation of the event.
  bool settled_ = false;    ///< Whether the status says something new.
  Files files_;
  nlohmann::json static_;
  nlohmann::json loaded_ = nlohmann::json::object();  ///< What Traefik took last.
  std::vector<std::string> problems_;                 ///< Of relations: the charm is blocked.
};

}  // namespace traefik
