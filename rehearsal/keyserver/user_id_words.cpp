// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/user_id_words.hpp"

#include "rehearsal/keyserver/unicode.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace rehearsal::keyserver {
namespace {

/// PostgreSQL's English stop words: what everybody writes finds nobody.
constexpr std::string_view stop_words[] = {
    "a",      "about",  "above", "after", "again",   "against",   "all",       "am",
    "an",     "and",    "any",   "are",   "as",      "at",        "be",        "because",
    "been",   "before", "being", "below", "between", "both",      "but",       "by",
    "can",    "did",    "do",    "does",  "doing",   "don",       "down",      "during",
    "each",   "few",    "for",   "from",  "further", "had",       "has",       "have",
    "having", "he",     "her",   "here",  "hers",    "herself",   "him",       "himself",
    "his",    "how",    "i",     "if",    "in",      "into",      "is",        "it",
    "its",    "itself", "just",  "me",    "more",    "most",      "my",        "myself",
    "no",     "nor",    "not",   "now",   "of",      "off",       "on",        "once",
    "only",   "or",     "other", "our",   "ours",    "ourselves", "out",       "over",
    "own",    "s",      "same",  "she",   "should",  "so",        "some",      "such",
    "t",      "than",   "that",  "the",   "their",   "theirs",    "them",      "themselves",
    "then",   "there",  "these", "they",  "this",    "those",     "through",   "to",
    "too",    "under",  "until", "up",    "very",    "was",       "we",        "were",
    "what",   "when",   "where", "which", "while",   "who",       "whom",      "why",
    "will",   "with",   "you",   "your",  "yours",   "yourself",  "yourselves"};

struct UserIdParts {
  std::string text = {};
  std::string address = {};
};

/// "Text <address>", or an address alone; the whole is in lower case already.
UserIdParts split(const std::string& user_id) {
  const std::size_t left = user_id.find('<');
  const std::size_t right = user_id.rfind('>');
  if (left == std::string::npos || right == std::string::npos || right < left) {
    return {.address = user_id};
  }
  return {.text = user_id.substr(0, left), .address = user_id.substr(left + 1, right - left - 1)};
}

std::set<std::string> split_at(std::string_view text,
                               const std::function<bool(char32_t)>& separates) {
  std::set<std::string> words;
  std::u32string word;
  for (const char32_t character : decode_utf8(text)) {
    if (!separates(character)) {
      word += character;
      continue;
    }
    words.insert(encode_utf8(word));
    word.clear();
  }
  words.insert(encode_utf8(word));
  return words;
}

bool is_space(char32_t character) {
  return character == ' ' || (character >= 0x09 && character <= 0x0D) || character == 0x85 ||
         character == 0xA0 || character == 0x3000;
}

bool separates_words(char32_t character) {
  return character != '-' && character != '@' && !is_letter_or_number(character);
}

/// Neither nothing, nor a single digit or sign, nor a word everybody writes.
bool is_worth_finding(const std::string& word) {
  const bool is_sign = word.size() == 1 && (word.front() < 'A' || word.front() > 'z' ||
                                            (word.front() > 'Z' && word.front() < 'a'));
  return !word.empty() && !is_sign && std::ranges::find(stop_words, word) == std::end(stop_words);
}

}  // namespace

std::set<std::string> words_of_user_id(std::string_view user_id) {
  const std::string whole = lower_case(user_id);
  const UserIdParts parts = split(whole);
  std::set<std::string> words{whole, parts.address};
  const std::size_t at = parts.address.find('@');
  if (at != std::string::npos) {
    words.insert({parts.address.substr(0, at), parts.address.substr(at + 1)});
  }
  for (const std::string& word : split_at(parts.text, separates_words)) {
    words.insert(word);
    words.merge(split_at(word, [](char32_t character) { return character == '-'; }));
  }
  std::erase_if(words, std::not_fn(is_worth_finding));
  return words;
}

std::string address_of_user_id(std::string_view user_id) {
  const std::string address = split(lower_case(user_id)).address;
  return address.find('@') == std::string::npos ? "" : address;
}

std::set<std::string> words_of_search(std::string_view search) {
  const std::string whole = lower_case(search);
  const std::size_t left = whole.find('<');
  const std::size_t right = whole.rfind('>');
  std::set<std::string> words;
  if (left != std::string::npos && right != std::string::npos && right > left) {
    words.insert(split(whole).address);
  } else {
    words = split_at(whole, is_space);
  }
  std::erase_if(words, std::not_fn(is_worth_finding));
  return words;
}

std::string text_search_literal(const std::set<std::string>& words, std::string_view separator) {
  std::string literal;
  for (const std::string& word : words) {
    literal += literal.empty() ? "" : separator;
    literal += '\'';
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
