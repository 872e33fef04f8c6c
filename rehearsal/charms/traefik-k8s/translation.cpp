// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "translation.hpp"

#include "charm/domain/error.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

namespace traefik {
namespace {

using nlohmann::json;
using rehearsal::nginx::HttpServer;
using rehearsal::nginx::Location;
using rehearsal::nginx::TcpServer;
using rehearsal::nginx::Upstream;

bool only(const std::string& text, const std::string& more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || more.find(c) != std::string::npos;
  });
}

HttpMatch narrowed(HttpMatch match, const std::string& matcher, const std::string& argument) {
  if (matcher == "Host" && only(argument, ".-:")) {
    match.host = argument;
    std::transform(match.host.begin(), match.host.end(), match.host.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return match;
  }
  const bool path = matcher == "PathPrefix" || matcher == "Path";
  if (!path || argument.empty() || argument[0] != '/' || !only(argument, "/._~-")) {
    throw charm::Error("the rehearsal does not support the matcher " + matcher + "(`" + argument +
                       "`)");
  }
  match.path = argument;
  match.whole_path = matcher == "Path";
  return match;
}

/// Returns every combination of the arguments of matchers that must all match.
std::vector<HttpMatch> combinations(const std::vector<Matcher>& matchers) {
  std::vector<HttpMatch> matches = {{}};
  for (const Matcher& matcher : matchers) {
    std::vector<HttpMatch> next;
    for (const HttpMatch& match : matches) {
      for (const std::string& argument : matcher.arguments) {
        next.push_back(narrowed(match, matcher.name, argument));
      }
    }
    matches = next;
  }
  return matches;
}

/// A router that Traefik leaves out as well.
struct Dropped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void require_plain(const std::string& text) {
  if (text.find_first_of(" ;{}\"'$\\\n\t#") != std::string::npos) {
    throw charm::Error("the rehearsal cannot write \"" + text + "\" for nginx");
  }
}

std::string escaped(const std::string& path) {
  std::string pattern;
  for (const char c : path) {
    pattern += (c == '.' ? "\\" : "") + std::string(1, c);
  }
  return pattern;
}

std::string match_text(const HttpMatch& match) {
  return (match.whole_path ? "= " : "") + match.path;
}

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
    add_http_servers();
    return result_;
  }

 private:
  using AddRouter = void (Translator::*)(const std::string& name, const json& router,
                                         const std::string& entry_point);
  /// Locations by entry point and host, and then by match.
  using Locations = std::map<std::string, Location>;

  void each_router(const char* protocol, AddRouter add) {
    const json routers = dynamic_.value(protocol, json::object()).value("routers", json::object());
    for (const auto& [name, router] : routers.items()) {
      try {
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
    if (!router.contains("entryPoints") || router.contains("priority")) {
      throw charm::Error(
          "the rehearsal supports only routers with entryPoints and without priority");
    }
    if (!router.contains("rule") || !router.contains("service")) {
      throw Dropped("the router has no rule or no service");
    }
    auto names = router["entryPoints"].get<std::vector<std::string>>();
    for (const std::string& name : names) {
      if (entry_points_.count(name) == 0) {
        throw Dropped("unknown entry point " + name);
      }
    }
    return names;
  }

  json balancer(const std::string& protocol, const std::string& name) const {
    const json::json_pointer place = json::json_pointer() / protocol / "services" / name;
    if (!dynamic_.contains(place)) {
      throw Dropped("unknown service " + name);
    }
    const json& service = dynamic_.at(place);
    if (!service.contains("loadBalancer")) {
      throw charm::Error("the rehearsal supports only loadBalancer services");
    }
    for (const auto& [key, value] : service["loadBalancer"].items()) {
      if (key != "servers" && key != "healthCheck") {
        throw charm::Error("the rehearsal does not support " + key + " in a service");
      }
    }
    return service["loadBalancer"];
  }

  static void add_upstream(std::vector<Upstream>& upstreams, const Upstream& upstream) {
    require_plain(upstream.name);
    for (const std::string& server : upstream.servers) {
      require_plain(server);
    }
    if (std::find(upstreams.begin(), upstreams.end(), upstream) == upstreams.end()) {
      upstreams.push_back(upstream);
    }
  }

  void add_tcp_upstream(const std::string& name) {
    Upstream upstream{.name = name, .servers = {}};
    for (const json& server : balancer("tcp", name).value("servers", json::array())) {
      upstream.servers.push_back(server.value("address", ""));
    }
    add_upstream(result_.configuration.tcp_upstreams, upstream);
  }

  void add_http_upstream(const std::string& name) {
    const json found = balancer("http", name);
    Upstream upstream{.name = name, .servers = {}, .checked = found.contains("healthCheck")};
    for (const json& server : found.value("servers", json::array())) {
      const std::string url = server.value("url", "");
      const auto host = url.find("://");
      if (host == std::string::npos) {
        throw charm::Error("the rehearsal cannot read the URL " + url);
      }
      upstream.scheme = url.substr(0, host);
      upstream.servers.push_back(url.substr(host + 3, url.find('/', host + 3) - host - 3));
    }
    if (upstream.scheme != "http" && upstream.scheme != "https") {
      throw charm::Error("the rehearsal does not support the scheme " + upstream.scheme);
    }
    add_upstream(result_.configuration.http_upstreams, upstream);
  }

  /// Returns the networks that the rule accepts; empty: all clients.
  static std::vector<std::string> clients(const std::string& text) {
    const Rule rule = parse_rule(text);
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
    std::for_each(matcher.arguments.begin(), matcher.arguments.end(), require_plain);
    return matcher.arguments;
  }

  void add_tcp_router(const std::string& /*name*/, const json& router,
                      const std::string& entry_point) {
    const auto service = router["service"].get<std::string>();
    const TcpServer server{.port = entry_points_.at(entry_point),
                           .allowed = clients(router["rule"].get<std::string>()),
                           .upstream = service};
    if (!tcp_entry_points_.insert(entry_point).second) {
      throw charm::Error("two routers of " + entry_point + " accept the same connections");
    }
    add_tcp_upstream(service);
    result_.configuration.tcp_servers.push_back(server);
  }

  /// Returns the text after nginx's word `rewrite`.
  std::string rewrite(const json& router) const {
    std::string pattern;
    for (const json& name : router.value("middlewares", json::array())) {
      const json::json_pointer place =
          json::json_pointer() / "http" / "middlewares" / name.get<std::string>();
      if (!dynamic_.contains(place)) {
        throw Dropped("unknown middleware " + name.get<std::string>());
      }
      const json& middleware = dynamic_.at(place);
      if (middleware.size() != 1 || !middleware.contains("stripPrefix")) {
        throw charm::Error("the rehearsal supports only the middleware stripPrefix");
      }
      for (const json& prefix : middleware["stripPrefix"].value("prefixes", json::array())) {
        require_plain(prefix.get<std::string>());
        pattern += (pattern.empty() ? "" : "|") + escaped(prefix.get<std::string>());
      }
    }
    return pattern.empty() ? "" : "^(?:" + pattern + ")/*(.*)$ /$1";
  }

  void add_http_router(const std::string& /*name*/, const json& router,
                       const std::string& entry_point) {
    if (tcp_entry_points_.count(entry_point) != 0) {
      throw charm::Error("a TCP router accepts all connections of " + entry_point);
    }
    const auto service = router["service"].get<std::string>();
    const auto matches = http_matches(parse_rule(router["rule"].get<std::string>()));
    const Location location{.match = {}, .rewrite = rewrite(router), .upstream = service};
    add_http_upstream(service);
    for (const HttpMatch& match : matches) {
      Location placed = location;
      placed.match = match_text(match);
      if (!locations_[entry_point][match.host].emplace(placed.match, placed).second) {
        throw charm::Error("two routers of " + entry_point + " accept the same requests");
      }
    }
  }

  /// A rule without a host is valid for every host that has no rule with the same path.
  void add_http_servers() {
    for (const auto& [name, port] : entry_points_) {
      if (name == "websecure" || name == "diagnostics" || tcp_entry_points_.count(name) != 0) {
        continue;
      }
      std::map<std::string, Locations>& hosts = locations_[name];
      const Locations everywhere = hosts[""];
      for (auto& [host, locations] : hosts) {
        locations.insert(everywhere.begin(), everywhere.end());
        HttpServer server{.port = port, .host = host, .locations = {}};
        for (const auto& [match, location] : locations) {
          server.locations.push_back(location);
        }
        result_.configuration.http_servers.push_back(server);
      }
    }
  }

  const json& dynamic_;
  const std::map<std::string, int>& entry_points_;
  Translation result_;
  std::set<std::string> tcp_entry_points_;
  std::map<std::string, std::map<std::string, Locations>> locations_;
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

std::vector<HttpMatch> http_matches(const Rule& rule) {
  std::vector<HttpMatch> all;
  for (const std::vector<Matcher>& alternative : rule) {
    const auto matches = combinations(alternative);
    all.insert(all.end(), matches.begin(), matches.end());
  }
  return all;
}

Translation translate(const json& dynamic, const std::map<std::string, int>& entry_points) {
  return Translator(dynamic, entry_points).translate();
}

}  // namespace traefik
