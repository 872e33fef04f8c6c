// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/certificate.hpp"

#include "rehearsal/keyserver/digest.hpp"
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/unicode.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <tuple>

namespace rehearsal::keyserver {
namespace {

void append(std::vector<Packet>& packets, const std::vector<Signature>& signatures) {
  for (const Signature& signature : signatures) {
    packets.push_back(signature.packet);
  }
}

/// Builds certificates packet by packet.
class CertificateReader {
 public:
  explicit CertificateReader(const ReadingLimits& limits) : limits_(limits) {}

  void add(const Packet& packet) {
    if (limits_.packet_length > 0 && packet.body.size() > limits_.packet_length) {
      return;
    }
    if (packet.tag == tag::public_key) {
      finish();
      start(packet);
    } else if (current_) {
      add_part(packet);
    }
    if (current_) {
      length_ += packet.body.size();
    }
    if (limits_.key_length > 0 && length_ > limits_.key_length) {
      current_.reset();
    }
  }

  std::vector<Certificate> take() {
    finish();
    return std::move(certificates_);
  }

 private:
  void start(const Packet& packet) {
    length_ = 0;
    const std::optional<PublicKey> key = parse_public_key(packet);
    if (key && std::ranges::find(limits_.blocked, key->fingerprint) == limits_.blocked.end()) {
      current_ = Certificate{.key = *key};
      place_ = Place::key;
    }
  }

  void finish() {
    if (current_) {
      certificates_.push_back(std::move(*current_));
      current_.reset();
    }
  }

  void add_part(const Packet& packet) {
    switch (packet.tag) {
      case tag::user_id:
        add_user_id(packet);
        break;
      case tag::public_subkey:
        add_subkey(packet);
        break;
      case tag::signature:
        add_signature(packet);
        break;
      default:
        // What signs an unknown packet must not end up on the one before it.
        place_ = Place::nowhere;
    }
  }

  void add_user_id(const Packet& packet) {
    const std::optional<std::string> text = clean_utf8(packet.body);
    place_ = text ? Place::user_id : Place::nowhere;
    if (text) {
      current_->user_ids.push_back({.packet = packet, .keywords = *text});
    }
  }

  void add_subkey(const Packet& packet) {
    const std::optional<PublicKey> key = parse_public_key(packet);
    place_ = key ? Place::subkey : Place::nowhere;
    if (key) {
      current_->subkeys.push_back({.key = *key});
    }
  }

  void add_signature(const Packet& packet) {
    const std::optional<Signature> signature = parse_signature(packet);
    if (!signature) {
      return;
    }
    if (place_ == Place::key) {
      current_->signatures.push_back(*signature);
    } else if (place_ == Place::user_id) {
      current_->user_ids.back().signatures.push_back(*signature);
    } else if (place_ == Place::subkey) {
      current_->subkeys.back().signatures.push_back(*signature);
    }
  }

  enum class Place { nowhere, key, user_id, subkey };

  const ReadingLimits& limits_;
  std::vector<Certificate> certificates_;
  std::optional<Certificate> current_;
  Place place_ = Place::nowhere;
  std::size_t length_ = 0;
};

}  // namespace

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

std::size_t length_of(const Certificate& certificate) {
  std::size_t length = 0;
  for (const Packet& packet : packets_of(certificate)) {
    length += packet.body.size();
  }
  return length;
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

ReadCertificates read_certificates(const std::vector<Packet>& packets,
                                   const ReadingLimits& limits) {
  if (!packets.empty() && packets.front().tag == tag::signature) {
    const std::optional<Signature> signature = parse_signature(packets.front());
    if (packets.size() > 1 || !signature) {
      throw MalformedData("a signature where a key should be");
    }
    return {.bare_revocation = signature};
  }
  CertificateReader reader(limits);
  for (const Packet& packet : packets) {
    reader.add(packet);
  }
  return {.certificates = reader.take()};
}

}  // namespace rehearsal::keyserver
