// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/public_key.hpp"

#include "rehearsal/keyserver/digest.hpp"
#include "rehearsal/keyserver/octets.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace rehearsal::keyserver {
namespace {

enum class Material { none, integers, curve, octets };

struct Algorithm {
  int code = 0;
  std::string_view name = {};
  Material material = Material::none;
  /// How many integers, or octets, the key is made of.
  std::size_t size = 0;
};

constexpr std::array algorithms{
    Algorithm{1, "rsa", Material::integers, 2},     Algorithm{2, "rsaE", Material::integers, 2},
    Algorithm{3, "rsaS", Material::integers, 2},    Algorithm{16, "elgE", Material::integers, 3},
    Algorithm{17, "dsa", Material::integers, 4},    Algorithm{18, "ecdh_", Material::curve, 0},
    Algorithm{19, "ecdsa_", Material::curve, 0},    Algorithm{22, "eddsa_", Material::curve, 0},
    Algorithm{25, "x25519", Material::octets, 32},  Algorithm{26, "x448", Material::octets, 56},
    Algorithm{27, "ed25519", Material::octets, 32}, Algorithm{28, "ed448", Material::octets, 57},
};

struct Curve {
  std::string_view oid = {};
  std::string_view name = {};
};

constexpr std::array curves{
    Curve{"2a8648ce3d030107", "P256"},
    Curve{"2b81040022", "P384"},
    Curve{"2b81040023", "P521"},
    Curve{"2b8104000a", "SecP256k1"},
    Curve{"2b06010401da470f01", "Curve25519"},
    Curve{"2b060104019755010501", "Curve25519"},
    Curve{"2b2403030208010107", "BrainpoolP256"},
    Curve{"2b240303020801010b", "BrainpoolP384"},
    Curve{"2b240303020801010d", "BrainpoolP512"},
};

const Algorithm* find_algorithm(int code) {
  const auto* found = std::ranges::find(algorithms, code, &Algorithm::code);
  return found == algorithms.end() ? nullptr : found;
}

/// Reads one multiprecision integer and returns its length in bits.
int read_integer(OctetReader& data) {
  const auto bits = static_cast<int>(data.number(2));
  data.take(static_cast<std::size_t>(bits + 7) / 8);
  return bits;
}

void read_material(PublicKey& key, const Algorithm& algorithm) {
  OctetReader data(key.material);
  switch (algorithm.material) {
    case Material::integers:
      key.bit_length = read_integer(data);
      for (std::size_t i = 1; i < algorithm.size; ++i) {
        read_integer(data);
      }
      break;
    case Material::curve: {
      const std::string oid = hex_of(data.take(data.octet()));
      const auto* curve = std::ranges::find(curves, oid, &Curve::oid);
      if (curve == curves.end()) {
        throw MalformedData("unknown curve");
      }
      key.curve = curve->name;
      key.bit_length = read_integer(data);
      break;
    }
    case Material::octets:
      key.bit_length = static_cast<int>(data.take(algorithm.size).size()) * 8;
      break;
    case Material::none:
      break;
  }
}

PublicKey parse(const Packet& packet) {
  PublicKey key{.packet = packet};
  OctetReader data(packet.body);
  key.version = data.octet();
  if (key.version != 4 && key.version != 6) {
    throw MalformedData("key version");
  }
  key.creation = static_cast<std::int64_t>(data.number(4));
  key.algorithm = data.octet();
  const Algorithm* algorithm = find_algorithm(key.algorithm);
  if (algorithm == nullptr) {
    throw MalformedData("unknown public-key algorithm");
  }
  key.material = key.version == 6 ? data.take(data.number(4)) : data.rest();
  read_material(key, *algorithm);
  const EVP_MD* digest = key.version == 6 ? EVP_sha256() : EVP_sha1();
  key.fingerprint = hex_of(digest_of(digest, hashed_form(key)));
  return key;
}

}  // namespace

std::string PublicKey::key_id() const {
  return version == 4 ? fingerprint.substr(24) : fingerprint.substr(0, 16);
}

std::string PublicKey::algorithm_name() const {
  const Algorithm* known = find_algorithm(algorithm);
  if (known == nullptr) {
    return "unk(#" + std::to_string(algorithm) + ")";
  }
  std::string name(known->name);
  if (known->material == Material::integers) {
    name += std::to_string(bit_length);
  } else if (known->material == Material::curve) {
    name += curve;
  }
  return name;
}

std::string PublicKey::qualified_fingerprint() const {
  return "(" + std::to_string(version) + ")" + algorithm_name() + "/" + fingerprint;
}

std::optional<PublicKey> parse_public_key(const Packet& packet) {
  try {
    return parse(packet);
  } catch (const MalformedData&) {
    return std::nullopt;
  }
}

std::string hashed_form(const PublicKey& key) {
  const std::string& body = key.packet.body;
  return key.version == 6 ? "\x9B" + octets_of(body.size(), 4) + body
                          : "\x99" + octets_of(body.size(), 2) + body;
}

}  // namespace rehearsal::keyserver
