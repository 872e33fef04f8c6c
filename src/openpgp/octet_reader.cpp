// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "octet_reader.hpp"

#include "charm/openpgp/input_error.hpp"

#include <algorithm>
#include <bit>

namespace charm::openpgp {

std::string_view OctetReader::take(std::size_t count) {
  if (count > rest_.size()) {
    throw InputError("the OpenPGP data ends too early");
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::uint32_t OctetReader::number(std::size_t octets) {
  std::uint32_t value = 0;
  for (const char octet : take(octets)) {
    value = value << 8U | static_cast<unsigned char>(octet);
  }
  return value;
}

std::string_view OctetReader::integer() {
  const std::size_t bits = number(2);
  return take((bits + 7) / 8);
}

Octets number_octets(std::size_t value, std::size_t count) {
  Octets octets(count, '\0');
  for (std::size_t i = count; i > 0; --i, value >>= 8U) {
    octets[i - 1] = static_cast<char>(value & 0xFFU);
  }
  return octets;
}

Octets integer_octets(std::string_view octets) {
  octets.remove_prefix(std::min(octets.find_first_not_of('\0'), octets.size()));
  if (octets.empty()) {
    return number_octets(0, 2);
  }
  const auto first = static_cast<unsigned char>(octets.front());
  const std::size_t bits =
      (octets.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(first));
  return number_octets(bits, 2).append(octets);
}

Octets time_octets(std::chrono::sys_seconds time) {
  const auto seconds = time.time_since_epoch().count();
  if (seconds < 0 || seconds > 0xFFFFFFFF) {
    throw Error("OpenPGP cannot write a time before 1970 or after 2106");
  }
  return number_octets(static_cast<std::size_t>(seconds), 4);
}

Octets left_padded(std::string_view octets, std::size_t size) {
  if (octets.size() > size) {
    throw InputError("a number of the key or signature is too large");
  }
  return Octets(size - octets.size(), '\0').append(octets);
}

std::string hexadecimal(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char octet : octets) {
    const auto value = static_cast<unsigned char>(octet);
    text += digits[value >> 4U];
    text += digits[value & 0xFU];
  }
  return text;
}

}  // namespace charm::openpgp
