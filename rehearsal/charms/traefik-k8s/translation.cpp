// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "translation.hpp"

#include "charm/domain/error.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <regex>
#include <set>
#include <stdexcept>
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

/// The window in which requests are counted. Traefik fills a bucket instead.
constexpr std::int64_t rate_window_seconds = 10;

/// A router that Traefik leaves out as well.
struct Dropped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Whether Traefik can read the rule: known matchers, joined by brackets, `!`, `&&` and `||`.
bool is_rule_of_traefik(std::string rule) {
  constexpr const char* matcher =
      R"(\b(Host|HostHeader|HostRegexp|HostSNI|HostSNIRegexp|ClientIP|ALPN|Path|PathPrefix|)"
      R"(PathRegexp|Method|Headers?|HeadersRegexp|HeaderRegexp|Query|QueryRegexp)\s*)"
      R"(\(\s*(`[^`]*`|"[^"]*")(\s*,\s*(`[^`]*`|"[^"]*"))*\s*\))";
  static const std::regex one(matcher, std::regex::ECMAScript | std::regex::icase);
  static const std::regex several("!\\s*\1|\\(\\s*\1\\s*\\)|\1\\s*(&&|\\|\\|)\\s*\1");
  static const std::regex whole("\\s*\1\\s*");
  rule = std::regex_replace(rule, one, "\1");
  for (std::string longer; longer != rule;) {
    longer = rule;
    rule = std::regex_replace(rule, several, "\1");
  }
  return std::regex_match(rule, whole);
}

Rule rule_of(const json& router) {
  const auto text = router.at("rule").get<std::string>();
  if (!is_rule_of_traefik(text)) {
    throw Dropped("Traefik cannot read the rule " + text);
  }
  return parse_rule(text);
}

void require_plain(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("/._~:[]-").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (!plain || text.empty()) {
    throw charm::Error("the rehearsal cannot write \"" + text + "\" for HAProxy");
  }
}

std::string duration(const json& value) {
  static const std::regex simple("[0-9]+(ms|s|m|h)");
  if (!value.is_string() || !std::regex_match(value.get<std::string>(), simple)) {
    throw charm::Error("the rehearsal cannot read the duration " + value.dump());
  }
  return value.get<std::string>();
}

std::int64_t number(const json& settings, const char* key, std::int64_t otherwise) {
  const auto found = settings.find(key);
  if (found != settings.end() && !found->is_number_integer()) {
    throw charm::Error("the rehearsal supports only whole numbers for " + std::string(key));
  }
  return found == settings.end() ? otherwise : found->get<std::int64_t>();
}

void accept_only(const json& settings, const std::set<std::string>& known,
                 const std::string& where) {
  for (const auto& [key, value] : settings.items()) {
    if (known.count(key) == 0) {
      throw charm::Error("the rehearsal does not support " + key + " in " + where);
    }
  }
}

std::string condition(const Matcher& matcher) {
  static const std::map<std::string, std::string> tests = {{"Host", "req.hdr(host),field(1,:) -i"},
                                                           {"Method", "method"},
                                                           {"Path", "path"},
                                                           {"PathPrefix", "path_beg"}};
  const auto test = tests.find(matcher.name);
  if (test == tests.end()) {
    throw charm::Error("the rehearsal does not support the matcher " + matcher.name);
  }
  std::string text = "{ " + test->second;
  for (const std::string& argument : matcher.arguments) {
    require_plain(argument);
    text += " " + argument;
  }
  return text + " }";
}

std::vector<std::string> conditions(const Rule& rule) {
  std::vector<std::string> alternatives;
  for (const std::vector<Matcher>& matchers : rule) {
    std::string& text = alternatives.emplace_back();
    for (const Matcher& matcher : matchers) {
      text += (text.empty() ? "" : " ") + condition(matcher);
    }
  }
  return alternatives;
}

/// Returns a condition on the address that connects.
std::string comes_from(const std::vector<std::string>& networks) {
  std::string text = "{ src";
  for (const std::string& network : networks) {
    require_plain(network);
    text += " " + network;
  }
  return text + " }";
}

std::string escaped(const std::string& path) {
  require_plain(path);
  return std::regex_replace(path, std::regex(R"([.\[\]])"), R"(\$&)");
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
      : dynamic_(dynamic), entry_points_(entry_points) {}

  Translation translate() {
    each_router("tcp", &Translator::add_tcp_router);
    each_router("http", &Translator::add_http_router);
    for (const auto& [protocol, section] : dynamic_.items()) {
      if (protocol != "tcp" && protocol != "http") {
        result_.unknown.push_back("the rehearsal does not support the section " + protocol);
      }
    }
    result_.configuration = head + tables_ + tcp_frontends_;
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

  /// Returns an element of Traefik's configuration: `middleware`, `service`.
  const json& element(const std::string& protocol, const std::string& kind,
                      const std::string& name) const {
    const json::json_pointer place = json::json_pointer() / protocol / (kind + "s") / name;
    if (!dynamic_.contains(place)) {
      throw Dropped("unknown " + kind + " " + name);
    }
    return dynamic_.at(place);
  }

  json balancer(const std::string& protocol, const std::string& name) const {
    require_plain(name);
    const json& service = element(protocol, "service", name);
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
      const json& transport = element("http", "serversTransport", found["serversTransport"]);
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
    counters_ = 0;
    std::int64_t attempts = 1;
    for (const json& each : router.value("middlewares", json::array())) {
      add_middleware(each.get<std::string>(), translated.rules, attempts);
    }
    add_http_backend(translated.service, attempts);
    http_routers_[entry_point].push_back(std::move(translated));
  }

  void add_middleware(const std::string& name, std::vector<std::string>& rules,
                      std::int64_t& attempts) {
    require_plain(name);
    const json& middleware = element("http", "middleware", name);
    const std::string kind = middleware.size() == 1 ? middleware.begin().key() : "";
    const json settings = middleware.size() == 1 ? *middleware.begin() : json();
    if (kind == "stripPrefix") {
      std::string prefixes;
      for (const json& prefix : settings.value("prefixes", json::array())) {
        prefixes += (prefixes.empty() ? "" : "|") + escaped(prefix);
      }
      rules.push_back("replace-path ^(?:" + prefixes + ")/*(.*)$ /\\1");
    } else if (kind == "retry") {
      accept_only(settings, {"attempts", "initialInterval"}, kind);
      attempts = number(settings, "attempts", 1);
    } else if (kind == "buffering") {
      accept_only(settings, {"maxRequestBodyBytes"}, kind);
      rules.push_back("deny deny_status 413 if { req.hdr_val(content-length) gt " +
                      std::to_string(number(settings, "maxRequestBodyBytes", 0)) + " }");
    } else if (kind == "rateLimit") {
      add_rate_limit(name, settings, rules);
    } else if (kind == "inFlightReq") {
      accept_only(settings, {"amount", "sourceCriterion"}, kind);
      const std::string counter = count(name, "conn_cur", settings, "requestHost", rules);
      rules.push_back("deny deny_status 429 if { sc_conn_cur(" + counter + ") gt " +
                      std::to_string(number(settings, "amount", 0)) + " }");
    } else {
      throw charm::Error("the rehearsal does not support the middleware " + name);
    }
  }

  void add_rate_limit(const std::string& name, const json& settings,
                      std::vector<std::string>& rules) {
    accept_only(settings, {"average", "burst", "sourceCriterion"}, "rateLimit");
    const std::int64_t average = number(settings, "average", 0);
    if (average == 0) {
      return;  // No limit.
    }
    const std::string counter =
        count(name, "gpc0,gpc0_rate(" + std::to_string(rate_window_seconds) + "s)", settings,
              "ipStrategy", rules);
    // Only requests that pass count, as only they take from Traefik's bucket.
    rules.push_back("deny deny_status 429 if { sc_gpc0_rate(" + counter + ") ge " +
                    std::to_string(average * rate_window_seconds + number(settings, "burst", 1)) +
                    " }");
    rules.push_back("sc-inc-gpc0(" + counter + ")");
  }

  /// The proxies behind which Traefik looks for the client: only one, in the rehearsal.
  static std::vector<std::string> trusted_proxies(const json& criterion) {
    const auto strategy = criterion.find("ipStrategy");
    if (strategy == criterion.end() || !strategy->is_object()) {
      return {};
    }
    accept_only(*strategy, {"depth", "excludedIPs"}, "ipStrategy");
    if (number(*strategy, "depth", 0) != 0) {
      throw charm::Error("the rehearsal does not support a depth in ipStrategy");
    }
    return strategy->value("excludedIPs", std::vector<std::string>());
  }

  /// Counts something for each client address or each host. Returns the number of the counter.
  std::string count(const std::string& name, const std::string& stored, const json& settings,
                    const std::string& by_default, std::vector<std::string>& rules) {
    const json criterion = settings.value("sourceCriterion", json{{by_default, true}});
    const bool by_address = criterion.contains("ipStrategy");
    if (criterion.size() != 1 || (!by_address && !criterion.contains("requestHost"))) {
      throw charm::Error("the rehearsal does not support the source criterion " + criterion.dump());
    }
    std::string key = by_address ? "src" : "req.hdr(host)";
    if (const auto proxies = trusted_proxies(criterion); !proxies.empty()) {
      rules.push_back("set-var(txn.client) src");
      rules.push_back("set-var(txn.client) req.hdr_ip(x-forwarded-for,-1) if " +
                      comes_from(proxies));
      key = "var(txn.client)";
    }
    if (tables_.find("backend table-" + name + "\n") == std::string::npos) {
      tables_ += "backend table-" + name + "\n  stick-table type " +
                 (by_address ? "ipv6" : "string len 128") + " size 100k expire 60s store " +
                 stored + "\n";
    }
    const std::string counter = std::to_string(counters_++);
    rules.push_back("track-sc" + counter + " " + key + " table table-" + name);
    return counter;
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
  Translation result_;
  int counters_ = 0;  ///< Of the present router. HAProxy has three.
  std::string tables_;
  std::string tcp_frontends_;
  std::set<std::string> tcp_entry_points_;
  std::map<std::string, std::vector<HttpRouter>> http_routers_;
  std::map<std::string, std::string> backends_;
};

}  // namespace

Rule parse_rule(const std::string& text) {
  static const std::regex element(
      R"( *([A-Za-z]+) *\( *(`[^`]*`(?: *, *`[^`]*`)*) *\) *(&&|\|\||$))");
  static const std::regex argument("`([^`]*)`");
  Rule rule = {{}};
  for (auto at = text.cbegin();;) {
    std::smatch match;
    if (!std::regex_search(at, text.cend(), match, element,
                           std::regex_constants::match_continuous)) {
      throw charm::Error("the rehearsal cannot read the rule " + text);
    }
    Matcher& matcher = rule.back().emplace_back(Matcher{match[1], {}});
    for (std::sregex_iterator each(match[2].first, match[2].second, argument), end; each != end;
         ++each) {
      matcher.arguments.push_back((*each)[1]);
    }
    if (match[3].length() == 0) {
      return rule;
    }
    if (match[3] == "||") {
      rule.emplace_back();
    }
    at = match[0].second;
  }
}

Translation translate(const json& dynamic, const std::map<std::string, int>& entry_points) {
  return Translator(dynamic, entry_points).translate();
}

}  // namespace traefik
