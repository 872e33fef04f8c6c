// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "routers.hpp"

#include "charm/domain/error.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <string_view>

namespace traefik {
namespace {

using nlohmann::json;

/// The window in which requests are counted. Traefik fills a bucket instead.
constexpr std::int64_t rate_window_seconds = 10;

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

std::string escaped(const std::string& path) {
  require_plain(path);
  return std::regex_replace(path, std::regex(R"([.\[\]])"), R"(\$&)");
}

/// The proxies behind which Traefik looks for the client: only one, in the rehearsal.
std::vector<std::string> trusted_proxies(const json& criterion) {
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

Rule rule_of(const json& router) {
  const auto text = router.at("rule").get<std::string>();
  if (!is_rule_of_traefik(text)) {
    throw Dropped("Traefik cannot read the rule " + text);
  }
  return parse_rule(text);
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

std::string comes_from(const std::vector<std::string>& networks) {
  std::string text = "{ src";
  for (const std::string& network : networks) {
    require_plain(network);
    text += " " + network;
  }
  return text + " }";
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

const json& element(const json& dynamic, const std::string& protocol, const std::string& kind,
                    const std::string& name) {
  const json::json_pointer place = json::json_pointer() / protocol / (kind + "s") / name;
  if (!dynamic.contains(place)) {
    throw Dropped("unknown " + kind + " " + name);
  }
  return dynamic.at(place);
}

void Middlewares::add(const json& router, std::vector<std::string>& rules, std::int64_t& attempts) {
  counters_ = 0;
  for (const json& each : router.value("middlewares", json::array())) {
    add_middleware(each.get<std::string>(), rules, attempts);
  }
}

void Middlewares::add_middleware(const std::string& name, std::vector<std::string>& rules,
                                 std::int64_t& attempts) {
  require_plain(name);
  const json& middleware = element(dynamic_, "http", "middleware", name);
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

void Middlewares::add_rate_limit(const std::string& name, const json& settings,
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

std::string Middlewares::count(const std::string& name, const std::string& stored,
                               const json& settings, const std::string& by_default,
                               std::vector<std::string>& rules) {
  const json criterion = settings.value("sourceCriterion", json{{by_default, true}});
  const bool by_address = criterion.contains("ipStrategy");
  if (criterion.size() != 1 || (!by_address && !criterion.contains("requestHost"))) {
    throw charm::Error("the rehearsal does not support the source criterion " + criterion.dump());
  }
  std::string key = by_address ? "src" : "req.hdr(host)";
  if (const auto proxies = trusted_proxies(criterion); !proxies.empty()) {
    rules.push_back("set-var(txn.client) src");
    rules.push_back("set-var(txn.client) req.hdr_ip(x-forwarded-for,-1) if " + comes_from(proxies));
    key = "var(txn.client)";
  }
  if (tables_.find("backend table-" + name + "\n") == std::string::npos) {
    tables_ += "backend table-" + name + "\n  stick-table type " +
               (by_address ? "ipv6" : "string len 128") + " size 100k expire 60s store " + stored +
               "\n";
  }
  const std::string counter = std::to_string(counters_++);
  rules.push_back("track-sc" + counter + " " + key + " table table-" + name);
  return counter;
}

}  // namespace traefik
