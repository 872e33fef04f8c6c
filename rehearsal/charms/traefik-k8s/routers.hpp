// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace traefik {

/// A router that Traefik leaves out as well.
struct Dropped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One matcher of a rule: Host(`a`, `b`).
struct Matcher {
  std::string name;
  std::vector<std::string> arguments;

  bool operator==(const Matcher&) const = default;
};

/// Alternatives, each a list of matchers that must all match.
using Rule = std::vector<std::vector<Matcher>>;

/// Reads matchers joined by `&&` and `||`. Throws charm::Error for parentheses, negations and any
/// other text.
[[nodiscard]] Rule parse_rule(const std::string& text);

/// Reads the rule of a router. Throws Dropped if Traefik cannot read it, and charm::Error if only
/// this program cannot.
[[nodiscard]] Rule rule_of(const nlohmann::json& router);

/// Returns a condition of HAProxy for each alternative. Throws charm::Error for an unknown matcher.
[[nodiscard]] std::vector<std::string> conditions(const Rule& rule);

/// Returns a condition on the address that connects.
[[nodiscard]] std::string comes_from(const std::vector<std::string>& networks);

/// Throws charm::Error for a text with a special meaning in HAProxy's configuration.
void require_plain(const std::string& text);

/// Returns a whole number, or `otherwise` if there is none. Throws charm::Error for anything else.
[[nodiscard]] std::int64_t number(const nlohmann::json& settings, const char* key,
                                  std::int64_t otherwise);

/// Throws charm::Error for a setting that is not in `known`.
void accept_only(const nlohmann::json& settings, const std::set<std::string>& known,
                 const std::string& where);

/// Returns an element of Traefik's configuration: `middleware`, `service`. Throws Dropped if there
/// is none of that name.
[[nodiscard]] const nlohmann::json& element(const nlohmann::json& dynamic,
                                            const std::string& protocol, const std::string& kind,
                                            const std::string& name);

/// Translates the middlewares of HTTP routers.
class Middlewares {
 public:
  explicit Middlewares(const nlohmann::json& dynamic) : dynamic_(dynamic) {}

  /// Adds a router's middlewares to its `http-request` rules. `retry` sets the attempts instead.
  /// Throws Dropped, and charm::Error for what this program does not support.
  void add(const nlohmann::json& router, std::vector<std::string>& rules, std::int64_t& attempts);

  /// Returns the tables in which HAProxy counts, for the middlewares of all routers.
  [[nodiscard]] const std::string& tables() const { return tables_; }

 private:
  void add_middleware(const std::string& name, std::vector<std::string>& rules,
                      std::int64_t& attempts);
  void add_rate_limit(const std::string& name, const nlohmann::json& settings,
                      std::vector<std::string>& rules);
  /// Counts something for each client address or each host. Returns the number of the counter.
  std::string count(const std::string& name, const std::string& stored,
                    const nlohmann::json& settings, const std::string& by_default,
                    std::vector<std::string>& rules);

  const nlohmann::json& dynamic_;
  int counters_ = 0;  ///< Of the present router. HAProxy has three.
  std::string tables_;
};

}  // namespace traefik
