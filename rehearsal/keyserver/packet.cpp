// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/packet.hpp"

#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/rnp_handle.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <regex>

namespace rehearsal::keyserver {
namespace {

using nlohmann::json;

struct Algorithm {
  int code = 0;
  std::string_view name = {};
};

/// Hockeypuck's names (RFC 9580, section 9.1).
constexpr std::array algorithms{
    Algorithm{1, "rsa"},  Algorithm{2, "rsaE"},   Algorithm{3, "rsaS"},    Algorithm{16, "elgE"},
    Algorithm{17, "dsa"}, Algorithm{18, "ecdh_"}, Algorithm{19, "ecdsa_"}, Algorithm{22, "eddsa_"}};

struct Curve {
  std::string_view librnp = {};
  std::string_view hockeypuck = {};
};

constexpr std::array curves{Curve{"Ed25519", "Curve25519"},
                            Curve{"Curve25519", "Curve25519"},
                            Curve{"NIST P-256", "P256"},
                            Curve{"NIST P-384", "P384"},
                            Curve{"NIST P-521", "P521"},
                            Curve{"secp256k1", "SecP256k1"},
                            Curve{"brainpoolP256r1", "BrainpoolP256"},
                            Curve{"brainpoolP384r1", "BrainpoolP384"},
                            Curve{"brainpoolP512r1", "BrainpoolP512"}};

/// Returns librnp's description of a packet sequence. Its texts are not needed here and may not be
/// UTF-8.
json description_of(const std::string& octets) {
  char* dumped = nullptr;
  if (rnp_dump_packets_to_json(input_of(octets).get(), 0, &dumped) != RNP_SUCCESS) {
    throw MalformedData("not a sequence of OpenPGP packets");
  }
  const RnpText owner(dumped);
  std::string text = dumped;
  std::ranges::replace_if(
      text, [](char letter) { return static_cast<unsigned char>(letter) >= 0x80; }, '?');
  return json::parse(text);
}

Packet packet_of(const json& header, const std::string& octets) {
  if (header.at("partial").get<bool>() || header.at("indeterminate").get<bool>()) {
    throw MalformedData("a packet of partial or indeterminate length");
  }
  const std::size_t start =
      header.at("offset").get<std::size_t>() + header.at("raw").get<std::string>().size() / 2;
  const auto length = header.at("length").get<std::size_t>();
  if (start > octets.size() || length > octets.size() - start) {
    throw MalformedData("a packet is cut off");
  }
  return {.tag = header.at("tag").get<std::uint8_t>(), .body = octets.substr(start, length)};
}

/// A lifetime of zero means no lifetime.
std::optional<std::int64_t> lifetime(const json& subpacket, const char* name) {
  const auto seconds = subpacket.value(name, std::int64_t{0});
  return seconds == 0 ? std::nullopt : std::optional(seconds);
}

/// Subpackets of RFC 9580, section 5.2.3.7, that count only in the hashed area.
void read_hashed(Signature& signature, const json& subpacket) {
  switch (subpacket.at("type").get<int>()) {
    case 2:
      signature.creation = subpacket.value("creation time", std::int64_t{0});
      break;
    case 3:
      signature.lifetime = lifetime(subpacket, "expiration time");
      break;
    case 9:
      signature.key_lifetime = lifetime(subpacket, "key expiration");
      break;
    case 25:
      signature.primary_user_id = subpacket.value("primary", false);
      break;
    case 29:
      signature.revocation_reason = subpacket.value("code", 0);
      break;
    default:
      break;
  }
}

std::optional<Signature> signature_of(const Packet& packet, const json& fields) {
  if (fields.value("version", 0) != 4 || !fields.contains("subpackets")) {
    return std::nullopt;
  }
  Signature signature{.packet = packet, .type = fields.at("type")};
  for (const json& subpacket : fields.at("subpackets")) {
    if (subpacket.at("hashed").get<bool>()) {
      read_hashed(signature, subpacket);
    }
    signature.issuer_key_id = subpacket.value("issuer keyid", signature.issuer_key_id);
    if (subpacket.at("type") == 33) {
      signature.issuer_fingerprint = subpacket.value("fingerprint", "");
    }
  }
  if (signature.issuer_fingerprint.size() == 40) {
    signature.issuer_key_id = signature.issuer_fingerprint.substr(24);
  }
  return signature.issuer_key_id.empty() ? std::nullopt : std::optional(signature);
}

std::optional<PublicKey> key_of(const Packet& packet, const json& fields) {
  if (fields.value("version", 0) != 4 || !fields.contains("keyid")) {
    return std::nullopt;
  }
  PublicKey key{.packet = packet,
                .creation = fields.at("creation time"),
                .algorithm = fields.at("algorithm")};
  const json& material = fields.at("material");
  key.bit_length = material.value("n.bits", material.value("p.bits", 0));
  const auto* curve =
      std::ranges::find(curves, std::string_view(material.value("curve", "")), &Curve::librnp);
  key.curve = curve == curves.end() ? material.value("curve", "") : curve->hockeypuck;
  key.fingerprint =
      hex_of(digest_of(EVP_sha1(), "\x99" + octets_of(packet.body.size(), 2) + packet.body));
  return key;
}

std::string length_octets(std::size_t length) {
  if (length < 192) {
    return octets_of(length, 1);
  }
  return length < 8384 ? octets_of(length - 192 + (192U << 8U), 2) : "\xFF" + octets_of(length, 4);
}

std::string octets_in(rnp_output_t output) {
  uint8_t* octets = nullptr;
  std::size_t size = 0;
  rnp_output_memory_get_buf(output, &octets, &size, false);
  return {reinterpret_cast<const char*>(octets), size};
}

RnpOutput memory() {
  rnp_output_t output = nullptr;
  rnp_output_to_memory(&output, 0);
  return RnpOutput(output);
}

}  // namespace

std::string serialize(const Packet& packet) {
  return octets_of(0xC0U | packet.tag, 1) + length_octets(packet.body.size()) + packet.body;
}

std::optional<std::int64_t> Signature::expiration(std::int64_t key_creation) const {
  std::optional<std::int64_t> end;
  if (lifetime) {
    end = creation + *lifetime;
  }
  if (key_lifetime) {
    end = std::min(end.value_or(key_creation + *key_lifetime), key_creation + *key_lifetime);
  }
  return end;
}

bool Signature::is_revocation() const {
  return type == signature_type::key_revocation || type == signature_type::subkey_revocation ||
         type == signature_type::certification_revocation;
}

bool Signature::is_hard_revocation() const {
  constexpr int no_reason = 0;
  constexpr int compromised = 2;
  return is_revocation() && (!revocation_reason || *revocation_reason == no_reason ||
                             *revocation_reason == compromised);
}

std::string PublicKey::algorithm_name() const {
  const auto* known = std::ranges::find(algorithms, algorithm, &Algorithm::code);
  if (known == algorithms.end()) {
    return "unk(#" + std::to_string(algorithm) + ")";
  }
  const bool has_curve = known->name.ends_with('_');
  return std::string(known->name) + (has_curve ? curve : std::to_string(bit_length));
}

std::string PublicKey::qualified_fingerprint() const {
  return "(4)" + algorithm_name() + "/" + fingerprint;
}

std::vector<Element> read_elements(const std::string& octets) {
  if (octets.empty()) {
    return {};
  }
  // librnp would accept armor as well.
  if ((static_cast<unsigned char>(octets.front()) & 0x80U) == 0) {
    throw MalformedData("not an OpenPGP packet");
  }
  std::vector<Element> elements;
  for (const json& fields : description_of(octets)) {
    Element& element = elements.emplace_back(packet_of(fields.at("header"), octets));
    if (element.packet.tag == tag::signature) {
      element.signature = signature_of(element.packet, fields);
    } else if (element.packet.tag == tag::public_key || element.packet.tag == tag::public_subkey) {
      element.key = key_of(element.packet, fields);
    }
  }
  return elements;
}

std::optional<std::string> dearmored(const std::string& text) {
  const std::size_t start = text.find("-----BEGIN PGP ");
  if (start == std::string::npos) {
    return std::nullopt;
  }
  // librnp does not support the kind of block that `gpg --enarmor` writes.
  static const std::regex any_file("PGP ARMORED FILE-----");
  const std::string block =
      std::regex_replace(text.substr(start), any_file, "PGP PUBLIC KEY BLOCK-----");
  const RnpOutput output = memory();
  if (rnp_dearmor(input_of(block).get(), output.get()) != RNP_SUCCESS) {
    throw MalformedData("an armored block that is incomplete or damaged");
  }
  return octets_in(output.get());
}

std::string armored(const std::string& octets, const ArmorHeaders& headers) {
  const RnpOutput output = memory();
  rnp_enarmor(input_of(octets).get(), output.get(), "public key");
  std::string text = octets_in(output.get());
  std::erase(text, '\r');
  std::string lines;
  for (const auto& [name, value] : headers) {
    lines.append(name).append(": ").append(value).append("\n");
  }
  text.insert(text.find('\n') + 1, lines);
  text.erase(text.find_last_not_of('\n') + 1);
  return text;
}

}  // namespace rehearsal::keyserver
