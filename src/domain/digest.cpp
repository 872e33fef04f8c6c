// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"

#include "charm/domain/error.hpp"
#include "charm/domain/text.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

namespace charm {
namespace {

constexpr std::size_t sha256_digits = 64;

std::optional<Checksum> read_line(std::string_view line) {
  Checksum checksum{.sha256 = lower_case(line.substr(0, sha256_digits)), .name = {}};
  line.remove_prefix(std::min(sha256_digits, line.size()));
  const std::string_view name = trimmed(line);
  if (!is_sha256(checksum.sha256) || name.size() == line.size()) {
    return std::nullopt;
  }
  checksum.name = name.starts_with('*') ? name.substr(1) : name;
  return checksum.name.empty() ? std::nullopt : std::optional(checksum);
}

}  // namespace

std::string sha256(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(digest.data(), &context);
  return hexadecimal({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string short_digest(std::string_view text) {
  const std::size_t digest = std::hash<std::string_view>{}(text);
  return hexadecimal({reinterpret_cast<const char*>(&digest), sizeof(digest)});
}

bool is_sha256(std::string_view text) {
  return text.size() == sha256_digits && is_lower_hexadecimal(text);
}

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
      throw InputError("line " + std::to_string(number) +
                       " is not a SHA-256 of 64 hexadecimal digits, two spaces and a name");
    }
    checksums.push_back(*checksum);
  }
  return checksums;
}

std::string checksum_line(const Checksum& checksum) {
  return checksum.sha256 + "  " + checksum.name + "\n";
}

}  // namespace charm
