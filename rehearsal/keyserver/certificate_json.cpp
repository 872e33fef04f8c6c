// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/certificate.hpp"
#include "rehearsal/keyserver/log.hpp"
#include "rehearsal/keyserver/octets.hpp"

#include <nlohmann/json.hpp>

#include <numeric>

namespace rehearsal::keyserver {
namespace {

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

/// An empty list is left out.
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
  // Only keys older than version 4 expire by themselves.
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

/// The octets of all packet bodies: Hockeypuck's length of a key.
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
