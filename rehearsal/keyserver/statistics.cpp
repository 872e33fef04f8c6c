// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/statistics.hpp"

#include "rehearsal/keyserver/log.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>

namespace rehearsal::keyserver {
namespace {

using nlohmann::ordered_json;

std::string time_text(std::int64_t seconds) {
  return seconds == 0 ? "0001-01-01T00:00:00Z" : utc_timestamp(seconds);
}

/// What Go prints for an error with the verb `%q`.
std::string error_text(const std::string& error) {
  return error.empty() ? "%!q(<nil>)" : ordered_json(error).dump();
}

std::string recon_status(const PartnerState& state) {
  constexpr std::int64_t stale_seconds = 86'400;
  const std::int64_t oldest = std::time(nullptr) - stale_seconds;
  if (std::max(state.incoming.succeeded, state.outgoing.succeeded) >= oldest) {
    return "OK";
  }
  return state.started >= oldest ? "Starting" : "Stale";
}

std::string recovery_status(const PartnerState& state) {
  if (!state.recovery.error.empty()) {
    return "Error";
  }
  return state.recovery.succeeded == 0 ? recon_status(state) : "OK";
}

/// The first character and the last one of an address that is not to be shown.
std::string masked(const std::string& address) {
  constexpr std::size_t shortest = 4;
  if (address.empty()) {
    return "";
  }
  return address.size() < shortest
             ? "******"
             : address.substr(0, 1) + "****" + address.substr(address.size() - 1);
}

ordered_json peer_json(const std::string& name, const Partner& partner, const PartnerState& state) {
  const auto shown = [&partner](const std::string& address) {
    return partner.masked ? masked(address) : address;
  };
  ordered_json peer = {{"Name", name},
                       {"httpAddr", shown(partner.http_address)},
                       {"reconAddr", shown(partner.recon_address)},
                       {"statsPath", "/pks/lookup?op=stats"},
                       {"LastIncomingRecon", time_text(state.incoming.succeeded)},
                       {"LastIncomingError", error_text(state.incoming.error)},
                       {"LastOutgoingRecon", time_text(state.outgoing.succeeded)},
                       {"LastOutgoingError", error_text(state.outgoing.error)},
                       {"ReconStatus", recon_status(state)},
                       {"LastRecovery", time_text(state.recovery.succeeded)},
                       {"LastRecoveryError", error_text(state.recovery.error)},
                       {"RecoveryStatus", recovery_status(state)}};
  if (partner.masked) {
    peer["masked"] = true;
  }
  return peer;
}

}  // namespace

std::string statistics_text(const Configuration& configuration,
                            const std::map<std::string, PartnerState>& partners,
                            std::size_t total) {
  ordered_json peers;
  for (const auto& [name, partner] : configuration.partners) {
    peers.push_back(peer_json(name, partner, partners.at(name)));
  }
  const ordered_json result = {{"now", utc_timestamp()},
                               {"version", software_version},
                               {"hostname", configuration.hostname},
                               {"nodename", configuration.node_name},
                               {"contact", configuration.contact},
                               {"httpAddr", configuration.bind_address},
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
