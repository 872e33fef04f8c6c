// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rule.hpp"

#include "charm/domain/error.hpp"

#include <algorithm>
#include <cctype>

namespace traefik {
namespace {

class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}

  Rule rule() {
    Rule rule = {{matcher()}};
    for (skip_spaces(); at_ < text_.size(); skip_spaces()) {
      if (accept("&&")) {
        rule.back().push_back(matcher());
      } else if (accept("||")) {
        rule.push_back({matcher()});
      } else {
        fail();
      }
    }
    return rule;
  }

 private:
  [[noreturn]] void fail() const {
    throw charm::Error("the rehearsal cannot read the rule " + text_);
  }

  void skip_spaces() {
    while (at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
    }
  }

  bool accept(const std::string& word) {
    skip_spaces();
    if (text_.compare(at_, word.size(), word) != 0) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  std::string argument() {
    if (!accept("`")) {
      fail();
    }
    const auto end = text_.find('`', at_);
    if (end == std::string::npos) {
      fail();
    }
    std::string found = text_.substr(at_, end - at_);
    at_ = end + 1;
    return found;
  }

  Matcher matcher() {
    skip_spaces();
    Matcher matcher;
    while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) {
      matcher.name += text_[at_++];
    }
    if (matcher.name.empty() || !accept("(")) {
      fail();
    }
    do {
      matcher.arguments.push_back(argument());
    } while (accept(","));
    if (!accept(")")) {
      fail();
    }
    return matcher;
  }

  std::string text_;
  std::size_t at_ = 0;
};

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
    throw charm::Error("the rehearsal does not know the matcher " + matcher + "(`" + argument +
                       "`)");
  }
  match.path = argument;
  match.whole_path = matcher == "Path";
  return match;
}

/// Every combination of the arguments of matchers that must all match.
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

}  // namespace

Rule parse_rule(const std::string& text) {
  return Reader(text).rule();
}

std::vector<HttpMatch> http_matches(const Rule& rule) {
  std::vector<HttpMatch> all;
  for (const std::vector<Matcher>& alternative : rule) {
    const auto matches = combinations(alternative);
    all.insert(all.end(), matches.begin(), matches.end());
  }
  return all;
}

}  // namespace traefik
