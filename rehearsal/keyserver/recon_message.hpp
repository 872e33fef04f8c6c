// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::keyserver {

/// Digests of keys: 32 lower-case hexadecimal digits, as in the column `keys.md5`. In the protocol
/// each is an element of a finite field: 17 octets, least significant first, the last one zero.
using Digests = std::set<std::string>;

/// The messages of the SKS reconciliation protocol, as conflux of Hockeypuck 2.3 numbers them.
enum class ReconMessageType : std::uint8_t {
  request_poly = 0,
  request_full = 1,
  elements = 2,
  full_elements = 3,
  sync_fail = 4,
  done = 5,
  flush = 6,
  error = 7,
  configuration = 10,
};

struct ReconMessage {
  ReconMessageType type = ReconMessageType::error;
  std::string body = {};
  bool operator==(const ReconMessage&) const = default;
};

/// Returns the message in the form of the wire: its length in four octets, its type in one, its
/// body. All numbers of the protocol have the most significant octet first.
std::string serialize(const ReconMessage& message);

/// Reads a message without its length. Throws MalformedData if it is empty.
ReconMessage parse_recon_message(std::string_view octets);

/// Returns a text after its length.
std::string serialize_text(std::string_view text);

/// The path to a node of the prefix tree: the first bits of the digests below it.
struct TreePath {
  std::size_t bits = 0;
  /// The most significant bit of the first octet is the first.
  std::string octets = {};

  bool leads_to(const std::string& digest) const;

  bool operator==(const TreePath&) const = default;
};

/// The body of `request_full`: the digests of the sender below this node. The answer has the
/// others.
struct FullRequest {
  TreePath node = {};
  Digests digests = {};
  bool operator==(const FullRequest&) const = default;
};

std::string serialize(const FullRequest& request);
/// Throws MalformedData.
FullRequest parse_full_request(std::string_view body);

/// The body of `elements`.
std::string serialize(const Digests& digests);
/// Throws MalformedData.
Digests parse_digests(std::string_view body);

/// The body of `configuration`, which peers exchange before they reconcile.
struct ReconConfiguration {
  std::string version = {};
  /// The port from which the other side fetches keys, on the host with which it reconciles.
  std::uint16_t http_port = 0;
  std::uint32_t bit_quantum = 0;
  std::uint32_t mbar = 0;
  /// Sorted, separated by commas.
  std::string filters = {};
  bool operator==(const ReconConfiguration&) const = default;
};

/// Returns the configuration of this server, equal to that of Hockeypuck 2.3 without options.
ReconConfiguration recon_configuration(const Configuration& configuration);

std::string serialize(const ReconConfiguration& configuration);
/// Skips unknown values. Throws MalformedData.
ReconConfiguration parse_recon_configuration(std::string_view body);

/// The reason why two servers cannot reconcile.
struct Mismatch {
  /// The text for the other side.
  std::string reason = {};
  /// The log's message; the values are its fields.
  std::string message = {};
  std::string field = {};
  std::string local = {};
  std::string remote = {};
  bool operator==(const Mismatch&) const = default;
};

/// Returns the first difference that matters.
std::optional<Mismatch> mismatch_of(const ReconConfiguration& local,
                                    const ReconConfiguration& remote);

// `POST /pks/hashquery`, with which keyservers fetch keys from each other after a reconciliation.

/// Returns the body of a request for the keys with these digests (lower-case hexadecimal).
std::string serialize_hash_query(const std::vector<std::string>& digests);
/// Returns each digest once, in order. Throws MalformedData.
std::vector<std::string> parse_hash_query(std::string_view body);

/// Returns the body of the answer. Each key is a packet sequence.
std::string serialize_found_keys(const std::vector<std::string>& keys);
/// Throws MalformedData.
std::vector<std::string> parse_found_keys(std::string_view body);

}  // namespace rehearsal::keyserver
