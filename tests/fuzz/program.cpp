// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "subjects.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

// The interface of libFuzzer.
extern "C" {
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                    unsigned seed);
}

namespace fuzz {

namespace {

std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Each subject has a folder of the same name in the corpus.
constexpr std::array subjects = {databags::parsers, files::parsers,     juju::parsers,
                                 keys::parsers,     keyserver::parsers, options::parsers,
                                 pebble::parsers};

/// A parser and the others of its subject.
struct Found {
  const Parser* parser = nullptr;
  std::span<const Parser> subject;
};

Found find(std::string_view name) {
  for (const auto parsers : subjects) {
    const auto subject = parsers();
    const auto found = std::ranges::find(subject, name, &Parser::name);
    if (found != subject.end()) {
      return {.parser = &*found, .subject = subject};
    }
  }
  return {.subject = subjects.front()()};
}

}  // namespace

void require(bool holds, std::string_view property) {
  if (!holds) {
    std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(property.size()),
                 property.data());
    std::abort();
  }
}

FirstLine first_line(std::string_view text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  return {.line = text.substr(0, end), .rest = text.substr(std::min(end + 1, text.size()))};
}

std::vector<std::string_view> pieces(std::string_view text) {
  constexpr std::string_view separator = "\n--\n";
  std::vector<std::string_view> found;
  for (auto end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    found.push_back(text.substr(0, end));
    text.remove_prefix(end + separator.size());
  }
  found.push_back(text);
  return found;
}

}  // namespace fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [name, text] = fuzz::first_line(fuzz::text_of(data, size));
  if (const fuzz::Parser* parser = fuzz::find(name).parser) {
    // On a busy machine the time of the clock says little.
    const std::clock_t begin = std::clock();
    parser->run(text);
    fuzz::require(std::clock() - begin <= CLOCKS_PER_SEC, "an input takes at most a second");
  }
  return 0;
}

/// Leaves the name of the parser as it is, and now and then gives the text to a different parser of
/// the same subject.
std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                    unsigned seed) {
  constexpr unsigned rarely = 100;
  const auto [name, text] = fuzz::first_line(fuzz::text_of(data, size));
  const auto [parser, subject] = fuzz::find(name);
  const bool keep = parser != nullptr && seed % rarely != 0;
  std::string mutated(keep ? name : subject[seed / rarely % subject.size()].name);
  mutated += '\n';
  const std::size_t begin = mutated.size();
  if (begin >= most) {
    return size;
  }
  mutated += text.substr(0, most - begin);
  const std::size_t length = mutated.size() - begin;
  mutated.resize(most);
  const std::size_t end =
      begin + LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(mutated.data()) + begin, length,
                               most - begin);
  std::copy_n(mutated.begin(), end, data);
  return end;
}
