// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_fingerprint.hpp"

#include "charm/openpgp/input_error.hpp"
#include "digest.hpp"
#include "octet_reader.hpp"

namespace charm::openpgp {
namespace {

/// The octets of the two integers of an RSA key, without their lengths.
Octets version_3(std::string_view body) {
  OctetReader reader(body);
  reader.take(8);  // Version, time, days of validity, algorithm.
  Octets octets(reader.integer());
  return md5(octets.append(reader.integer()));
}

Octets version_4(std::string_view body) {
  if (body.size() > 0xFFFF) {
    throw InputError("the key is longer than its fingerprint can tell");
  }
  return sha1(Octets("\x99").append(number_octets(body.size(), 2)).append(body));
}

Octets later_version(const char* first, std::string_view body) {
  return digest(HashAlgorithm::sha256,
                Octets(first).append(number_octets(body.size(), 4)).append(body));
}

Octets fingerprint_octets(std::string_view body) {
  switch (OctetReader(body).octet()) {
    case 2:
    case 3:
      return version_3(body);
    case 4:
      return version_4(body);
    case 5:
      return later_version("\x9A", body);
    case 6:
      return later_version("\x9B", body);
    default:
      return {};
  }
}

}  // namespace

std::string key_fingerprint(std::string_view body) {
  try {
    return hexadecimal(fingerprint_octets(body));
  } catch (const InputError&) {
    return {};
  }
}

}  // namespace charm::openpgp
