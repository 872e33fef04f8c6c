// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/certificate.hpp"

#include "charm/openpgp/armor.hpp"
#include "charm/openpgp/input_error.hpp"
#include "charm/openpgp/key_file.hpp"
#include "src/openpgp/packet.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

namespace charm::openpgp {
namespace {

using namespace std::string_literals;

std::string packets_of(const std::string& name) {
  return key_packets(file_text("keys/" + name + ".asc"));
}

/// A packet with a header of the new format.
std::string packet(int tag, const std::string& body) {
  Octets octets;
  append(octets, {.tag = PacketTag{static_cast<std::uint8_t>(tag)}, .body = Octets(body)});
  return std::string(std::string_view(octets));
}

std::string reason(const std::string& octets) {
  try {
    return "none, and " + std::to_string(read_certificates(octets).size()) + " keys";
  } catch (const InputError& error) {
    return error.what();
  }
}

/// The fingerprints of the test data, as gpg tells them, by the name of the file.
std::map<std::string, std::string> known_fingerprints() {
  std::ifstream table(std::string(TEST_DATA_DIR) + "/keys/fingerprints.tsv");
  std::map<std::string, std::string> known;
  for (std::string line; std::getline(table, line);) {
    const auto end = line.find('\t');
    std::string digits = line.substr(end + 1, 40);
    std::ranges::transform(digits, digits.begin(), [](char c) { return c < 'A' ? c : c | 0x20; });
    known[line.substr(0, end)] = digits;
  }
  return known;
}

TEST(Certificates, AreNamedAsGpgNamesThem) {
  auto known = known_fingerprints();
  for (const std::string name : {"key01_ed25519", "key11_rsa2048", "key15_nistp256"}) {
    const std::string octets = packets_of(name);
    const auto certificates = read_certificates(octets);
    ASSERT_EQ(certificates.size(), 1U);
    EXPECT_EQ(certificates[0].packets, octets);
    EXPECT_EQ(certificates[0].fingerprint, known[name]) << name;
  }
}

TEST(Certificates, HaveTheDigestThatHockeypuckKeeps) {
  const std::string octets = packets_of("key01_ed25519");
  EXPECT_EQ(read_certificates(octets)[0].digest, "4d6e876efd9b604dc5700bd663e8ea19");
  const std::string other = packets_of("key10_ed25519_expiring");
  EXPECT_EQ(read_certificates(other)[0].digest, "bfa1c35d6ec9f1a22b2382dd62bb45fb");
}

TEST(Certificates, HaveADigestThatMindsNeitherOrderNorTrust) {
  const std::string key = packet(6, "\x04key");
  const std::string a = packet(13, "a");
  const std::string b = packet(13, "b");
  const std::string digest = read_certificates(key + a + b)[0].digest;
  const std::string reordered = key + b + packet(12, "trust") + a;
  EXPECT_EQ(read_certificates(reordered)[0].digest, digest);
  EXPECT_NE(read_certificates(key + a)[0].digest, digest);
}

TEST(Certificates, FollowOneAnother) {
  const std::string one = packets_of("key02_ed25519_multiuid");
  const std::string other = packets_of("key16_ed25519_manysubs");
  const std::string file = one + other + one;
  const auto certificates = read_certificates(file);
  ASSERT_EQ(certificates.size(), 3U);
  EXPECT_EQ(certificates[1].packets, other);
  EXPECT_EQ(certificates[2].packets, one);
  EXPECT_EQ(certificates[2].fingerprint, certificates[0].fingerprint);
}

TEST(Certificates, MayHaveOldHeadersAndMarkers) {
  const std::string key = "\x99\x00\x04\x04key"s;
  const std::string marker = packet(10, "PGP");
  const std::string user_id = "\xB6\x00\x00\x00\x01x"s;
  const std::string file = marker + key + user_id + marker + key;
  const auto certificates = read_certificates(file);
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_EQ(certificates[0].packets, key + user_id + marker);
  EXPECT_EQ(certificates[1].packets, key);
}

TEST(Certificates, MayBeOfVersion6) {
  // RFC 9580, appendix A.3.
  const std::string octets = key_packets(file_text("openpgp/version_6.pub.asc"));
  EXPECT_EQ(read_certificates(octets)[0].fingerprint,
            "cb186c4f0609a697e4d52dfa6c722b0c1f1e27c18a56708f6525ec27bad9acc9");
}

TEST(Certificates, AreNamedByTheRulesOfTheirVersion) {
  // Checked with md5sum and sha256sum.
  const std::string version_3 = packet(6, "\x03\0\0\0\0\0\0\x01\0\x08\xFF\0\x02\x03"s);
  EXPECT_EQ(read_certificates(version_3)[0].fingerprint, "e614504aca10d1a55718b9727b211361");
  const std::string version_5 = packet(6, "\x05\0\0\0\0\x16"s);
  EXPECT_EQ(read_certificates(version_5)[0].fingerprint,
            "71f68a45ea137e79fb45b29d4cac4f8acc7d0857b5e899ab0738a9f9a4c3660c");
  for (const std::string& body :
       {""s, "\x01"s, "\x07later"s, "\x03short"s, "\x04"s + std::string(0x10000, 'x')}) {
    EXPECT_EQ(read_certificates(packet(6, body))[0].fingerprint, "");
  }
}

TEST(Certificates, AreRefusedWhereTheyAreNone) {
  const std::string key = packet(6, "\x04key");
  const std::string secret = "there is a secret key in it, which no keyserver may have";
  EXPECT_EQ(reason(""), "none, and 0 keys");
  EXPECT_EQ(reason(packet(5, "\x04")), secret);
  EXPECT_EQ(reason(key + packet(7, "\x04")), secret);
  EXPECT_EQ(reason(key + packet(11, "b")),
            "there is a packet of type 11 in it, which is no part of a key");
  EXPECT_EQ(reason(packet(2, "\x04")), "it begins with a signature without its key");
  EXPECT_EQ(reason(packet(13, "a") + key),
            "it begins with a packet of type 13, not with a public key");
  EXPECT_EQ(reason(key + "x"), "the data is not a sequence of OpenPGP packets");
  EXPECT_EQ(reason(key + "\xCD\xE1xx"), "an OpenPGP packet has a partial length");
  EXPECT_EQ(reason(key + "\xB7x"), "an OpenPGP packet has no length");
}

TEST(Certificates, AreNeverReadFromAStreamThatIsCutOff) {
  const std::string one = packets_of("key01_ed25519");
  const std::string file = one + packets_of("key17_ed25519_revoked");
  std::vector<std::size_t> whole{0};
  for (OctetReader reader(file); !reader.empty();) {
    static_cast<void>(take_packet(reader));
    whole.push_back(file.size() - reader.rest().size());
  }
  for (std::size_t size = 0; size < file.size(); ++size) {
    const bool is_whole = std::ranges::find(whole, size) != whole.end();
    const std::string keys = size == 0 ? "0" : size <= one.size() ? "1" : "2";
    EXPECT_EQ(reason(file.substr(0, size)),
              is_whole ? "none, and " + keys + " keys" : "the OpenPGP data ends too early")
        << size;
  }
}

}  // namespace
}  // namespace charm::openpgp
