// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/certificate.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <tuple>

namespace rehearsal::keyserver {
namespace {

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
        add_signature(*element.signature);
      }
      return;
    }
    // A signature over a packet that is passed over must not end up on the one before it.
    signatures_ = nullptr;
    if (element.packet.tag == tag::user_id) {
      add_user_id(element.packet);
    } else if (element.packet.tag == tag::public_subkey && element.key) {
      signatures_ = &part(current_->subkeys, Subkey{.key = *element.key}).signatures;
    }
  }

  void add_signature(const Signature& signature) {
    if (std::ranges::find(*signatures_, signature.packet, &Signature::packet) ==
        signatures_->end()) {
      signatures_->push_back(signature);
    }
  }

  void add_user_id(const Packet& packet) {
    // PostgreSQL cannot store a NUL.
    if (packet.body.find('\0') == std::string::npos) {
      const UserId user_id{.packet = packet, .keywords = printable(packet.body)};
      signatures_ = &part(current_->user_ids, user_id).signatures;
    }
  }

  static std::string printable(std::string text) {
    std::erase_if(text, [](unsigned char letter) { return letter < 0x20 || letter == 0x7F; });
    try {
      static_cast<void>(nlohmann::json(text).dump());
    } catch (const nlohmann::json::type_error&) {
      // It is not UTF-8.
      std::ranges::replace_if(
          text, [](unsigned char letter) { return letter >= 0x80; }, '?');
    }
    return text;
  }

  /// The part itself, or the equal one that is there.
  template <typename Part>
  static Part& part(std::vector<Part>& parts, const Part& added);

  const ReadingLimits& limits_;
  std::vector<Certificate> certificates_;
  std::optional<Certificate> current_;
  /// Of the part of the certificate that signatures now belong to.
  std::vector<Signature>* signatures_ = nullptr;
  std::size_t length_ = 0;
};

const Packet& packet_of(const UserId& user_id) {
  return user_id.packet;
}

const Packet& packet_of(const Subkey& subkey) {
  return subkey.key.packet;
}

template <typename Part>
Part& CertificateReader::part(std::vector<Part>& parts, const Part& added) {
  const auto same = std::ranges::find_if(
      parts, [&added](const Part& known) { return packet_of(known) == packet_of(added); });
  return same == parts.end() ? parts.emplace_back(added) : *same;
}

void add_missing(std::vector<Signature>& signatures, const std::vector<Signature>& more) {
  for (const Signature& signature : more) {
    if (std::ranges::find(signatures, signature.packet, &Signature::packet) == signatures.end()) {
      signatures.push_back(signature);
    }
  }
}

template <typename Part>
void add_missing(std::vector<Part>& parts, const std::vector<Part>& more) {
  for (const Part& part : more) {
    const auto same = std::ranges::find_if(
        parts, [&part](const Part& known) { return packet_of(known) == packet_of(part); });
    if (same == parts.end()) {
      parts.push_back(part);
    } else {
      add_missing(same->signatures, part.signatures);
    }
  }
}

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
      throw MalformedData("a signature where a key should be");
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

}  // namespace rehearsal::keyserver
