// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/checksum_list.hpp"

#include "charm/domain/error.hpp"
#include "charm/domain/words.hpp"

#include <algorithm>
#include <optional>

namespace charm {
namespace {

constexpr std::size_t digits = 64;

bool is_hexadecimal(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

std::optional<Checksum> read_line(std::string_view line) {
  Checksum checksum{.sha256 = lower_case(line.substr(0, digits)), .name = {}};
  line.remove_prefix(std::min(digits, line.size()));
  const std::string_view name = trimmed(line);
  if (checksum.sha256.size() != digits || !std::ranges::all_of(checksum.sha256, is_hexadecimal) ||
      name.size() == line.size()) {
    return std::nullopt;
  }
  checksum.name = name.starts_with('*') ? name.substr(1) : name;
  return checksum.name.empty() ? std::nullopt : std::optional(checksum);
}

}  // namespace

std::vector<Checksum> read_checksums(std::string_view text) {
  std::vector<Checksum> checksums;
  std::size_t number = 0;
  for (const std::string_view line : fields(text, "\n")) {
    ++number;
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    const auto checksum = read_line(line);
    if (!checksum) {
      throw Error("line " + std::to_string(number) +
                  " is not a SHA-256 of 64 hexadecimal digits, two blanks and a name");
    }
    checksums.push_back(*checksum);
  }
  return checksums;
}

std::string checksum_line(const Checksum& checksum) {
  return checksum.sha256 + "  " + checksum.name + "\n";
}

}  // namespace charm
