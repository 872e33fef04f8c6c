// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "base64.hpp"

#include "charm/openpgp/input_error.hpp"

#include <openssl/evp.h>

namespace charm::openpgp {
namespace {

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// OpenSSL itself forgives white space, dashes and padding in the middle.
bool is_base64(std::string_view text, std::size_t padding) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  text.remove_suffix(padding);
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

}  // namespace

Octets base64(std::string_view octets) {
  Octets text((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes(octets),
                                   static_cast<int>(octets.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

Octets from_base64(std::string_view text) {
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  if (text.size() % 4 != 0 || !is_base64(text, padding)) {
    throw InputError("the armored text is not base64");
  }
  Octets octets(text.size() / 4 * 3, '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()), bytes(text),
                  static_cast<int>(text.size()));
  octets.resize(octets.size() - padding);
  return octets;
}

}  // namespace charm::openpgp
