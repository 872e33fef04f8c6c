// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/statistics.hpp"

#include "rehearsal/keyserver/timestamp.hpp"

#include <nlohmann/json.hpp>

namespace rehearsal::keyserver {
namespace {

using nlohmann::ordered_json;

/// A peer this server has never reconciled with, and never will.
ordered_json peer_json(const std::string& name, const Partner& partner) {
  const char* const never = "0001-01-01T00:00:00Z";
  // What Go prints for "no error".
  const char* const no_error = "%!q(<nil>)";
  return {{"Name", name},
          {"httpAddr", partner.http_address},
          {"reconAddr", partner.recon_address},
          {"statsPath", "/pks/lookup?op=stats"},
          {"LastIncomingRecon", never},
          {"LastIncomingError", no_error},
          {"LastOutgoingRecon", never},
          {"LastOutgoingError", no_error},
          {"ReconStatus", "Starting"},
          {"LastRecovery", never},
          {"LastRecoveryError", no_error},
          {"RecoveryStatus", "Starting"}};
}

}  // namespace

std::string statistics_text(const Configuration& configuration, const std::string& host,
                            std::int64_t total) {
  ordered_json peers;
  for (const auto& [name, partner] : configuration.partners) {
    peers.push_back(peer_json(name, partner));
  }
  const std::string& address = configuration.advertised_address;
  const ordered_json result = {
      {"now", utc_timestamp()},
      {"version", software_version},
      {"hostname", configuration.virtual_hosts ? host : configuration.hostname},
      {"nodename", configuration.node_name},
      {"contact", configuration.contact},
      {"httpAddr", address.empty() ? configuration.bind_address : address},
      {"queryConfig",
       {{"selfSignedOnly", configuration.self_signed_only},
        {"keywordSearchDisabled", configuration.keyword_search_disabled}}},
      {"reconAddr", configuration.recon_address},
      {"software", software_name},
      {"peers", peers},
      {"pksTargets", nullptr},
      {"Total", total},
      {"Hourly", nullptr},
      {"Daily", nullptr}};
  return result.dump() + "\n";
}

}  // namespace rehearsal::keyserver
