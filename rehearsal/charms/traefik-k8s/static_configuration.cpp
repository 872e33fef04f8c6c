// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "static_configuration.hpp"

#include "charm/domain/error.hpp"

#include <algorithm>
#include <charconv>

namespace traefik {
namespace {

using nlohmann::json;

json entry_point(const std::string& address) {
  return {{"address", address}, {"transport", {{"respondingTimeouts", {{"readTimeout", "0s"}}}}}};
}

json base() {
  return {{"entryPoints",
           {{"diagnostics", {{"address", ":8082"}}},
            {"web", entry_point(":80")},
            {"websecure", entry_point(":443")}}}};
}

int port_of(const std::string& address) {
  int port = 0;
  const char* end = address.data() + address.size();
  const auto colon = address.rfind(':');
  const char* begin = address.data() + (colon == std::string::npos ? 0 : colon + 1);
  const auto [stopped, error] = std::from_chars(begin, end, port);
  if (error != std::errc() || stopped != end) {
    throw charm::Error("invalid literal for int(): \"" + address + "\"");
  }
  if (colon != 0) {
    throw BadAddress("entry point address \"" + address + "\" is not :port");
  }
  return port;
}

bool is_dns_label(const std::string& name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), allowed);
}

/// Name and port of an entry point become those of a port of the Kubernetes Service, which has the
/// charm's own three already.
void require_service_port(const std::string& name, int port, const json& entry_points) {
  if (!is_dns_label(name)) {
    throw charm::Error("Kubernetes refuses the port name \"" + name + "\"");
  }
  const std::string problem =
      "Kubernetes refuses port " + std::to_string(port) + " with the name " + name;
  for (const auto& [other, value] : entry_points.items()) {
    const bool same_port = port_of(value.at("address").get<std::string>()) == port;
    if (same_port != (other == name)) {
      throw charm::Error(problem);
    }
  }
}

void add_entry_points(const json& block, json& entry_points) {
  if (!block.is_object() || !block.contains("entryPoints")) {
    return;
  }
  if (!block["entryPoints"].is_object()) {
    throw charm::Error("entryPoints is not a mapping");
  }
  for (const auto& [name, value] : block["entryPoints"].items()) {
    if (!value.is_object() || !value.contains("address") || !value["address"].is_string()) {
      throw charm::Error("entry point " + name + " has no address");
    }
    const auto address = value["address"].get<std::string>();
    require_service_port(name, port_of(address), entry_points);
    entry_points[name] = entry_point(address);
  }
}

/// False when a key has another value already.
bool merge(json& into, const json& block) {
  for (const auto& [key, value] : block.items()) {
    if (!into.contains(key)) {
      into[key] = value;
    } else if (into[key].is_object() && value.is_object()) {
      if (!merge(into[key], value)) {
        return false;
      }
    } else if (into[key] != value) {
      return false;
    }
  }
  return true;
}

}  // namespace

StaticConfiguration merge_static(const std::vector<json>& blocks) {
  StaticConfiguration result{.value = base(), .conflicts = {}};
  for (const json& block : blocks) {
    add_entry_points(block, result.value["entryPoints"]);
  }
  for (const json& block : blocks) {
    json merged = result.value;
    if (!block.is_object()) {
      continue;
    }
    if (merge(merged, block)) {
      result.value = merged;
    } else {
      result.conflicts.push_back("a static configuration contradicts another: " + block.dump());
    }
  }
  return result;
}

std::map<std::string, int> entry_points(const json& configuration) {
  std::map<std::string, int> ports;
  for (const auto& [name, value] : configuration.at("entryPoints").items()) {
    ports[name] = port_of(value.at("address").get<std::string>());
  }
  return ports;
}

}  // namespace traefik
