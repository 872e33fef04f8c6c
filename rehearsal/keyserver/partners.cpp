// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/partners.hpp"

#include <algorithm>
#include <ctime>

namespace rehearsal::keyserver {
namespace {

/// Returns an empty host and port for an address without them, at which no peer can be reached.
ListenAddress parts_of(const std::string& address) {
  try {
    return parse_listen_address(address);
  } catch (const std::runtime_error&) {
    return {};
  }
}

/// Returns the addresses of its reconciliation host and of its HTTP host: it may call from either.
std::vector<IpAddress> addresses_of(const Partner& partner) {
  const std::string recon_host = parts_of(partner.recon_address).host;
  const std::string http_host = parts_of(partner.http_address).host;
  std::vector<IpAddress> addresses = resolve_host(recon_host);
  if (http_host != recon_host) {
    const std::vector<IpAddress> more = resolve_host(http_host);
    addresses.insert(addresses.end(), more.begin(), more.end());
  }
  return addresses;
}

std::string text_of(const Partner& partner, const std::string& address,
                    const std::vector<IpAddress>& addresses) {
  std::string list;
  for (const IpAddress& one : addresses) {
    list += (list.empty() ? "" : " ") + one;
  }
  return "recon=" + partner.recon_address + ", http=" + partner.http_address +
         ", weight=" + std::to_string(partner.weight) + ", addr=" + address + ", ips=[" + list +
         "]";
}

double weight_of(const Partner& partner) {
  constexpr double unspecified = 100;
  return partner.weight == 0 ? unspecified
                             : static_cast<double>(std::max<std::int64_t>(partner.weight, 0));
}

}  // namespace

Partners::Partners(const Configuration& configuration) : configuration_(configuration) {
  for (const auto& [name, partner] : configuration.partners) {
    states_[name] = {.addresses = addresses_of(partner), .started = std::time(nullptr)};
  }
}

Peer Partners::partner_peer(const std::string& name, const IpAddress& address) const {
  const Partner& partner = configuration_.partners.at(name);
  const ListenAddress recon = parts_of(partner.recon_address);
  return {.name = name,
          .address = address,
          .port = recon.port,
          .host = recon.host.empty() ? address : recon.host,
          .text = text_of(partner, endpoint_text(address, recon.port), states_.at(name).addresses)};
}

std::optional<Peer> Partners::match(const IpAddress& address) const {
  const auto& networks = configuration_.allowed_networks;
  if (is_loopback(address) || std::ranges::any_of(networks, [&](const auto& network) {
        return network.contains(address);
      })) {
    const std::string text = address;
    return Peer{.address = address, .host = text, .text = text_of({}, text, {address})};
  }
  const std::lock_guard lock(mutex_);
  for (const auto& [name, state] : states_) {
    if (std::ranges::find(state.addresses, address) != state.addresses.end()) {
      return partner_peer(name, address);
    }
  }
  return std::nullopt;
}

std::optional<Peer> Partners::draw(std::mt19937& random) {
  std::vector<Peer> candidates;
  std::vector<double> weights;
  for (const auto& [name, partner] : configuration_.partners) {
    const std::vector<IpAddress> own = resolve_host(parts_of(partner.recon_address).host);
    if (own.empty()) {
      continue;
    }
    std::vector<IpAddress> addresses = addresses_of(partner);
    const std::lock_guard lock(mutex_);
    states_[name].addresses = std::move(addresses);
    if (weight_of(partner) > 0) {
      candidates.push_back(partner_peer(name, own.front()));
      weights.push_back(weight_of(partner));
    }
  }
  if (candidates.empty()) {
    return std::nullopt;
  }
  return candidates.at(
      std::discrete_distribution<std::size_t>(weights.begin(), weights.end())(random));
}

void Partners::note(const std::string& name, Outcome PartnerState::*outcome,
                    const std::string& error) {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find(name);
  if (found == states_.end()) {
    return;
  }
  (found->second.*outcome).error = error;
  if (error.empty()) {
    (found->second.*outcome).succeeded = std::time(nullptr);
  }
}

void Partners::note_incoming(const std::string& name, const std::string& error) {
  note(name, &PartnerState::incoming, error);
}

void Partners::note_outgoing(const std::string& name, const std::string& error) {
  note(name, &PartnerState::outgoing, error);
}

void Partners::note_recovery(const std::string& name, const std::string& error) {
  note(name, &PartnerState::recovery, error);
}

std::map<std::string, PartnerState> Partners::states() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

}  // namespace rehearsal::keyserver
