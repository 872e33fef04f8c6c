// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/charms/partner/ingress_data.hpp"

#include "rehearsal/charms/partner/partner.hpp"

#include <arpa/inet.h>

namespace rehearsal::partner {
namespace {

using nlohmann::json;

bool flag(const charm::Databag& bag, const std::string& key) {
  const json value = json_value(bag, key);
  if (!value.is_null() && !value.is_boolean()) {
    throw InvalidData(key + " is not true or false");
  }
  return value.is_boolean() && value.get<bool>();
}

/// 65535 is refused by the charm's model, off by one.
int port(const charm::Databag& bag) {
  const json value = json_value(bag, "port");
  if (!value.is_number_integer() || value < 1 || value > 65534) {
    throw InvalidData("port is not a number from 1 to 65534");
  }
  return value.get<int>();
}

std::string scheme(const charm::Databag& bag) {
  const json value = json_value(bag, "scheme");
  if (value.is_null()) {
    return "http";
  }
  if (value != "http" && value != "https" && value != "h2c") {
    throw InvalidData("scheme is not http, https or h2c");
  }
  return value.get<std::string>();
}

json health_check(const charm::Databag& bag) {
  json value = json_value(bag, "healthcheck_params");
  if (!value.is_null() && !(value.is_object() && value.contains("path"))) {
    throw InvalidData("healthcheck_params has no path");
  }
  return value;
}

bool is_address(const std::string& candidate) {
  in6_addr address{};
  return inet_pton(AF_INET, candidate.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, candidate.c_str(), &address) == 1;
}

std::string host(const charm::Databag& bag) {
  const json ip = json_value(bag, "ip");
  if (!ip.is_null() && !(ip.is_string() && is_address(ip.get<std::string>()))) {
    throw InvalidData("ip is not an address");
  }
  return json_text(bag, "host");
}

}  // namespace

IngressData read_ingress_data(const charm::Relation& relation) {
  const charm::Databag& bag = relation.remote_app_data;
  IngressData data{.model = json_text(bag, "model"),
                   .name = json_text(bag, "name"),
                   .port = port(bag),
                   .scheme = scheme(bag),
                   .strip_prefix = flag(bag, "strip-prefix"),
                   .health_check = health_check(bag),
                   .hosts = {}};
  flag(bag, "redirect-https");
  for (const auto& [unit, unit_bag] : relation.remote_units) {
    data.hosts.push_back(host(unit_bag));
  }
  return data;
}

}  // namespace rehearsal::partner
