// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "configuration_text.hpp"

#include "charm/domain/text.hpp"

#include <algorithm>

namespace charm::hockeypuck {
namespace {

std::string unicode_escape(unsigned value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  return std::string("\\u00") + digits[value / 16] + digits[value % 16];
}

/// Two braces would begin an action of the template layer, which has no escape for them in text.
/// TOML's `\u007B` is decoded after that layer. The other escapes are those of TOML's basic
/// strings.
bool may_need_escape(char character) {
  return character < 0x20 || character >= 0x7F || character == '"' || character == '\\' ||
         character == '{';
}

/// Returns the text in TOML for a code point that may need an escape.
std::string escaped(const CodePoint& point, std::string_view bytes) {
  if (!point.valid) {
    return "\\uFFFD";  // TOML cannot hold bytes that are not UTF-8.
  }
  if (point.value >= 0x80) {
    return std::string(bytes);
  }
  if (point.value == '"' || point.value == '\\') {
    return '\\' + std::string(bytes);
  }
  return unicode_escape(point.value);
}

std::string toml_quoted(std::string_view value) {
  std::string text = "\"";
  while (!value.empty()) {
    const auto special = std::find_if(value.begin(), value.end(), may_need_escape);
    text.append(value.begin(), special);
    value.remove_prefix(static_cast<std::size_t>(special - value.begin()));
    if (!value.empty()) {
      const CodePoint point = front_code_point(value);
      text += escaped(point, value.substr(0, point.length));
      value.remove_prefix(point.length);
    }
  }
  return text + '"';
}

/// Adds `name='value'`: lib/pq 1.10 understands backslash escapes inside single quotes.
void add_parameter(std::string& dsn, std::string_view name, std::string_view value) {
  dsn.append(dsn.empty() ? "" : " ").append(name).append("='");
  for (const char character : value) {
    if (character == '\\' || character == '\'') {
      dsn += '\\';
    }
    dsn += character;
  }
  dsn += '\'';
}

}  // namespace

void TomlDocument::table(std::string_view name) {
  content_ += content_.empty() ? "[" : "\n[";
  content_.append(name).append("]\n");
}

void TomlDocument::text(std::string_view key, std::string_view value) {
  entry(key, toml_quoted(value));
}

void TomlDocument::texts(std::string_view key, const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) {
    list += (list.empty() ? "" : ", ") + toml_quoted(value);
  }
  entry(key, '[' + list + ']');
}

void TomlDocument::number(std::string_view key, std::int64_t value) {
  entry(key, std::to_string(value));
}

void TomlDocument::flag(std::string_view key, bool value) {
  entry(key, value ? "true" : "false");
}

void TomlDocument::entry(std::string_view key, std::string_view value) {
  content_.append(key).append(" = ").append(value).append("\n");
}

std::string data_source_name(const Database& database, std::string_view ca_file) {
  std::string dsn;
  add_parameter(dsn, "dbname", database.name);
  add_parameter(dsn, "host", database.host);
  add_parameter(dsn, "port", std::to_string(database.port));
  add_parameter(dsn, "user", database.user);
  add_parameter(dsn, "password", database.password);
  add_parameter(dsn, "sslmode", to_string(database.ssl_mode));
  // With a root certificate, lib/pq treats `require` as a half-checked mode. Only verify-full gets
  // one.
  if (database.ssl_mode == SslMode::verify_full) {
    add_parameter(dsn, "sslrootcert", ca_file);
  }
  add_parameter(dsn, "connect_timeout", "5");
  return dsn;
}

}  // namespace charm::hockeypuck
