// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <regex>
#include <set>
#include <string_view>

namespace rehearsal {
namespace {

using Json = nlohmann::json;

template <typename Number>
std::optional<Number> whole_number(const std::string& text) {
  Number number{};
  const char* begin = text.data() + (text.size() > 1 && text[0] == '+' ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

bool starts_like_a_number(const std::string& text) {
  const std::size_t first = text.find_first_not_of("+-.");
  return first != std::string::npos && std::isdigit(static_cast<unsigned char>(text[first])) != 0;
}

Json plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    return nullptr;
  }
  if (text == "true" || text == "True" || text == "TRUE") {
    return true;
  }
  if (text == "false" || text == "False" || text == "FALSE") {
    return false;
  }
  if (starts_like_a_number(text)) {
    if (const auto integer = whole_number<std::int64_t>(text)) {
      return *integer;
    }
    if (const auto real = whole_number<double>(text)) {
      return *real;
    }
  }
  return text;
}

/// Reads an integer with Go's prefixes 0x, 0o or 0, and 0b. Returns null for any other text.
Json go_integer(std::string text) {
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') {
    text.erase(0, 1);
  }
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    const int prefix = std::tolower(static_cast<unsigned char>(text[1]));
    base = prefix == 'x' ? 16 : prefix == 'b' ? 2 : 8;
    text.erase(0, base != 8 || prefix == 'o' ? 2 : 1);
  }
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  const bool fits = !negative || number <= std::uint64_t{1} << 63;
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || !fits) {
    return nullptr;
  }
  return negative ? Json(static_cast<std::int64_t>(-number)) : Json(number);
}

/// Reads a plain scalar as Juju's command line does, with version 2 of go-yaml.
Json go_scalar(const std::string& text) {
  static const std::set<std::string> yes{"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"};
  static const std::set<std::string> no{"n", "N", "no", "No", "NO", "off", "Off", "OFF"};
  static const std::regex real(R"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)");
  if (yes.count(text) > 0 || no.count(text) > 0) {
    return yes.count(text) > 0;
  }
  if (!starts_like_a_number(text)) {
    return plain_scalar(text);
  }
  std::string digits = text;
  std::erase(digits, '_');
  if (Json integer = go_integer(digits); !integer.is_null()) {
    return integer;
  }
  if (std::regex_match(digits, real)) {
    if (const auto number = whole_number<double>(digits)) {
      return *number;
    }
  }
  return text;
}

using Scalar = Json (*)(const std::string&);

Json convert(const YAML::Node& node, Scalar scalar) {
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      // A quoted scalar has the tag "!", a plain one "?".
      return node.Tag() == "!" ? Json(node.Scalar()) : scalar(node.Scalar());
    case YAML::NodeType::Sequence: {
      Json list = Json::array();
      for (const YAML::Node& item : node) {
        list.push_back(convert(item, scalar));
      }
      return list;
    }
    case YAML::NodeType::Map: {
      Json object = Json::object();
      for (const auto& item : node) {
        object[item.first.Scalar()] = convert(item.second, scalar);
      }
      return object;
    }
    default:
      return nullptr;
  }
}

void emit(YAML::Emitter& out, const Json& value) {
  if (value.is_object()) {
    out << (value.empty() ? YAML::Flow : YAML::Block) << YAML::BeginMap;
    for (const auto& [key, item] : value.items()) {
      out << YAML::Key << key << YAML::Value;
      emit(out, item);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << (value.empty() ? YAML::Flow : YAML::Block) << YAML::BeginSeq;
    for (const Json& item : value) {
      emit(out, item);
    }
    out << YAML::EndSeq;
  } else if (!value.is_string()) {
    out << value.dump();
  } else {
    const auto& text = value.get_ref<const std::string&>();
    // Quotes a string that would be read back as another type.
    if (plain_scalar(text) != value) {
      out << YAML::DoubleQuoted;
    } else if (text.find('\n') != std::string::npos) {
      out << YAML::Literal;
    }
    out << text;
  }
}

}  // namespace

Json yaml_to_json(const std::string& text) {
  return convert(YAML::Load(text), plain_scalar);
}

Json yaml_argument(const std::string& text) {
  return convert(YAML::Load(text), go_scalar);
}

std::optional<bool> go_bool(const std::string& text) {
  static const std::set<std::string> yes{"1", "t", "T", "TRUE", "true", "True"};
  static const std::set<std::string> no{"0", "f", "F", "FALSE", "false", "False"};
  if (yes.count(text) > 0) {
    return true;
  }
  return no.count(text) > 0 ? std::optional(false) : std::nullopt;
}

std::string json_to_yaml(const Json& value) {
  YAML::Emitter out;
  emit(out, value);
  return std::string(out.c_str()) + "\n";
}

std::string go_json(const Json& value) {
  const std::string plain = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string escaped;
  escaped.reserve(plain.size());
  // These only ever appear inside strings; the last two are U+2028 and U+2029.
  for (std::size_t at = 0; at < plain.size(); ++at) {
    const char character = plain[at];
    const std::string_view rest = std::string_view(plain).substr(at, 3);
    if (rest == "\xe2\x80\xa8" || rest == "\xe2\x80\xa9") {
      escaped += rest.back() == '\xa8' ? "\\u2028" : "\\u2029";
      at += 2;
      continue;
    }
    switch (character) {
      case '<':
        escaped += "\\u003c";
        break;
      case '>':
        escaped += "\\u003e";
        break;
      case '&':
        escaped += "\\u0026";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

}  // namespace rehearsal
