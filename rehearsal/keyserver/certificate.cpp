// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/certificate.hpp"

#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/octets.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace rehearsal::keyserver {
namespace {

const Packet& packet_of(const Signature& signature) {
  return signature.packet;
}

const Packet& packet_of(const UserId& user_id) {
  return user_id.packet;
}

const Packet& packet_of(const Subkey& subkey) {
  return subkey.key.packet;
}

/// Returns the equal part, or adds the part and returns it.
template <typename Part>
Part& find_or_add(std::vector<Part>& parts, const Part& part) {
  const auto same = std::ranges::find_if(
      parts, [&part](const Part& known) { return packet_of(known) == packet_of(part); });
  return same == parts.end() ? parts.emplace_back(part) : *same;
}

void add_missing(std::vector<Signature>& signatures, const std::vector<Signature>& more) {
  for (const Signature& signature : more) {
    find_or_add(signatures, signature);
  }
}

template <typename Part>
void add_missing(std::vector<Part>& parts, const std::vector<Part>& more) {
  for (const Part& part : more) {
    add_missing(find_or_add(parts, part).signatures, part.signatures);
  }
}

/// Builds certificates packet by packet.
class CertificateReader {
 public:
  explicit CertificateReader(const ReadingLimits& limits) : limits_(limits) {}

  void add(const Element& element) {
    const std::size_t length = element.packet.body.size();
    if (limits_.packet_length > 0 && length > limits_.packet_length) {
      return;
    }
    if (element.packet.tag == tag::public_key) {
      finish();
      start(element);
    } else if (current_) {
      add_part(element);
    }
    length_ += length;
    if (limits_.key_length > 0 && length_ > limits_.key_length) {
      current_.reset();
    }
  }

  std::vector<Certificate> take() {
    finish();
    return std::move(certificates_);
  }

 private:
  void start(const Element& element) {
    length_ = 0;
    if (element.key) {
      current_ = Certificate{.key = *element.key};
      signatures_ = &current_->signatures;
    }
  }

  void finish() {
    if (current_) {
      certificates_.push_back(std::move(*current_));
      current_.reset();
    }
  }

  void add_part(const Element& element) {
    if (element.packet.tag == tag::signature) {
      if (element.signature && signatures_ != nullptr) {
        add_missing(*signatures_, {*element.signature});
      }
      return;
    }
    // A signature over a skipped packet must not be added to the packet before it.
    signatures_ = nullptr;
    if (element.packet.tag == tag::user_id) {
      add_user_id(element.packet);
    } else if (element.packet.tag == tag::public_subkey && element.key) {
      signatures_ = &find_or_add(current_->subkeys, Subkey{.key = *element.key}).signatures;
    }
  }

  void add_user_id(const Packet& packet) {
    // PostgreSQL cannot store a NUL.
    if (packet.body.find('\0') == std::string::npos) {
      const UserId user_id{.packet = packet, .keywords = printable(packet.body)};
      signatures_ = &find_or_add(current_->user_ids, user_id).signatures;
    }
  }

  static std::string printable(std::string text) {
    std::erase_if(text, [](unsigned char letter) { return letter < 0x20 || letter == 0x7F; });
    try {
      static_cast<void>(nlohmann::json(text).dump());
    } catch (const nlohmann::json::type_error&) {
      // The text is not UTF-8.
      std::ranges::replace_if(
          text, [](unsigned char letter) { return letter >= 0x80; }, '?');
    }
    return text;
  }

  const ReadingLimits& limits_;
  std::vector<Certificate> certificates_;
  std::optional<Certificate> current_;
  /// The signatures of the current part of the certificate.
  std::vector<Signature>* signatures_ = nullptr;
  std::size_t length_ = 0;
};

void append(std::vector<Packet>& packets, const std::vector<Signature>& signatures) {
  for (const Signature& signature : signatures) {
    packets.push_back(signature.packet);
  }
}

std::vector<Packet> packets_of(const Certificate& certificate) {
  std::vector<Packet> packets{certificate.key.packet};
  append(packets, certificate.signatures);
  for (const UserId& user_id : certificate.user_ids) {
    packets.push_back(user_id.packet);
    append(packets, user_id.signatures);
  }
  for (const Subkey& subkey : certificate.subkeys) {
    packets.push_back(subkey.key.packet);
    append(packets, subkey.signatures);
  }
  return packets;
}

using nlohmann::ordered_json;

ordered_json to_json(const Packet& packet) {
  return {{"tag", packet.tag}, {"data", base64(serialize(packet))}, {"parsed", false}};
}

ordered_json to_json(const Signature& signature, std::int64_t key_creation) {
  ordered_json result = {{"packet", to_json(signature.packet)}, {"sigType", signature.type}};
  if (signature.is_revocation()) {
    result["revocation"] = true;
  }
  if (signature.primary_user_id) {
    result["primary"] = true;
  }
  result["issuerKeyID"] = signature.issuer_key_id;
  result["creation"] = utc_timestamp(signature.creation);
  if (const auto expiration = signature.expiration(key_creation)) {
    result["expiration"] = utc_timestamp(*expiration);
  } else {
    result["neverExpires"] = true;
  }
  return result;
}

/// Leaves out an empty list.
void put_signatures(ordered_json& part, const std::vector<Signature>& signatures,
                    std::int64_t key_creation) {
  for (const Signature& signature : signatures) {
    part["signatures"].push_back(to_json(signature, key_creation));
  }
}

ordered_json to_json(const PublicKey& key, const std::vector<Signature>& signatures) {
  ordered_json algorithm = {
      {"name", key.algorithm_name()}, {"code", key.algorithm}, {"bitLength", key.bit_length}};
  if (!key.curve.empty()) {
    algorithm["curve"] = key.curve;
  }
  // Only keys older than version 4 have their own expiry.
  ordered_json result = {{"packet", to_json(key.packet)},
                         {"fingerprint", key.fingerprint},
                         {"longKeyID", key.key_id()},
                         {"creation", utc_timestamp(key.creation)},
                         {"neverExpires", true},
                         {"version", 4},
                         {"algorithm", std::move(algorithm)},
                         {"bitLength", key.bit_length}};
  put_signatures(result, signatures, key.creation);
  return result;
}

/// The octets of all packet bodies, which Hockeypuck uses as the length of a key.
std::size_t length_of(const Certificate& certificate) {
  const auto add = [](std::size_t length, const Signature& signature) {
    return length + signature.packet.body.size();
  };
  const auto all = [&add](std::size_t length, const std::vector<Signature>& signatures) {
    return std::accumulate(signatures.begin(), signatures.end(), length, add);
  };
  std::size_t length = all(certificate.key.packet.body.size(), certificate.signatures);
  for (const UserId& user_id : certificate.user_ids) {
    length = all(length + user_id.packet.body.size(), user_id.signatures);
  }
  for (const Subkey& subkey : certificate.subkeys) {
    length = all(length + subkey.key.packet.body.size(), subkey.signatures);
  }
  return length;
}

void collect(const nlohmann::json& part, std::string& octets) {
  octets += from_base64(part.at("packet").at("data").get<std::string>());
  for (const char* list : {"signatures", "userIDs", "subKeys"}) {
    const auto members = part.find(list);
    if (members == part.end() || !members->is_array()) {
      continue;
    }
    for (const nlohmann::json& member : *members) {
      collect(member, octets);
    }
  }
}

}  // namespace

std::string octets_of(const Certificate& certificate) {
  std::string octets;
  for (const Packet& packet : packets_of(certificate)) {
    octets += serialize(packet);
  }
  return octets;
}

std::string digest_of(const Certificate& certificate) {
  std::vector<Packet> packets = packets_of(certificate);
  std::ranges::sort(packets, {},
                    [](const Packet& packet) { return std::tie(packet.tag, packet.body); });
  std::string all;
  for (const Packet& packet : packets) {
    all += octets_of(packet.tag, 4) + octets_of(packet.body.size(), 4) + packet.body;
  }
  return hex_of(digest_of(EVP_md5(), all));
}

ReadCertificates read_certificates(const std::string& octets, const ReadingLimits& limits) {
  const std::vector<Element> elements = read_elements(octets);
  if (!elements.empty() && elements.front().packet.tag == tag::signature) {
    if (elements.size() > 1 || !elements.front().signature) {
      throw MalformedData("a signature instead of a key");
    }
    return {.bare_revocation = elements.front().signature};
  }
  CertificateReader reader(limits);
  std::ranges::for_each(elements, [&reader](const Element& element) { reader.add(element); });
  return {.certificates = reader.take()};
}

void add_missing_parts(Certificate& certificate, const Certificate& more) {
  add_missing(certificate.signatures, more.signatures);
  add_missing(certificate.user_ids, more.user_ids);
  add_missing(certificate.subkeys, more.subkeys);
}

ordered_json to_json(const Certificate& certificate) {
  ordered_json result = to_json(certificate.key, certificate.signatures);
  result["md5"] = digest_of(certificate);
  result["length"] = length_of(certificate);
  for (const Subkey& subkey : certificate.subkeys) {
    result["subKeys"].push_back(to_json(subkey.key, subkey.signatures));
  }
  for (const UserId& user_id : certificate.user_ids) {
    ordered_json part = {{"packet", to_json(user_id.packet)}, {"keywords", user_id.keywords}};
    put_signatures(part, user_id.signatures, certificate.key.creation);
    result["userIDs"].push_back(std::move(part));
  }
  return result;
}

Certificate from_document(const std::string& document) {
  std::string octets;
  try {
    collect(nlohmann::json::parse(document), octets);
  } catch (const nlohmann::json::exception& error) {
    throw MalformedData(std::string("stored document: ") + error.what());
  }
  ReadCertificates read = read_certificates(octets);
  if (read.certificates.size() != 1) {
    throw MalformedData("stored document is not one certificate");
  }
  return std::move(read.certificates.front());
}

}  // namespace rehearsal::keyserver
