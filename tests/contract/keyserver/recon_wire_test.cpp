// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/recon_message.hpp"
#include "tests/contract/keyserver/keyserver_test.hpp"
#include "tests/contract/keyserver/raw_peer.hpp"
#include "tests/support/eventually.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

#include <functional>
#include <mutex>

namespace contract {
namespace {

namespace ks = rehearsal::keyserver;
using ks::octets_of_hex;

// Octets that Hockeypuck 2.3.3 sent, in hexadecimal.

/// The message with its configuration: version 1.1.6, HTTP port 21011, bit quantum 2, mbar 5, no
/// filters but its own.
const std::string recorded_configuration =
    "0000011f0a000000050000000776657273696f6e00000005312e312e36000000096874747020706f727400000004"
    "000052130000000a6269747175616e74756d0000000400000002000000046d626172000000040000000500000007"
    "66696c74657273000000bc64726f703a5541542c64726f703a686172645265766f6b656443727566742c64726f70"
    "3a696d706c61757369626c652c64726f703a696e76616c696453656c665369672c64726f703a7374727563747572"
    "616c4d61727469616e2c64726f703a756e626f756e642c64726f703a756e706172736561626c652c736368656d61"
    "3a6170706c69636174696f6e2f7067702d6b6579732c76657273696f6e733a33342c796d696e736b792e64656475"
    "702c796d696e736b792e6d65726765";
/// The text with which it accepts a configuration.
const std::string recorded_passed = "00000006706173736564";

/// The digest of key01_ed25519.
const std::string digest_of_key01 = "4d6e876efd9b604dc5700bd663e8ea19";
/// A request for everything below the root of a tree with that key, and for nothing in an empty
/// tree.
const std::string recorded_full_request =
    "0000001e010000000000000000000000014d6e876efd9b604dc5700bd663e8ea1900";
const std::string recorded_empty_request = "0000000d01000000000000000000000000";
const std::string recorded_flush = "0000000106";
const std::string recorded_done = "0000000105";
/// Elements: none.
const std::string recorded_no_elements = "000000050200000000";

/// The body of its `POST /pks/hashquery` for that key.
const std::string recorded_hash_query = "00000001000000104d6e876efd9b604dc5700bd663e8ea19";

/// The recorded message with another HTTP port.
std::string configuration_message(std::uint16_t http_port,
                                  const std::function<void(ks::ReconConfiguration&)>& change = {}) {
  ks::ReconConfiguration configuration =
      ks::parse_recon_configuration(octets_of_hex(recorded_configuration).substr(5));
  configuration.http_port = http_port;
  if (change) {
    change(configuration);
  }
  return ks::serialize(ks::ReconMessage{.type = ks::ReconMessageType::configuration,
                                        .body = ks::serialize(configuration)});
}

/// The traffic between a keyserver and a peer that the test plays.
class ReconWire : public KeyserverTest {
 protected:
  void SetUp() override {
    KeyserverTest::SetUp();
    if (!IsSkipped()) {
      keyserver().settings.sections["conflux.recon"]["gossipIntervalSecs"] = "2";
    }
  }

  /// Both sides accept each other's configuration. Returns false if the keyserver cannot reconcile
  /// at the moment. Hockeypuck cannot after each reconciliation, until its tree is up to date.
  bool greet(const RawPeer& peer, std::uint16_t own_http_port) {
    EXPECT_EQ(peer.receive_frame(), configuration_message(keyserver().port()));
    peer.send(configuration_message(own_http_port) + octets_of_hex(recorded_passed));
    if (peer.receive_frame() == octets_of_hex(recorded_passed)) {
      return true;
    }
    EXPECT_EQ(peer.receive_frame().substr(4), busy);
    return false;
  }

  /// Returns the reason in the answer to an incompatible configuration.
  std::string reason_for(const std::function<void(ks::ReconConfiguration&)>& change) {
    std::string reason;
    test::eventually([&] {
      const RawPeer peer("127.0.0.1", keyserver().recon_port());
      peer.receive_frame();
      peer.send(configuration_message(1, change));
      EXPECT_EQ(peer.receive_frame(), ks::serialize_text("failed"));
      reason = peer.receive_frame().substr(4);
      return reason != busy;
    });
    return reason;
  }

  Answer hash_query(const std::string& body) {
    return keyserver().post("/pks/hashquery", body, "sks/hashquery");
  }

 private:
  static constexpr const char* busy = "sync not available, currently mutating";
};

FOR_EVERY_KEYSERVER(ReconWire);

TEST_P(ReconWire, AsksAVisitorForAllItHas) {
  keyserver().start();
  add("key01_ed25519");
  const auto request = [this] {
    const RawPeer peer("127.0.0.1", keyserver().recon_port());
    if (!greet(peer, 1)) {
      return std::string();
    }
    std::string first = peer.receive_frame();
    EXPECT_EQ(peer.receive_frame(), octets_of_hex(recorded_flush));
    peer.send(octets_of_hex(recorded_no_elements));
    EXPECT_EQ(peer.receive_frame(), octets_of_hex(recorded_done));
    return first;
  };
  // Hockeypuck adds the key to its tree at the end of a reconciliation.
  EXPECT_TRUE(test::eventually([&] { return request() == octets_of_hex(recorded_full_request); }));
}

TEST_P(ReconWire, TellsItsPartnerWhatThatLacksAndFetchesWhatItLacksItself) {
  const RawListener partner;
  httplib::Server http;
  std::mutex mutex;
  std::string query;
  http.Post("/pks/hashquery", [&](const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex);
    query = request.body;
    response.set_content(std::string("\0\0\0\0\r\n", 6), "pgp/keys");
  });
  const int http_port = http.bind_to_any_port("127.0.0.1");
  std::thread http_thread([&] { http.listen_after_bind(); });
  keyserver().settings.sections["conflux.recon.partner.other"] = {
      {"httpAddr", quoted("127.0.0.1:1")},
      {"reconAddr", quoted("127.0.0.1:" + std::to_string(partner.port()))}};
  keyserver().start();
  {
    const RawPeer peer = partner.accept();
    EXPECT_TRUE(greet(peer, static_cast<std::uint16_t>(http_port)));
    peer.send(octets_of_hex(recorded_full_request) + octets_of_hex(recorded_flush));
    EXPECT_EQ(peer.receive_frame(), octets_of_hex(recorded_no_elements));
    peer.send(octets_of_hex(recorded_done));
  }
  EXPECT_TRUE(test::eventually([&] {
    const std::lock_guard lock(mutex);
    return query == octets_of_hex(recorded_hash_query);
  }));
  add("key01_ed25519");
  EXPECT_TRUE(test::eventually([&] {
    const RawPeer peer = partner.accept();
    EXPECT_TRUE(greet(peer, static_cast<std::uint16_t>(http_port)));
    peer.send(octets_of_hex(recorded_empty_request) + octets_of_hex(recorded_flush));
    const std::string elements = peer.receive_frame();
    peer.send(octets_of_hex(recorded_done));
    return elements ==
           ks::serialize(ks::ReconMessage{.type = ks::ReconMessageType::elements,
                                          .body = ks::serialize(ks::Digests{digest_of_key01})});
  }));
  http.stop();
  http_thread.join();
}

TEST_P(ReconWire, SaysWhyItDoesNotReconcile) {
  keyserver().start();
  EXPECT_EQ(reason_for([](auto& remote) { remote.version = "1.1.5"; }),
            "mismatched protocol version");
  EXPECT_EQ(reason_for([](auto& remote) { remote.bit_quantum = 3; }), "mismatched bitquantum");
  EXPECT_EQ(reason_for([](auto& remote) { remote.mbar = 6; }), "mismatched mbar");
  EXPECT_EQ(reason_for([](auto& remote) { remote.filters = "none"; }), "mismatched filters");
  for (const char* words :
       {"level=error msg=\"mismatched protocol version\" ",
        "level=error msg=\"mismatched BitQuantum values\" ", "level=error msg=\"mismatched MBar\" ",
        "level=error msg=\"mismatched filters\" "}) {
    EXPECT_NE(keyserver().log().find(words), std::string::npos) << words << keyserver().log();
  }
  EXPECT_TRUE(test::eventually([this] {
    return keyserver().log().find("error=\"cannot peer: mismatched mbar") != std::string::npos;
  })) << keyserver().log();
}

TEST_P(ReconWire, SaysWhyItDoesNotReconcileWithItsPartner) {
  const RawListener partner;
  keyserver().settings.sections["conflux.recon.partner.other"] = {
      {"httpAddr", quoted("127.0.0.1:1")},
      {"reconAddr", quoted("127.0.0.1:" + std::to_string(partner.port()))}};
  keyserver().start();
  {
    const RawPeer peer = partner.accept();
    peer.receive_frame();
    peer.send(configuration_message(1, [](auto& remote) { remote.filters = "none"; }));
    EXPECT_EQ(peer.receive_frame(), ks::serialize_text("failed"));
    EXPECT_EQ(peer.receive_frame(), ks::serialize_text("mismatched filters"));
  }
  EXPECT_TRUE(test::eventually([this] {
    return keyserver().get("/pks/stats").body.find("cannot peer: mismatched filters") !=
           std::string::npos;
  }));
  EXPECT_NE(keyserver().log().find("level=error msg=\"mismatched filters\" "), std::string::npos);
}

TEST_P(ReconWire, SurvivesMessagesThatAreNone) {
  keyserver().start();
  const auto configuration = [this] { return configuration_message(keyserver().port()); };
  for (const std::string& octets :
       {octets_of_hex("00000000"), octets_of_hex("ffffffff"), octets_of_hex("000000020a00"),
        std::string("GET / HTTP/1.1\r\n\r\n")}) {
    const RawPeer peer("127.0.0.1", keyserver().recon_port());
    EXPECT_EQ(peer.receive_frame(), configuration());
    peer.send(octets);
  }
  for (const char* answer :
       {"0000000502000000", "0000001602000000014d6e876efd9b604dc5700bd663e8ea1901"}) {
    test::eventually([&] {
      const RawPeer peer("127.0.0.1", keyserver().recon_port());
      if (!greet(peer, 1)) {
        return false;
      }
      peer.send(octets_of_hex(answer));
      return true;
    });
  }
  const RawPeer peer("127.0.0.1", keyserver().recon_port());
  EXPECT_EQ(peer.receive_frame(), configuration());
  EXPECT_EQ(keyserver().get("/pks/health").status, 200);
}

TEST_P(ReconWire, ServesKeysByTheirDigests) {
  keyserver().settings.sections["hkp.queries"]["selfSignedOnly"] = "true";
  keyserver().start();
  add("key01_ed25519");
  const Answer answer =
      hash_query(octets_of_hex("00000002") + octets_of_hex(recorded_hash_query).substr(4) +
                 octets_of_hex(recorded_hash_query).substr(4));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("content-type"), "pgp/keys");
  EXPECT_EQ(answer.body.substr(0, 4), octets_of_hex("00000001"));
  const std::string length = answer.body.substr(4, 4);
  EXPECT_EQ(length,
            ks::serialize_text(answer.body.substr(8, answer.body.size() - 10)).substr(0, 4));
  EXPECT_TRUE(answer.body.ends_with("\r\n"));
  const std::string nothing = octets_of_hex("00000000") + "\r\n";
  EXPECT_EQ(hash_query(octets_of_hex("00000001000000104d6e876efd9b604dc5700bd663e8ea18")).body,
            nothing);
  EXPECT_EQ(hash_query("").status, 400);
  EXPECT_EQ(keyserver().get("/pks/hashquery").status, 405);
  cluster().stop();
  const Answer without_database = hash_query(octets_of_hex(recorded_hash_query));
  EXPECT_EQ(without_database.status, 200);
  EXPECT_EQ(without_database.body, nothing);
}

/// On a loopback address every visitor is accepted.
class ReconVisitor : public KeyserverTest {
 protected:
  void SetUp() override {
    try {
      network_.emplace();
    } catch (const std::runtime_error& error) {
      GTEST_SKIP() << error.what();
    }
    KeyserverTest::SetUp();
  }

  bool is_let_in() {
    keyserver().settings.sections["conflux.recon"]["reconAddr"] =
        quoted(":" + std::to_string(keyserver().recon_port()));
    keyserver().start();
    const RawPeer visitor(PrivateNetwork::address, keyserver().recon_port());
    try {
      return visitor.receive_frame() == configuration_message(keyserver().port());
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  std::string rejection() const {
    return std::string(R"(level=warning msg="connection rejected from \")") +
           PrivateNetwork::address + ":";
  }

 private:
  std::optional<PrivateNetwork> network_;
};

FOR_EVERY_KEYSERVER(ReconVisitor);

TEST_P(ReconVisitor, IsTurnedAwayWhenNobodyKnowsIt) {
  keyserver().settings.sections["conflux.recon"]["allowCIDRs"] = R"(["198.51.100.8/29", "::/0"])";
  keyserver().settings.sections["conflux.recon.partner.other"] = {
      {"httpAddr", quoted("198.51.100.8:1")}, {"reconAddr", quoted("198.51.100.9:2")}};
  EXPECT_FALSE(is_let_in());
  EXPECT_NE(keyserver().log().find(rejection()), std::string::npos) << keyserver().log();
}

TEST_P(ReconVisitor, MayComeFromAnAllowedNetwork) {
  keyserver().settings.sections["conflux.recon"]["allowCIDRs"] = R"(["198.51.100.0/29"])";
  EXPECT_TRUE(is_let_in());
}

TEST_P(ReconVisitor, MayComeFromEitherAddressOfAPartner) {
  keyserver().settings.sections["conflux.recon.partner.other"] = {
      {"httpAddr", quoted("198.51.100.7:1")}, {"reconAddr", quoted("198.51.100.9:2")}};
  EXPECT_TRUE(is_let_in());
  keyserver().stop(15);
  keyserver().settings.sections["conflux.recon.partner.other"] = {
      {"httpAddr", quoted("198.51.100.9:1")}, {"reconAddr", quoted("198.51.100.7:2")}};
  EXPECT_TRUE(is_let_in());
}

}  // namespace
}  // namespace contract
