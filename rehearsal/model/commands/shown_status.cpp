// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/shown_status.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace rehearsal::commands {
namespace {

int severity(const std::string& status) {
  constexpr std::array<std::string_view, 7> from_mild{
      "unknown", "terminated", "active", "waiting", "maintenance", "blocked", "error"};
  const auto found = std::find(from_mild.begin(), from_mild.end(), status);
  return static_cast<int>(found - from_mild.begin());
}

int port_number(const std::string& port) {
  return port == "icmp" ? 0 : std::stoi(port);
}

}  // namespace

StatusInfo shown_status(const Unit& unit) {
  if (unit.agent.status == "error") {
    return {.status = "error", .message = unit.agent.message, .since = unit.agent.since};
  }
  if (!unit.installed && unit.status.status == "unknown") {
    return {.status = "waiting", .message = "installing agent", .since = unit.status.since};
  }
  return unit.status;
}

StatusInfo shown_status(const Model& model, const Application& app) {
  if (app.status.status != "unknown") {
    return app.status;
  }
  StatusInfo worst = app.status;
  for (const std::string& name : model.units_of(app.name)) {
    const StatusInfo status = shown_status(model.unit(name));
    if (severity(status.status) > severity(worst.status)) {
      worst = status;
    }
  }
  return worst;
}

std::string shown_ports(const Unit& unit) {
  std::vector<std::string> ports(unit.ports.begin(), unit.ports.end());
  std::sort(ports.begin(), ports.end(), [](const std::string& left, const std::string& right) {
    return port_number(left) < port_number(right);
  });
  std::string text;
  for (std::size_t index = 0; index < ports.size(); ++index) {
    const std::size_t slash = ports[index].find('/');
    const bool last = index + 1 == ports.size();
    const bool same_protocol = !last && slash != std::string::npos &&
                               ports[index + 1].ends_with(ports[index].substr(slash));
    text += same_protocol ? ports[index].substr(0, slash) : ports[index];
    text += last ? "" : same_protocol ? "," : " ";
  }
  return text;
}

}  // namespace rehearsal::commands
