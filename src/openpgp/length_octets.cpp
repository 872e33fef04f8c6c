// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "length_octets.hpp"

#include "charm/openpgp/input_error.hpp"

namespace charm::openpgp {

std::size_t read_length(OctetReader& reader, LengthOf what) {
  const std::size_t first = reader.octet();
  if (first < 192) {
    return first;
  }
  if (first == 255) {
    return reader.number(4);
  }
  if (first >= 224 && what == LengthOf::packet) {
    throw InputError("an OpenPGP packet has a partial length");
  }
  return ((first - 192) << 8U) + reader.octet() + 192;
}

Octets length_octets(std::size_t length) {
  if (length < 192) {
    return number_octets(length, 1);
  }
  if (length < 8384) {
    return number_octets(length - 192 + (192U << 8U), 2);
  }
  return Octets("\xFF").append(number_octets(length, 4));
}

}  // namespace charm::openpgp
