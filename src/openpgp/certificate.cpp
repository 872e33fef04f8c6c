// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/certificate.hpp"

#include "charm/domain/text.hpp"
#include "charm/openpgp/armor.hpp"
#include "key.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace charm::openpgp {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view begin_mark = "-----BEGIN PGP ";
constexpr std::string_view end_mark = "-----END PGP ";

/// Returns the position of a line that begins with these words, or npos.
std::size_t find_line(std::string_view text, std::string_view words, std::size_t from) {
  std::size_t found = text.find(words, from);
  while (found != std::string_view::npos && found != 0 && text[found - 1] != '\n') {
    found = text.find(words, found + 1);
  }
  return found;
}

/// Returns the block that begins at this position, to the end of its last line.
std::string_view block_at(std::string_view text, std::size_t begin) {
  const std::size_t end = find_line(text, end_mark, begin);
  if (end == std::string_view::npos) {
    throw InputError("an armored block is cut off");
  }
  return text.substr(begin, text.find('\n', end) - begin);
}

void append_block(std::string& packets, std::string_view block) {
  const ArmoredBlock read = dearmor(block);
  if (read.type == ArmorType::private_key) {
    throw InputError("there is a secret key in it, which no keyserver may have");
  }
  if (read.type != ArmorType::public_key) {
    throw InputError("there is an armored block in it that is not a public key");
  }
  packets += read.octets;
}

/// RFC 9580, section 5: packets that do not belong in a key.
constexpr std::array<int, 10> message_packets{0, 1, 3, 4, 8, 9, 11, 18, 19, 20};
/// Markers and padding, which may be anywhere.
constexpr std::array<int, 2> idle_packets{10, 21};

template <typename Tags>
bool is_one_of(const Tags& tags, PacketTag tag) {
  return std::ranges::find(tags, static_cast<int>(tag)) != tags.end();
}

bool is_secret(PacketTag tag) {
  return tag == PacketTag::secret_key || tag == PacketTag::secret_subkey;
}

void require_public(PacketTag tag) {
  if (is_secret(tag)) {
    throw InputError("there is a secret key in it, which no keyserver may have");
  }
  if (is_one_of(message_packets, tag)) {
    throw InputError("there is a packet of type " + std::to_string(static_cast<int>(tag)) +
                     " in it, which is not a part of a key");
  }
}

void require_idle(PacketTag tag) {
  if (tag == PacketTag::signature) {
    throw InputError("it begins with a signature without its key");
  }
  if (!is_one_of(idle_packets, tag)) {
    throw InputError("it begins with a packet of type " + std::to_string(static_cast<int>(tag)) +
                     ", not with a public key");
  }
}

/// Returns the octets of the two integers of an RSA key, without their lengths.
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

/// Returns the fingerprint of a key of any algorithm from its packet's body (RFC 9580, section
/// 5.5.4; version 5 is LibrePGP's). Empty for other versions and for a body that is too short.
std::string key_fingerprint(std::string_view body) {
  try {
    return hexadecimal(fingerprint_octets(body));
  } catch (const InputError&) {
    return {};
  }
}

/// Hashes a key as SKS does: each packet with four octets of type and of length, sorted by type and
/// body. Trust packets are local, so they are left out.
std::string digest_of(std::vector<PacketView> packets) {
  std::ranges::sort(packets, {}, [](const PacketView& packet) {
    return std::tuple(static_cast<int>(packet.tag), packet.body);
  });
  std::string octets;
  for (const PacketView& packet : packets) {
    if (packet.tag != PacketTag::trust) {
      octets += number_octets(static_cast<std::size_t>(packet.tag), 4);
      octets += number_octets(packet.body.size(), 4);
      octets += packet.body;
    }
  }
  return hexadecimal(md5(octets));
}

Certificate certificate(const std::vector<PacketView>& packets) {
  const std::string_view first = packets.front().octets;
  const std::string_view last = packets.back().octets;
  return {.fingerprint = key_fingerprint(packets.front().body),
          .digest = digest_of(packets),
          .packets = {first.data(),
                      static_cast<std::size_t>(last.data() - first.data()) + last.size()}};
}

}  // namespace

bool is_binary(std::string_view file) {
  return !file.empty() && (static_cast<unsigned char>(file.front()) & 0x80U) != 0 &&
         !file.starts_with(byte_order_mark);
}

std::string key_packets(std::string file) {
  if (file.empty() || is_binary(file)) {
    return file;
  }
  const std::string_view text =
      std::string_view(file).substr(file.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  std::size_t begin = find_line(text, begin_mark, 0);
  if (begin == std::string_view::npos) {
    throw InputError("it holds neither OpenPGP packets nor an armored block of them");
  }
  std::string packets;
  while (begin != std::string_view::npos) {
    const std::string_view block = block_at(text, begin);
    append_block(packets, block);
    begin = find_line(text, begin_mark, begin + block.size());
  }
  return packets;
}

std::vector<Certificate> read_certificates(std::string_view octets) {
  OctetReader reader(octets);
  std::vector<Certificate> certificates;
  std::vector<PacketView> packets;
  while (!reader.empty()) {
    const PacketView packet = take_packet(reader);
    require_public(packet.tag);
    if (packet.tag == PacketTag::public_key && !packets.empty()) {
      certificates.push_back(certificate(packets));
      packets.clear();
    }
    if (packet.tag != PacketTag::public_key && packets.empty()) {
      require_idle(packet.tag);
    } else {
      packets.push_back(packet);
    }
  }
  if (!packets.empty()) {
    certificates.push_back(certificate(packets));
  }
  return certificates;
}

}  // namespace charm::openpgp
