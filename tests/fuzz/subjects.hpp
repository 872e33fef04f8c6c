// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"

#include <span>
#include <string_view>
#include <vector>

/// The frame of the fuzzing program. An input is a line with the name of a parser, and then its
/// text. The program fails if an exception leaves the parser, or if a property does not hold. It
/// also fails if one input takes more than a second of processor time.
namespace fuzz {

struct Parser {
  std::string_view name;
  /// Parses the text and checks its result. Catches only the exceptions that the parser declares.
  void (*run)(std::string_view text);
};

/// Ends the program with this message unless the property holds.
void require(bool holds, std::string_view property);

/// Calls a parser. It may refuse its input with an InputError.
template <typename Use>
void unless_refused(Use use) {
  try {
    use();
  } catch (const charm::InputError&) {
    return;
  }
}

/// The same for a parser that may throw an Error.
template <typename Use>
void unless_error(Use use) {
  try {
    use();
  } catch (const charm::Error&) {
    return;
  }
}

struct FirstLine {
  std::string_view line;
  std::string_view rest;
};

[[nodiscard]] FirstLine first_line(std::string_view text);

/// Splits a text at each line that is `--`.
[[nodiscard]] std::vector<std::string_view> pieces(std::string_view text);

// The parsers of each subject, which has a folder of the same name in the corpus.

namespace databags {
[[nodiscard]] std::span<const Parser> parsers();
}

namespace files {
[[nodiscard]] std::span<const Parser> parsers();
}

namespace juju {
[[nodiscard]] std::span<const Parser> parsers();
}

namespace keys {
[[nodiscard]] std::span<const Parser> parsers();
}

namespace keyserver {
[[nodiscard]] std::span<const Parser> parsers();
}

namespace options {
[[nodiscard]] std::span<const Parser> parsers();
}

namespace pebble {
[[nodiscard]] std::span<const Parser> parsers();
}

}  // namespace fuzz
