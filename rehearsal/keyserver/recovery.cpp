// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recovery.hpp"

#include <httplib.h>

#include <algorithm>
#include <stdexcept>

namespace rehearsal::keyserver {
namespace {

/// The most keys that Hockeypuck requests together.
constexpr std::size_t chunk_size = 100;

}  // namespace

void Recovery::recover(const Digests& lacking, const Peer& peer, std::uint16_t port,
                       const ReconLog& log) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (lacking.empty() || !lock) {
    return;
  }
  log.info("recovering " + std::to_string(lacking.size()) + " items");
  std::string failure;
  try {
    const ReconLog recon_log = log.as("recon");
    const std::vector<std::string> digests = unseen(lacking, recon_log);
    for (auto first = digests.begin(); first != digests.end();) {
      const auto last = first + std::min<std::ptrdiff_t>(chunk_size, digests.end() - first);
      request({first, last}, peer.host, port, recon_log);
      first = last;
    }
  } catch (const std::exception& error) {
    failure = error.what();
    log.as("recon").error("recovery completed with errors: " + failure);
  }
  partners_.note_recovery(peer.name, failure);
  log.info("recovery complete");
  metrics_.count_recovered(peer.address, lacking.size());
}

std::vector<std::string> Recovery::unseen(const Digests& lacking, const ReconLog& log) {
  std::vector<std::string> digests;
  std::ranges::copy_if(lacking, std::back_inserter(digests),
                       [this](const std::string& digest) { return !seen_.contains(digest); });
  if (digests.size() < lacking.size()) {
    log.error("recovering " + std::to_string(digests.size()) + " instead of " +
              std::to_string(lacking.size()) + " due to seenCache(" + std::to_string(seen_.size()) +
              ")");
  }
  return digests;
}

void Recovery::request(const std::vector<std::string>& digests, const std::string& host,
                       std::uint16_t port, const ReconLog& log) {
  Changes all;
  for (const std::string& key : fetch(digests, host, port)) {
    try {
      const Changes changes = keyserver_.recover(key);
      all.inserted.insert(all.inserted.end(), changes.inserted.begin(), changes.inserted.end());
      all.updated.insert(all.updated.end(), changes.updated.begin(), changes.updated.end());
      all.ignored.insert(all.ignored.end(), changes.ignored.begin(), changes.ignored.end());
    } catch (const std::exception& error) {
      log.error(std::string("cannot upsert: ") + error.what());
    }
  }
  log.info("upsert", {{"inserted", std::to_string(all.inserted.size())},
                      {"updated", std::to_string(all.updated.size())},
                      {"unchanged", std::to_string(all.ignored.size())}});
  std::ranges::for_each(digests, [this](const std::string& digest) { seen_.add(digest); });
}

std::vector<std::string> Recovery::fetch(const std::vector<std::string>& digests,
                                         const std::string& host, std::uint16_t port) {
  constexpr std::time_t limit_seconds = 30;
  constexpr int ok = 200;
  httplib::Client client(host, port);
  client.set_connection_timeout(limit_seconds);
  client.set_read_timeout(limit_seconds);
  const httplib::Result result =
      client.Post("/pks/hashquery", serialize_hash_query(digests), "sks/hashquery");
  if (!result) {
    throw std::runtime_error("failed to query hashes: " + httplib::to_string(result.error()));
  }
  if (result->status != ok) {
    throw std::runtime_error("error response from \"" + host + ":" + std::to_string(port) +
                             "\": " + result->body);
  }
  return parse_found_keys(result->body);
}

}  // namespace rehearsal::keyserver
