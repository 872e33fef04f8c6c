// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/json/json_text.hpp"

#include "charm/domain/error.hpp"
#include "charm/domain/text.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace charm {
namespace {

struct Escape {
  std::string_view raw;
  std::string_view escaped;
};

// YAML 1.1, section 5.1 (printable characters) and 5.4 (line breaks). The other forbidden
// characters, U+0080 to U+009F, are handled by rule.
constexpr std::array escapes = {
    Escape{"\x7f", "\\u007f"},         Escape{"\xe2\x80\xa8", "\\u2028"},
    Escape{"\xe2\x80\xa9", "\\u2029"}, Escape{"\xef\xbb\xbf", "\\ufeff"},
    Escape{"\xef\xbf\xbe", "\\ufffe"}, Escape{"\xef\xbf\xbf", "\\uffff"},
};

const Escape* escape_at(std::string_view text) {
  for (const Escape& escape : escapes) {
    if (text.starts_with(escape.raw)) {
      return &escape;
    }
  }
  return nullptr;
}

/// Whether the text begins with a C1 control character, U+0080 to U+009F, in UTF-8.
bool is_c1(std::string_view text) {
  return text.size() >= 2 && text[0] == '\xc2' && static_cast<unsigned char>(text[1]) < 0xa0;
}

constexpr int deepest = 64;

/// Counts brackets outside of strings. The count may be wrong for text that is not JSON, which the
/// parser rejects later.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '[' || c == '{') && ++depth > deepest) {
      return true;
    } else if (!in_string && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::string json_text(const nlohmann::json& value) {
  std::string raw;
  try {
    raw = value.dump();
  } catch (const nlohmann::json::exception&) {
    throw Error("cannot write a text that is not UTF-8 as JSON");
  }
  std::string text;
  text.reserve(raw.size());
  for (std::string_view rest = raw; !rest.empty();) {
    std::size_t taken = 1;
    if (const Escape* escape = escape_at(rest)) {
      text += escape->escaped;
      taken = escape->raw.size();
    } else if (is_c1(rest)) {
      text += "\\u00" + hexadecimal(rest.substr(1, 1));
      taken = 2;
    } else {
      text += rest.front();
    }
    rest.remove_prefix(taken);
  }
  return text;
}

std::optional<nlohmann::json> parse_json(std::string_view text) {
  if (is_too_deep(text)) {
    return std::nullopt;
  }
  auto value = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) {
    return std::nullopt;
  }
  return std::optional(std::move(value));
}

nlohmann::json read_own_json(std::string_view text) {
  using Json = nlohmann::json;
  constexpr std::uint64_t greatest = 100'000'000'000;
  bool right = true;
  const auto look = [&right](int /*depth*/, Json::parse_event_t /*event*/, const Json& value) {
    right = right && (!value.is_number() ||
                      (value.is_number_unsigned() && value.get<std::uint64_t>() <= greatest));
    return true;
  };
  Json json = Json::parse(text, look, false);
  return right && !json.is_discarded() ? std::move(json) : Json();
}

}  // namespace charm
