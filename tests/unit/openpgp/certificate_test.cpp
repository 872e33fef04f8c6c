// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/openpgp/certificate.hpp"

#include "charm/openpgp/armor.hpp"
#include "src/openpgp/packet.hpp"
#include "tests/unit/openpgp/sample_keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>

namespace charm::openpgp {
namespace certificate_test {

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

/// The fingerprints of the test data, as gpg prints them, by file name.
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
            "there is a packet of type 11 in it, which is not a part of a key");
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

std::string refusal(const std::string& file) {
  try {
    return "none, and " + std::to_string(key_packets(file).size()) + " octets";
  } catch (const InputError& error) {
    return error.what();
  }
}

TEST(KeyFile, IsTakenAsItIsWhenItIsBinary) {
  EXPECT_EQ(key_packets("\x99-----BEGIN PGP "), "\x99-----BEGIN PGP ");
  EXPECT_EQ(key_packets(""), "");
  EXPECT_TRUE(is_binary("\xC6"));
  EXPECT_FALSE(is_binary("\xEF\xBB\xBF-----BEGIN PGP PUBLIC KEY BLOCK-----"));
  EXPECT_FALSE(is_binary("text"));
  EXPECT_FALSE(is_binary(""));
}

TEST(KeyFile, MayHoldArmoredBlocksAndTextBetweenThem) {
  const std::string one = armor(ArmorType::public_key, "one");
  const std::string two = armor(ArmorType::public_key, "two");
  EXPECT_EQ(key_packets(one), "one");
  EXPECT_EQ(key_packets(one + two), "onetwo");
  EXPECT_EQ(key_packets("\xEF\xBB\xBF" + one), "one");
  EXPECT_EQ(key_packets("pub ed25519\n\n" + one + "\n says -----BEGIN PGP to us\r\n" + two + "bye"),
            "onetwo");
  EXPECT_EQ(key_packets(file_text("keys/key01_ed25519.asc")),
            std::string_view(dearmor(file_text("keys/key01_ed25519.asc")).octets));
}

TEST(KeyFile, IsRefusedWhenItIsNone) {
  EXPECT_EQ(refusal("Not Found\n"),
            "it holds neither OpenPGP packets nor an armored block of them");
  EXPECT_EQ(refusal(file_text(ed25519_file)),
            "there is a secret key in it, which no keyserver may have");
  EXPECT_EQ(refusal(armor(ArmorType::signature, "x")),
            "there is an armored block in it that is not a public key");
  EXPECT_EQ(refusal("-----BEGIN PGP MESSAGE-----\n\nMTIz\n-----END PGP MESSAGE-----\n"),
            "the text is not an armored OpenPGP key or signature");
}

TEST(KeyFile, IsNeverReadWhenItsArmorIsCutOff) {
  const std::string block = file_text("keys/key17_revocation_only.asc");
  const std::string file = block + armor(ArmorType::public_key, "two");
  for (std::size_t size = 1; size < file.size() - 1; ++size) {
    const std::string cut = file.substr(0, size);
    // The newline after a block is optional, and so is text after it.
    const bool is_whole =
        size + 1 >= block.size() && size < block.size() + std::string("-----BEGIN PGP ").size();
    EXPECT_EQ(refusal(cut).starts_with("none"), is_whole) << cut;
  }
}

}  // namespace certificate_test
}  // namespace charm::openpgp
