// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "decoding.hpp"

#include <map>
#include <set>

namespace traefik {
namespace {

using nlohmann::json;
using Fields = std::set<std::string>;

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

std::string below(const std::string& place, const std::string& name) {
  return place + "." + name;
}

std::string unknown_field(const json& value, const Fields& known, const std::string& where) {
  if (!value.is_object() || value.empty()) {
    return where + " cannot be a standalone element";
  }
  for (const auto& [name, field] : value.items()) {
    if (known.count(name) == 0) {
      return "field not found, node: " + below(where, name);
    }
  }
  return {};
}

std::string wrong_type(const std::string& field, const json& value, const std::string& where) {
  static const Fields texts = {"rule", "service"};
  static const Fields lists = {"entryPoints", "middlewares"};
  const bool right = texts.count(field) != 0   ? value.is_string()
                     : lists.count(field) != 0 ? value.is_array() && !value.empty()
                                               : true;
  return right ? "" : where + "." + field + " has a wrong type";
}

std::string refuse_service(const json& service, const std::string& protocol,
                           const std::string& where) {
  if (!service.contains("loadBalancer")) {
    return {};
  }
  return unknown_field(service["loadBalancer"], balancer_fields.at(protocol),
                       where + ".loadBalancer");
}

std::string refuse_element(const json& element, const std::string& protocol,
                           const std::string& kind, const std::string& where) {
  const auto known = fields.find(protocol + "." + kind);
  if (known == fields.end()) {
    return {};
  }
  if (std::string reason = unknown_field(element, known->second, where); !reason.empty()) {
    return reason;
  }
  for (const auto& [name, value] : element.items()) {
    if (std::string reason = wrong_type(name, value, where); !reason.empty()) {
      return reason;
    }
  }
  return kind == "services" ? refuse_service(element, protocol, where) : "";
}

std::string refuse_section(const json& section, const std::string& protocol) {
  if (std::string reason = unknown_field(section, sections.at(protocol), protocol);
      !reason.empty()) {
    return reason;
  }
  for (const auto& [kind, elements] : section.items()) {
    const std::string where = below(protocol, kind);
    if (protocol == "tls") {
      continue;
    }
    if (!elements.is_object() || elements.empty()) {
      return where + " cannot be a standalone element";
    }
    for (const auto& [name, element] : elements.items()) {
      std::string reason = refuse_element(element, protocol, kind, below(where, name));
      if (!reason.empty()) {
        return reason;
      }
    }
  }
  return {};
}

}  // namespace

std::string reason_to_refuse(const json& configuration) {
  if (configuration.dump().find("{{") != std::string::npos) {
    return "it is a template";
  }
  for (const auto& [protocol, section] : configuration.items()) {
    if (sections.count(protocol) == 0) {
      return "field not found, node: " + protocol;
    }
    if (std::string reason = refuse_section(section, protocol); !reason.empty()) {
      return reason;
    }
  }
  return {};
}

}  // namespace traefik
