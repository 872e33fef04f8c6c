// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "translation.hpp"

#include "charm/domain/error.hpp"
#include "routers.hpp"

#include <algorithm>
#include <cstdint>
#include <regex>
#include <set>
#include <utility>

namespace traefik {
namespace {

using nlohmann::json;

/// Traefik opens no connection again, and removes the headers that a client wrote about itself.
constexpr const char* head = R"(global
  log stderr format raw local0 notice
defaults
  log global
  mode http
  balance roundrobin
  retries 0
  timeout connect 30s
  timeout client 300s
  timeout server 300s
  timeout http-request 60s
)";

constexpr const char* forwarded = R"(  http-request set-header X-Forwarded-For %[src]
  http-request set-header X-Real-Ip %[src]
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request set-header X-Forwarded-Proto http
)";

std::string duration(const json& value) {
  static const std::regex simple("[0-9]+(ms|s|m|h)");
  if (!value.is_string() || !std::regex_match(value.get<std::string>(), simple)) {
    throw charm::Error("the rehearsal cannot read the duration " + value.dump());
  }
  return value.get<std::string>();
}

struct HttpRouter {
  std::string name;
  std::vector<std::string> alternatives;  ///< Conditions of HAProxy.
  std::vector<std::string> rules;         ///< The middlewares as `http-request` rules.
  std::string service;
  std::int64_t priority = 0;
};

class Translator {
 public:
  Translator(const json& dynamic, const std::map<std::string, int>& entry_points)
      : dynamic_(dynamic), entry_points_(entry_points), middlewares_(dynamic) {}

  Translation translate() {
    each_router("tcp", &Translator::add_tcp_router);
    each_router("http", &Translator::add_http_router);
    for (const auto& [protocol, section] : dynamic_.items()) {
      if (protocol != "tcp" && protocol != "http") {
        result_.unknown.push_back("the rehearsal does not support the section " + protocol);
      }
    }
    result_.configuration = head + middlewares_.tables() + tcp_frontends_;
    for (const auto& [name, port] : entry_points_) {
      if (name != "websecure" && name != "diagnostics" && tcp_entry_points_.count(name) == 0) {
        result_.configuration += http_frontend(name, port);
      }
    }
    for (const auto& [name, text] : backends_) {
      result_.configuration += "backend " + name + "\n" + text;
    }
    return std::move(result_);
  }

 private:
  using AddRouter = void (Translator::*)(const std::string& name, const json& router,
                                         const std::string& entry_point);

  void each_router(const char* protocol, AddRouter add) {
    const json routers = dynamic_.value(protocol, json::object()).value("routers", json::object());
    for (const auto& [name, router] : routers.items()) {
      try {
        require_plain(name);
        for (const auto& entry_point : entry_points_of(router)) {
          (this->*add)(name, router, entry_point);
        }
      } catch (const Dropped& error) {
        result_.dropped.push_back(std::string(protocol) + " router " + name + ": " + error.what());
      } catch (const charm::Error& error) {
        result_.unknown.push_back(std::string(protocol) + " router " + name + ": " + error.what());
      }
    }
  }

  std::vector<std::string> entry_points_of(const json& router) const {
    if (router.contains("tls")) {
      throw Dropped("the rehearsal does not support TLS");
    }
    if (!router.contains("entryPoints")) {
      throw charm::Error("the rehearsal supports only routers with entryPoints");
    }
    if (!router.contains("rule") || !router.contains("service")) {
      throw Dropped("the router has no rule or no service");
    }
    auto names = router["entryPoints"].get<std::vector<std::string>>();
    for (const std::string& name : names) {
      if (entry_points_.count(name) == 0) {
        throw Dropped("there is no entry point " + name);
      }
    }
    return names;
  }

  json balancer(const std::string& protocol, const std::string& name) const {
    require_plain(name);
    const json& service = element(dynamic_, protocol, "service", name);
    if (!service.contains("loadBalancer")) {
      throw charm::Error("the rehearsal supports only loadBalancer services");
    }
    accept_only(service["loadBalancer"], {"servers", "healthCheck", "serversTransport"},
                "a service");
    return service["loadBalancer"];
  }

  static std::string server(std::size_t index, const std::string& address,
                            const std::string& check) {
    require_plain(address);
    return "  server s" + std::to_string(index) + " " + address + check + "\n";
  }

  void add_tcp_backend(const std::string& name) {
    std::string text = "  mode tcp\n";
    std::size_t index = 0;
    for (const json& each : balancer("tcp", name).value("servers", json::array())) {
      text += server(index++, each.value("address", ""), "");
    }
    backends_["tcp-" + name] = text;
  }

  void add_http_backend(const std::string& name, std::int64_t attempts) {
    const json found = balancer("http", name);
    std::string text;
    std::string check;
    if (attempts > 1) {
      text += "  retries " + std::to_string(attempts - 1) + "\n  option redispatch 1\n";
    }
    if (found.contains("serversTransport")) {
      const json& transport =
          element(dynamic_, "http", "serversTransport", found["serversTransport"]);
      accept_only(transport, {"forwardingTimeouts"}, "a transport");
      const json timeouts = transport.value("forwardingTimeouts", json::object());
      accept_only(timeouts, {"dialTimeout"}, "the timeouts of a transport");
      text += "  timeout connect " + duration(timeouts.at("dialTimeout")) + "\n";
    }
    if (found.contains("healthCheck")) {
      const json& settings = found["healthCheck"];
      accept_only(settings, {"path", "interval", "timeout"}, "a health check");
      const std::string path = settings.value("path", "/");
      require_plain(path);
      text += "  option httpchk GET " + path + "\n  http-check expect status 200-399\n";
      text += "  timeout check " + duration(settings.value("timeout", json("5s"))) + "\n";
      // One answer decides, as in Traefik.
      check = " check rise 1 fall 1 inter " + duration(settings.value("interval", json("30s")));
    }
    std::size_t index = 0;
    for (const json& each : found.value("servers", json::array())) {
      static const std::regex url("http://([^/]+)/?");
      const std::string text_of_url = each.value("url", "");
      std::smatch match;
      if (!std::regex_match(text_of_url, match, url)) {
        throw charm::Error("the rehearsal cannot read the URL " + text_of_url);
      }
      text += server(index++, match[1], check);
    }
    const auto [present, is_new] = backends_.emplace("http-" + name, text);
    if (!is_new && present->second != text) {
      throw charm::Error("the rehearsal supports only one retry for all routers of a service");
    }
  }

  /// Returns the networks that the rule accepts; empty: all clients.
  static std::vector<std::string> clients(const Rule& rule) {
    if (rule.size() != 1 || rule[0].size() != 1) {
      throw charm::Error("the rehearsal does not support combined TCP rules");
    }
    const Matcher& matcher = rule[0][0];
    if (matcher.name == "HostSNI" && matcher.arguments == std::vector<std::string>{"*"}) {
      return {};
    }
    if (matcher.name == "HostSNI") {
      throw Dropped("HostSNI with a name needs TLS");
    }
    if (matcher.name != "ClientIP") {
      throw charm::Error("the rehearsal does not support the matcher " + matcher.name);
    }
    return matcher.arguments;
  }

  void add_tcp_router(const std::string& /*name*/, const json& router,
                      const std::string& entry_point) {
    const auto service = router["service"].get<std::string>();
    const auto allowed = clients(rule_of(router));
    if (!tcp_entry_points_.insert(entry_point).second) {
      throw charm::Error("two routers of " + entry_point + " accept the same connections");
    }
    add_tcp_backend(service);
    std::string text = "frontend " + entry_point +
                       "\n  mode tcp\n  bind :" + std::to_string(entry_points_.at(entry_point)) +
                       "\n";
    if (!allowed.empty()) {
      text += "  tcp-request connection reject unless " + comes_from(allowed) + "\n";
    }
    tcp_frontends_ += text + "  default_backend tcp-" + service + "\n";
  }

  void add_http_router(const std::string& name, const json& router,
                       const std::string& entry_point) {
    if (tcp_entry_points_.count(entry_point) != 0) {
      throw charm::Error("a TCP router accepts all connections of " + entry_point);
    }
    const auto rule = router["rule"].get<std::string>();
    HttpRouter translated{.name = name,
                          .alternatives = conditions(rule_of(router)),
                          .service = router["service"].get<std::string>(),
                          .priority = number(router, "priority", 0)};
    if (translated.priority == 0) {
      translated.priority = static_cast<std::int64_t>(rule.size());
    }
    std::int64_t attempts = 1;
    middlewares_.add(router, translated.rules, attempts);
    add_http_backend(translated.service, attempts);
    http_routers_[entry_point].push_back(std::move(translated));
  }

  /// The first router that matches takes a request: the one with the longest rule, or the highest
  /// priority.
  std::string http_frontend(const std::string& entry_point, int port) {
    std::vector<HttpRouter>& routers = http_routers_[entry_point];
    std::stable_sort(routers.begin(), routers.end(), [](const auto& left, const auto& right) {
      return left.priority > right.priority;
    });
    std::string text = "frontend " + entry_point + "\n  bind :" + std::to_string(port) + "\n";
    for (const HttpRouter& router : routers) {
      for (const std::string& alternative : router.alternatives) {
        text += "  http-request set-var(txn.router) str(" + router.name +
                ") if !{ var(txn.router) -m found } " + alternative + "\n";
      }
    }
    const std::string to_backend = "  use_backend http-";
    std::string targets;
    for (const HttpRouter& router : routers) {
      const std::string is_taken = "{ var(txn.router) -m str " + router.name + " }";
      for (const std::string& rule : router.rules) {
        text += "  http-request " + rule + (rule.find(" if ") == std::string::npos ? " if " : " ") +
                is_taken + "\n";
      }
      targets += to_backend + router.service + " if " + is_taken + "\n";
    }
    text += forwarded;
    text +=
        "  http-request return status 404 content-type text/plain string \"404 page not "
        "found\" if !{ var(txn.router) -m found }\n";
    return text + targets;
  }

  const json& dynamic_;
  const std::map<std::string, int>& entry_points_;
  Middlewares middlewares_;
  Translation result_;
  std::string tcp_frontends_;
  std::set<std::string> tcp_entry_points_;
  std::map<std::string, std::vector<HttpRouter>> http_routers_;
  std::map<std::string, std::string> backends_;
};

}  // namespace

Translation translate(const json& dynamic, const std::map<std::string, int>& entry_points) {
  return Translator(dynamic, entry_points).translate();
}

}  // namespace traefik
