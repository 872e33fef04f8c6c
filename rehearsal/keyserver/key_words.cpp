// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/key_words.hpp"

#include <algorithm>
#include <cctype>
#include <clocale>
#include <cstdlib>
#include <cwctype>

#include <locale.h>  // NOLINT(modernize-deprecated-headers): newlocale is POSIX

namespace rehearsal::keyserver {
namespace {

struct UserIdParts {
  std::string text = {};
  std::string address = {};
};

/// Makes letters of any script lower case. Text that is not UTF-8 stays unchanged.
std::string lower(const std::string& text) {
  static const locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  const locale_t before = uselocale(unicode);
  std::wstring letters(text.size(), L'\0');
  std::string result = text;
  if (const std::size_t count = std::mbstowcs(letters.data(), text.c_str(), letters.size());
      count <= letters.size()) {
    letters.resize(count);
    std::ranges::transform(letters, letters.begin(), [](wchar_t letter) {
      return static_cast<wchar_t>(std::towlower(static_cast<std::wint_t>(letter)));
    });
    result.resize(letters.size() * MB_CUR_MAX);
    result.resize(std::wcstombs(result.data(), letters.c_str(), result.size()));
  }
  uselocale(before);
  return result;
}

/// Splits "Text <address>", or an address alone; the text is already in lower case.
UserIdParts split(const std::string& user_id) {
  const std::size_t left = user_id.find('<');
  const std::size_t right = user_id.rfind('>');
  if (left == std::string::npos || right == std::string::npos || right < left) {
    return {.address = user_id};
  }
  return {.text = user_id.substr(0, left), .address = user_id.substr(left + 1, right - left - 1)};
}

std::set<std::string> split_at(const std::string& text, bool (*separates)(unsigned char)) {
  std::set<std::string> words;
  std::string word;
  for (const char letter : text + ' ') {
    if (!separates(static_cast<unsigned char>(letter))) {
      word += letter;
      continue;
    }
    words.insert(word);
    word.clear();
  }
  return words;
}

bool separates_words(unsigned char letter) {
  return letter < 0x80 && letter != '-' && letter != '@' && std::isalnum(letter) == 0;
}

bool separates_parts(unsigned char letter) {
  return letter == '-' || letter == ' ';
}

/// A single digit or sign is not a search word.
void forget_short_words(std::set<std::string>& words) {
  std::erase_if(words, [](const std::string& word) {
    return word.empty() ||
           (word.size() == 1 && std::isalpha(static_cast<unsigned char>(word.front())) == 0);
  });
}

}  // namespace

std::set<std::string> words_of_user_id(const std::string& user_id) {
  const std::string whole = lower(user_id);
  const UserIdParts parts = split(whole);
  std::set<std::string> words{whole, parts.address};
  const std::size_t at = parts.address.find('@');
  if (at != std::string::npos) {
    words.insert({parts.address.substr(0, at), parts.address.substr(at + 1)});
  }
  for (const std::string& word : split_at(parts.text, separates_words)) {
    words.insert(word);
    words.merge(split_at(word, separates_parts));
  }
  forget_short_words(words);
  return words;
}

std::string address_of_user_id(const std::string& user_id) {
  const std::string address = split(lower(user_id)).address;
  return address.find('@') == std::string::npos ? "" : address;
}

std::set<std::string> words_of_search(const std::string& search) {
  const std::string whole = lower(search);
  const bool has_address = whole.find('<') < whole.rfind('>') && whole.ends_with('>');
  std::set<std::string> words;
  if (has_address) {
    words.insert(split(whole).address);
  } else {
    words = split_at(whole, [](unsigned char letter) { return std::isspace(letter) != 0; });
  }
  forget_short_words(words);
  return words;
}

std::string text_search_literal(const std::set<std::string>& words, const std::string& separator) {
  std::string literal;
  for (const std::string& word : words) {
    literal += (literal.empty() ? "'" : separator + "'");
    for (const char letter : word) {
      if (letter == '\'' || letter == '\\') {
        literal += letter;
      }
      literal += letter;
    }
    literal += '\'';
  }
  return literal;
}

}  // namespace rehearsal::keyserver
