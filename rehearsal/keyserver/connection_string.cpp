// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/connection_string.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <map>
#include <string_view>

namespace rehearsal::keyserver {
namespace {

using Keywords = std::map<std::string, std::string>;

bool is_space(char letter) {
  return std::isspace(static_cast<unsigned char>(letter)) != 0;
}

/// Reads `keyword = value` pairs; a value may be 'quoted', a backslash takes the next letter as is.
class KeywordReader {
 public:
  explicit KeywordReader(std::string_view text) : rest_(text) {}

  Keywords read() {
    Keywords keywords;
    for (skip_spaces(); !rest_.empty(); skip_spaces()) {
      std::string keyword = read_keyword();
      keywords[std::move(keyword)] = read_value();
    }
    return keywords;
  }

 private:
  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) {
      rest_.remove_prefix(1);
    }
  }

  char next() {
    if (rest_.empty()) {
      throw InvalidConnectionString("dsn: a quoted value does not end");
    }
    const char letter = rest_.front();
    rest_.remove_prefix(1);
    return letter;
  }

  std::string read_keyword() {
    std::string keyword;
    while (!rest_.empty() && rest_.front() != '=' && !is_space(rest_.front())) {
      keyword += next();
    }
    skip_spaces();
    if (rest_.empty() || next() != '=') {
      throw InvalidConnectionString("dsn: missing \"=\" after a keyword");
    }
    return keyword;
  }

  std::string read_value() {
    skip_spaces();
    const bool quoted = rest_.starts_with('\'');
    if (quoted) {
      next();
    }
    std::string value;
    while (quoted || !(rest_.empty() || is_space(rest_.front()))) {
      char letter = next();
      if (quoted && letter == '\'') {
        break;
      }
      if (letter == '\\') {
        letter = next();
      }
      value += letter;
    }
    return value;
  }

  std::string_view rest_;
};

/// Keywords with the same meaning for both.
constexpr std::array<std::string_view, 12> shared_keywords{
    "host",    "port",        "user",   "password", "dbname",          "sslmode",
    "sslcert", "sslrootcert", "sslkey", "sslsni",   "connect_timeout", "application_name"};

std::string quoted(const std::string& value) {
  std::string result = "'";
  for (const char letter : value) {
    if (letter == '\'' || letter == '\\') {
      result += '\\';
    }
    result += letter;
  }
  return result + "'";
}

/// Inside `options` a backslash keeps a space from separating.
std::string option(const std::string& name, const std::string& value) {
  std::string result = " -c " + name + "=";
  for (const char letter : value) {
    if (is_space(letter) || letter == '\\') {
      result += '\\';
    }
    result += letter;
  }
  return result;
}

void check_tls_mode(const std::string& mode) {
  constexpr std::array<std::string_view, 4> known{"disable", "require", "verify-ca", "verify-full"};
  if (std::ranges::find(known, mode) == known.end()) {
    throw InvalidConnectionString(
        "dsn: unsupported sslmode; only \"require\", \"verify-full\", "
        "\"verify-ca\" and \"disable\" are supported");
  }
}

/// libpq would try several hosts in turn.
void check_single(const Keywords& keywords, const std::string& keyword) {
  const auto found = keywords.find(keyword);
  if (found != keywords.end() && found->second.find(',') != std::string::npos) {
    throw InvalidConnectionString("dsn: only one " + keyword + " is supported");
  }
}

void rename(Keywords& keywords, const std::string& from, const std::string& to) {
  if (auto entry = keywords.extract(from)) {
    entry.key() = to;
    keywords.insert(std::move(entry));
  }
}

std::string from_keywords(Keywords keywords) {
  rename(keywords, "database", "dbname");
  rename(keywords, "fallback_application_name", "application_name");
  check_single(keywords, "host");
  check_single(keywords, "port");
  keywords.erase("binary_parameters");
  keywords.erase("disable_prepared_binary_result");
  if (std::getenv("PGSSLMODE") == nullptr) {
    keywords.try_emplace("sslmode", "require");
  }
  if (std::getenv("PGHOST") == nullptr) {
    keywords.try_emplace("host", "localhost");
  }
  if (std::getenv("PGSSLCERT") == nullptr) {
    // libpq gives up where it may not even look for one below $HOME, which under Pebble is root's.
    keywords.try_emplace("sslcert", "/dev/null/none");
  }
  if (const auto mode = keywords.find("sslmode"); mode != keywords.end()) {
    check_tls_mode(mode->second);
  }
  std::string options = keywords["options"];
  keywords.erase("options");
  std::string result = "gssencmode=disable";
  for (const auto& [keyword, value] : keywords) {
    if (std::ranges::find(shared_keywords, keyword) != shared_keywords.end()) {
      result.append(" ").append(keyword).append("=").append(quoted(value));
    } else {
      // The server refuses what it does not know.
      options += option(keyword, value);
    }
  }
  return options.empty() ? result : result + " options=" + quoted(options);
}

/// `user:password@host:port/dbname?keyword=value`, percent-encoded.
class UrlReader {
 public:
  static Keywords read(std::string_view url) {
    Keywords keywords;
    url.remove_prefix(url.find("://") + 3);
    const auto [before_query, query] = cut(url, '?');
    const auto [authority, path] = cut(before_query, '/');
    const std::size_t at = authority.rfind('@');
    std::string_view server = authority;
    if (at != std::string_view::npos) {
      const auto [user, password] = cut(authority.substr(0, at), ':');
      put(keywords, "user", user);
      put(keywords, "password", password);
      server = authority.substr(at + 1);
    }
    const auto [host, port] = cut(server, ':');
    put(keywords, "host", host);
    put(keywords, "port", port);
    put(keywords, "dbname", path);
    for (std::string_view rest = query; !rest.empty();) {
      const auto [pair, others] = cut(rest, '&');
      const auto [keyword, value] = cut(pair, '=');
      put(keywords, decoded(keyword), value);
      rest = others;
    }
    return keywords;
  }

 private:
  static std::pair<std::string_view, std::string_view> cut(std::string_view text, char separator) {
    const std::size_t at = text.find(separator);
    return at == std::string_view::npos ? std::pair{text, std::string_view()}
                                        : std::pair{text.substr(0, at), text.substr(at + 1)};
  }

  static void put(Keywords& keywords, const std::string& keyword, std::string_view value) {
    if (!value.empty()) {
      keywords[keyword] = decoded(value);
    }
  }

  static std::string decoded(std::string_view text) {
    std::string result;
    while (!text.empty()) {
      const char letter = text.front();
      if (letter != '%') {
        result += letter;
        text.remove_prefix(1);
        continue;
      }
      const std::string digits(text.substr(1, 2));
      if (digits.size() != 2 ||
          digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
        throw InvalidConnectionString("dsn: invalid percent-encoding");
      }
      result += static_cast<char>(std::stoi(digits, nullptr, 16));
      text.remove_prefix(3);
    }
    return result;
  }
};

}  // namespace

std::string libpq_connection_string(const std::string& dsn) {
  const bool is_url = dsn.starts_with("postgres://") || dsn.starts_with("postgresql://");
  return from_keywords(is_url ? UrlReader::read(dsn) : KeywordReader(dsn).read());
}

std::vector<std::string> unsupported_variables(const char* const* environment) {
  constexpr std::array<std::string_view, 11> names{
      "PGHOSTADDR", "PGSERVICE",     "PGSERVICEFILE", "PGREALM",      "PGREQUIRESSL", "PGSSLCRL",
      "PGGSSLIB",   "PGREQUIREPEER", "PGKRBSRVNAME",  "PGSYSCONFDIR", "PGLOCALEDIR"};
  std::vector<std::string> found;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry(*environment);
    const std::string name(entry.substr(0, entry.find('=')));
    if (std::ranges::find(names, name) != names.end()) {
      found.push_back(name);
    }
  }
  return found;
}

}  // namespace rehearsal::keyserver
