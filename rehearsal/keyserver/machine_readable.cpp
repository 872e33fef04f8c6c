// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/machine_readable.hpp"

#include "rehearsal/keyserver/self_signatures.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>

namespace rehearsal::keyserver {
namespace {

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return text;
}

std::string time_or_nothing(std::optional<std::int64_t> time) {
  return time ? std::to_string(*time) : "";
}

std::string with_colons_escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter == ':') {
      result += "%3a";
    } else {
      result += letter;
    }
  }
  return result;
}

std::string key_line(const Certificate& certificate) {
  const PublicKey& key = certificate.key;
  const bool revoked = !signatures_over_key(certificate).own.revocations.empty();
  return "pub:" + upper(key.fingerprint) + ":" + std::to_string(key.algorithm) + ":" +
         std::to_string(key.bit_length) + ":" + std::to_string(key.creation) + ":" +
         time_or_nothing(expiration_of_key(certificate)) + ":" + (revoked ? "r" : "") + "\n";
}

std::string user_id_line(const UserId& user_id, const Certificate& certificate) {
  const SelfSignatures own = signatures_over(user_id, certificate).own;
  std::int64_t since = 0;
  std::optional<std::int64_t> expiration;
  if (!own.certifications.empty()) {
    since = own.certifications.back().creation;
    expiration = own.certifications.front().expiration(certificate.key.creation);
  }
  return "uid:" + with_colons_escaped(user_id.keywords) + ":" + std::to_string(since) + ":" +
         time_or_nothing(expiration) + ":" + (own.revocations.empty() ? "" : "r") + "\n";
}

}  // namespace

std::string machine_readable_index(const std::vector<Certificate>& certificates) {
  std::string index = "info:1:" + std::to_string(certificates.size()) + "\n";
  for (const Certificate& certificate : certificates) {
    index += key_line(certificate);
    for (const UserId& user_id : certificate.user_ids) {
      index += user_id_line(user_id, certificate);
    }
  }
  return index;
}

}  // namespace rehearsal::keyserver
