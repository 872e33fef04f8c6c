// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "configuration.hpp"

#include "charm/domain/error.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <regex>
#include <set>
#include <stdexcept>

namespace traefik {
namespace {

using nlohmann::json;
using Fields = std::set<std::string>;

json entry_point(const std::string& address) {
  return {{"address", address}, {"transport", {{"respondingTimeouts", {{"readTimeout", "0s"}}}}}};
}

json base() {
  return {{"entryPoints",
           {{"diagnostics", {{"address", ":8082"}}},
            {"web", entry_point(":80")},
            {"websecure", entry_point(":443")}}}};
}

/// Traefik takes `:11370/udp`.
bool is_udp(const std::string& address) {
  return address.ends_with("/udp");
}

int port_of(const std::string& entry_address) {
  const std::string address =
      is_udp(entry_address) ? entry_address.substr(0, entry_address.rfind('/')) : entry_address;
  int port = 0;
  const char* end = address.data() + address.size();
  const auto colon = address.rfind(':');
  const char* begin = address.data() + (colon == std::string::npos ? 0 : colon + 1);
  const auto [stopped, error] = std::from_chars(begin, end, port);
  if (colon != 0) {
    throw BadAddress("entry point address \"" + address + "\" is not :port");
  }
  if (error != std::errc() || stopped != end) {
    throw charm::Error("invalid literal for int(): \"" + address + "\"");
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

/// Name and port of an entry point become those of a port of the Kubernetes Service. That already
/// has the charm's own three ports.
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

/// Returns false if a key already has a different value.
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

const std::map<std::string, Fields> sections = {
    {"http", {"routers", "services", "middlewares", "serversTransports"}},
    {"tcp", {"routers", "services", "middlewares"}},
    {"udp", {"routers", "services"}},
    {"tls", {"certificates", "options", "stores"}}};

const std::map<std::string, Fields> fields = {
    {"http.routers", {"entryPoints", "middlewares", "service", "rule", "priority", "tls"}},
    {"tcp.routers", {"entryPoints", "middlewares", "service", "rule", "priority", "tls"}},
    {"udp.routers", {"entryPoints", "service"}},
    {"http.services", {"loadBalancer", "weighted", "mirroring", "failover"}},
    {"tcp.services", {"loadBalancer", "weighted"}},
    {"udp.services", {"loadBalancer", "weighted"}}};

const std::map<std::string, Fields> balancer_fields = {
    {"http",
     {"servers", "healthCheck", "passHostHeader", "responseForwarding", "serversTransport",
      "sticky"}},
    {"tcp", {"servers", "proxyProtocol", "terminationDelay"}},
    {"udp", {"servers"}}};

/// The reason why Traefik's file provider rejects a file, and with it the whole directory (Traefik
/// 2.11).
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void require_content(const json& value, const std::string& where) {
  if (!value.is_object() || value.empty()) {
    throw Refused(where + " cannot be a standalone element");
  }
}

void require_known(const json& value, const Fields& known, const std::string& where) {
  require_content(value, where);
  for (const auto& [name, field] : value.items()) {
    if (known.count(name) == 0) {
      throw Refused("field not found, node: " + where + "." + name);
    }
  }
}

void require_types(const json& element, const std::string& where) {
  for (const auto& [name, value] : element.items()) {
    const bool is_text = name == "rule" || name == "service";
    const bool is_list = name == "entryPoints" || name == "middlewares";
    if ((is_text && !value.is_string()) || (is_list && (!value.is_array() || value.empty()))) {
      throw Refused(where + "." + name + " has a wrong type");
    }
  }
}

/// A number counts as nanoseconds, as in Go.
void require_durations(const json& health_check, const std::string& where) {
  static const std::regex known("[+-]?([0-9]*[.]?[0-9]+(ns|us|µs|ms|s|m|h))+|[+-]?[0-9]+");
  for (const char* name : {"interval", "timeout"}) {
    const auto value = health_check.find(name);
    if (value != health_check.end() && value->is_string() &&
        !std::regex_match(value->get<std::string>(), known)) {
      throw Refused(where + "." + name + ": invalid duration " + value->dump());
    }
  }
}

/// Of Traefik 2.11, as far as they are in use.
const Fields middlewares = {
    "addPrefix",   "basicAuth",        "buffering",   "chain",         "circuitBreaker",
    "compress",    "errors",           "forwardAuth", "headers",       "inFlightReq",
    "ipAllowList", "ipWhiteList",      "rateLimit",   "redirectRegex", "redirectScheme",
    "replacePath", "replacePathRegex", "retry",       "stripPrefix",   "stripPrefixRegex"};

/// Traefik takes its own defaults for these if they are empty.
const Fields with_defaults = {"compress",      "cookie", "healthCheck",
                              "proxyProtocol", "sticky", "tls"};

void require_content_everywhere(const json& element, const std::string& where) {
  for (const auto& [name, value] : element.items()) {
    if (value.is_object()) {
      if (!with_defaults.contains(name)) {
        require_content(value, where + "." + name);
      }
      require_content_everywhere(value, where + "." + name);
    }
  }
}

void check_element(const json& element, const std::string& protocol, const std::string& kind,
                   const std::string& where) {
  if (protocol == "http" && kind == "middlewares") {
    require_known(element, middlewares, where);
    return;
  }
  const auto known = fields.find(protocol + "." + kind);
  if (known == fields.end()) {
    return;
  }
  require_known(element, known->second, where);
  require_types(element, where);
  if (kind == "services" && element.contains("loadBalancer")) {
    const json& balancer = element["loadBalancer"];
    require_known(balancer, balancer_fields.at(protocol), where + ".loadBalancer");
    if (balancer.contains("healthCheck")) {
      require_durations(balancer["healthCheck"], where + ".loadBalancer.healthCheck");
    }
  }
}

void check_section(const json& section, const std::string& protocol) {
  require_known(section, sections.at(protocol), protocol);
  if (protocol == "tls") {
    return;
  }
  for (const auto& [kind, elements] : section.items()) {
    const std::string where = protocol + "." + kind;
    require_content(elements, where);
    for (const auto& [name, element] : elements.items()) {
      check_element(element, protocol, kind, where + "." + name);
      require_content_everywhere(element, where + "." + name);
    }
  }
}

void check_file(const json& configuration) {
  if (configuration.dump().find("{{") != std::string::npos) {
    throw Refused("it contains a template");
  }
  for (const auto& [protocol, section] : configuration.items()) {
    if (sections.count(protocol) == 0) {
      throw Refused("field not found, node: " + protocol);
    }
    check_section(section, protocol);
  }
}

/// Returns the first name that both have: `/http/routers/keys`.
std::string shared_name(const json& left, const json& right) {
  for (const auto& [protocol, section] : right.items()) {
    for (const auto& [kind, elements] : section.items()) {
      for (const auto& element : elements.items()) {
        const json::json_pointer place = json::json_pointer() / protocol / kind / element.key();
        if (left.contains(place)) {
          return place.to_string();
        }
      }
    }
  }
  return {};
}

std::string of_file(const std::string& name, const std::string& problem) {
  return name + ": " + problem;
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
      result.conflicts.push_back("static configurations conflict: " + block.dump());
    }
  }
  return result;
}

std::map<std::string, int> entry_points(const json& configuration) {
  std::map<std::string, int> ports;
  for (const auto& [name, value] : configuration.at("entryPoints").items()) {
    const auto address = value.at("address").get<std::string>();
    if (!is_udp(address)) {
      ports[name] = port_of(address);
    }
  }
  return ports;
}

std::string file_name(const std::string& endpoint, int relation, const std::string& app) {
  return "juju_ingress_" + endpoint + "_" + std::to_string(relation) + "_" + app + ".yaml";
}

bool is_of_relation(const std::string& file, int relation) {
  return file.find("_" + std::to_string(relation) + "_") != std::string::npos;
}

Loaded load(const Files& files) {
  Loaded loaded;
  for (const auto& [name, content] : files) {
    try {
      check_file(content);
    } catch (const Refused& reason) {
      loaded.refused = of_file(name, reason.what());
      return loaded;
    }
    if (const std::string shared = shared_name(loaded.value, content); !shared.empty()) {
      loaded.problems.push_back(of_file(name, "ignored, because an earlier file has " + shared));
    } else {
      loaded.value.merge_patch(content);
    }
  }
  return loaded;
}

}  // namespace traefik
