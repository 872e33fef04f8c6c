// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tools/tool.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace rehearsal::tools {
namespace {

using Json = nlohmann::json;

bool all_digits(const std::string& text) {
  return !text.empty() && text.size() < 7 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char character) { return std::isdigit(character) != 0; });
}

/// Returns `8080/tcp` for `8080`, `8080/TCP` or `icmp`.
std::string port_argument(const Call& call) {
  if (call.arguments.words().empty()) {
    throw usage_error("no port or range specified");
  }
  call.arguments.at_most(1);
  const std::string text = call.arguments.word(0);
  if (text == "icmp") {
    return text;
  }
  const std::size_t slash = text.find('/');
  const std::string protocol = slash == std::string::npos ? "tcp" : text.substr(slash + 1);
  const std::string number = text.substr(0, slash);
  if (protocol != "tcp" && protocol != "udp") {
    throw usage_error("invalid protocol \"" + protocol +
                      "\", expected \"tcp\", \"udp\", or \"icmp\"");
  }
  const std::size_t dash = number.find('-');
  if (dash != std::string::npos && all_digits(number.substr(0, dash)) &&
      all_digits(number.substr(dash + 1))) {
    throw run_error(
        "port ranges are not supported for k8s applications, please specify a single port");
  }
  if (!all_digits(number)) {
    throw usage_error("expected <port>[/<protocol>] or <from>-<to>[/<protocol>] or icmp; got \"" +
                      text + "\"");
  }
  const int port = std::stoi(number);
  if (port < 1 || port > 65535) {
    throw usage_error("port range bounds must be between 1 and 65535, got " + number + "-" +
                      number);
  }
  return std::to_string(port) + "/" + protocol;
}

Json open_port(const Call& call) {
  const std::string port = port_argument(call);
  call.context.changes.close_ports.erase(port);
  call.context.changes.open_ports.insert(port);
  return {};
}

Json close_port(const Call& call) {
  const std::string port = port_argument(call);
  call.context.changes.open_ports.erase(port);
  call.context.changes.close_ports.insert(port);
  return {};
}

Json opened_ports(const Call& call) {
  call.arguments.at_most(0);
  std::set<std::string> ports = call.context.unit().ports;
  if (call.context.model.juju4()) {
    for (const std::string& port : call.context.changes.close_ports) {
      ports.erase(port);
    }
    ports.insert(call.context.changes.open_ports.begin(), call.context.changes.open_ports.end());
  }
  return ports;
}

Json network_of(const std::string& address) {
  const Json addresses = {{{"hostname", ""}, {"value", address}, {"cidr", ""}}};
  return {{"bind-addresses",
           {{{"mac-address", ""}, {"interface-name", "eth0"}, {"addresses", addresses}}}},
          {"egress-subnets", {address + "/32"}},
          {"ingress-addresses", {address}}};
}

Json network_get(const Call& call) {
  if (call.arguments.words().empty()) {
    throw usage_error("no arguments specified");
  }
  call.arguments.at_most(1);
  const std::string binding = call.arguments.word(0);
  if (call.arguments.value("relation")) {
    static_cast<void>(required_relation(call));
  }
  const Charm& charm = call.context.application().charm;
  const bool known = binding == "juju-info" || charm.endpoints.count(binding) > 0 ||
                     charm.extra_bindings.count(binding) > 0;
  // Juju has not seen the pod of a unit without an address yet.
  if (!known || call.context.unit().address.empty()) {
    throw run_error("no network config found for binding \"" + binding + "\"");
  }
  return network_of(call.context.unit().address);
}

Json unit_get(const Call& call) {
  const std::string key = call.arguments.word(0);
  if (key != "private-address" && key != "public-address") {
    throw usage_error(key.empty() ? "no setting specified" : "unknown setting \"" + key + "\"");
  }
  call.arguments.at_most(1);
  return call.context.unit().address;
}

/// Replaces the Kubernetes API: with this tool a charm declares a Service that leads to one of its
/// pods. `set NAME UNIT` makes NAME.<model>.svc.cluster.local resolve to the unit.
Json rehearsal_service(const Call& call) {
  const std::string verb = call.arguments.word(0);
  const std::string name = call.arguments.word(1);
  const bool setting = verb == "set";
  if ((!setting && verb != "unset") || name.empty()) {
    throw usage_error("expected set NAME UNIT or unset NAME");
  }
  call.arguments.at_most(setting ? 3 : 2);
  Model& model = call.context.model;
  if (!setting) {
    model.services.erase(name);
  } else {
    const std::string unit = call.arguments.word(2);
    if (model.units.count(unit) == 0 || app_of(unit) != app_of(call.context.unit_name)) {
      throw run_error("unit \"" + unit + "\" does not belong to this application");
    }
    model.services[name] = unit;
  }
  call.context.names_changed();
  return {};
}

}  // namespace

std::vector<Tool> network_tools() {
  const Flag endpoints{.name = "endpoints"};
  return {
      {.name = "open-port", .flags = {endpoints}, .run = open_port},
      {.name = "close-port", .flags = {endpoints}, .run = close_port},
      {.name = "opened-ports",
       .flags = {{.name = "endpoints", .short_name = {}, .takes_value = false}},
       .prints_value = true,
       .run = opened_ports},
      {.name = "network-get",
       .flags = {{.name = "relation", .short_name = "r"}},
       .prints_value = true,
       .run = network_get},
      {.name = "unit-get", .flags = {}, .prints_value = true, .run = unit_get},
      {.name = "rehearsal-service", .flags = {}, .run = rehearsal_service},
  };
}

}  // namespace rehearsal::tools
