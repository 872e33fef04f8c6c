// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/partners.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace simulation {

namespace {

constexpr const char* certificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBgzCCASmgAwIBAgIUMBmyuD2eAu1zHywnYOcrW+7OXvwwCgYIKoZIzj0EAwIw\n"
    "FzEVMBMGA1UEAwwMZXhhbXBsZS1jYS1iMB4XDTI2MTEyOTIwMDUxNVoXDTQ2MTEy\n"
    "NDIwMDUxNVowFzEVMBMGA1UEAwwMZXhhbXBsZS1jYS1iMFkwEwYHKoZIzj0CAQYI\n"
    "KoZIzj0DAQcDQgAEClauefPWtbdRWbOB2daACn/deVumz/nsP/5theHQpvyvhzGZ\n"
    "xsyRuCcAwaaQekoyb7fA6RUqTRKQwdiVMWrH5qNTMFEwHQYDVR0OBBYEFI2I3/eF\n"
    "nVyYDfqjaw1nuzg5g1NIMB8GA1UdIwQYMBaAFI2I3/eFnVyYDfqjaw1nuzg5g1NI\n"
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAN1R/75Xa5ktPqYu\n"
    "bTkkCt7vhm6vOClpXHt8i6I6WSYFAiBz5wiuCzjf6UmK7Jproxk8lZlgLtngFsCI\n"
    "7wPBTB7RWQ==\n"
    "-----END CERTIFICATE-----\n";

/// Values that no honest partner writes.
const std::vector<std::string>& hostile_values() {
  static const std::vector<std::string> values = {
      "}{ \" ' $(reboot) `id` ;\n[recon]\nx = 1 \x01",
      std::string(60'000, 'A'),
      "secret:zzzzzzzzzzzzzzzzzzzz",
      std::string(5000, '['),
      R"({"url": 7, "amd64": [], "x": null})",
      R"({"url": "http://[::1]:99999999/ x"})",
  };
  return values;
}

std::string offer_of_promtail() {
  const std::string digest(64, 'a');
  return nlohmann::json{{"amd64",
                         {{"url", "http://loki-k8s/promtail.gz"},
                          {"zipsha", digest},
                          {"binsha", digest},
                          {"filename", "promtail"}}}}
      .dump();
}

std::string json_of(const std::string& key, const std::string& value) {
  return nlohmann::json{{key, value}}.dump();
}

}  // namespace

const std::vector<Partner>& partners() {
  static const std::vector<Partner> all = {
      {.endpoint = database_endpoint,
       .app = database_app,
       .honest = {{}, {}},
       .app_keys = {"endpoints", "username", "password", "tls", "secret-user", "status"},
       .unit_keys = {"state"}},
      {.endpoint = "ingress",
       .app = "nginx-ingress-integrator",
       .honest = {{.app = {{"ingress", json_of("url", "https://keys.example.com/")}}, .unit = {}},
                  {}},
       .app_keys = {"ingress"},
       .unit_keys = {}},
      {.endpoint = "traefik-route",
       .app = "traefik-k8s",
       .honest = {{.app = {{"external_host", "192.0.2.10"}, {"scheme", "http"}}, .unit = {}},
                  {.app = {{"external_host", "gate.example.com"}}, .unit = {}}},
       .app_keys = {"external_host", "scheme"},
       .unit_keys = {}},
      {.endpoint = "logging",
       .app = "loki-k8s",
       .honest = {{.app = {{"promtail_binary_zip_url", offer_of_promtail()}},
                   .unit = {{"endpoint", json_of("url", "http://loki-0:3100/loki/api/v1/push")}}},
                  {.app = {},
                   .unit = {{"endpoint", json_of("url", "http://loki:3100/loki/api/v1/push")}}}},
       .app_keys = {"promtail_binary_zip_url"},
       .unit_keys = {"endpoint"}},
      {.endpoint = "receive-ca-cert",
       .app = "self-signed-certificates",
       .honest = {{.app = {{"certificates", nlohmann::json::array({certificate}).dump()}},
                   .unit = {}}},
       .app_keys = {"certificates"},
       .unit_keys = {"ca", "chain", "certificate"}},
      {.endpoint = "metrics-endpoint",
       .app = "prometheus-k8s",
       .honest = {{}},
       .app_keys = {"alertmanager"},
       .unit_keys = {"x"}},
      {.endpoint = "grafana-dashboard",
       .app = "grafana-k8s",
       .honest = {{}},
       .app_keys = {"event"},
       .unit_keys = {}},
  };
  return all;
}

const Partner& partner_of(const std::string& endpoint) {
  return *std::find_if(partners().begin(), partners().end(),
                       [&](const Partner& partner) { return partner.endpoint == endpoint; });
}

PartnerData data_of(const Partner& partner, int variant) {
  if (variant == silent) {
    return {};
  }
  if (!is_hostile(partner, variant)) {
    return partner.honest.at(static_cast<std::size_t>(variant));
  }
  const auto number = static_cast<std::size_t>(variant) - partner.honest.size();
  const std::string& value = hostile_values().at(number);
  PartnerData data;
  for (const std::string& key : partner.app_keys) {
    data.app[key] = value;
  }
  for (const std::string& key : partner.unit_keys) {
    data.unit[key] = value;
  }
  return data;
}

bool is_hostile(const Partner& partner, int variant) {
  return variant >= static_cast<int>(partner.honest.size());
}

int variants_of(const Partner& partner) {
  return static_cast<int>(partner.honest.size() + hostile_values().size());
}

const std::vector<Option>& options() {
  static const std::vector<Option> all = {
      {"external-peers", {"keys.example.com,11371,11370", "one,two,three,four"}, 1},
      {"log-level", {"debug", "loud"}, 1},
      {"log-forwarder", {"promtail", "pigeon"}, 1},
      {"hostname", {"keys.example.org", "http://x/"}, 1},
      {"max-key-length", {"2097152", "3"}, 1},
      {"uploads", {"updates", "none", "some"}, 2},
      {"admin-keys", {"0123456789ABCDEF0123456789ABCDEF01234567", "0x12"}, 1},
      {"recon-interval", {"120", "1"}, 1},
      {"lookup-rate-limit", {"20", "-1"}, 1},
      {"keyword-search", {"false"}, 1},
  };
  return all;
}

}  // namespace simulation
