// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/recon_configuration.hpp"

#include "rehearsal/keyserver/listen_address.hpp"
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/recon_message.hpp"

#include <set>

namespace rehearsal::keyserver {
namespace {

constexpr std::size_t number_octets = 4;

/// What every Hockeypuck 2.2 and 2.3 declares of its keys.
constexpr const char* own_filters[] = {"schema:application/pgp-keys",
                                       "yminsky.merge",
                                       "yminsky.dedup",
                                       "versions:34",
                                       "drop:invalidSelfSig",
                                       "drop:unparseable",
                                       "drop:structuralMartian",
                                       "drop:implausible",
                                       "drop:unbound",
                                       "drop:UAT",
                                       "drop:hardRevokedCruft"};

std::string filters_of(const Configuration& configuration) {
  std::set<std::string> filters(std::begin(own_filters), std::end(own_filters));
  filters.insert(configuration.recon_filters.begin(), configuration.recon_filters.end());
  std::string result;
  for (const std::string& filter : filters) {
    result += (result.empty() ? "" : ",") + filter;
  }
  return result;
}

std::string serialize_number(std::string_view name, std::uint64_t number) {
  return serialize_text(name) + serialize_text(octets_of(number, number_octets));
}

std::string_view take_text(OctetReader& reader) {
  return reader.take(reader.number(number_octets));
}

std::uint32_t number_of(std::string_view octets) {
  if (octets.size() != number_octets) {
    throw MalformedData("a number of reconciliation must have four octets");
  }
  return static_cast<std::uint32_t>(OctetReader(octets).number(number_octets));
}

void set(ReconConfiguration& configuration, std::string_view name, std::string_view value) {
  if (name == "version") {
    configuration.version = value;
  } else if (name == "http port") {
    configuration.http_port = static_cast<std::uint16_t>(number_of(value));
  } else if (name == "bitquantum") {
    configuration.bit_quantum = number_of(value);
  } else if (name == "mbar") {
    configuration.mbar = number_of(value);
  } else if (name == "filters") {
    configuration.filters = value;
  }
}

Mismatch mismatch(const char* reason, const char* message, const char* field,
                  const std::string& local, const std::string& remote) {
  return {.reason = reason, .message = message, .field = field, .local = local, .remote = remote};
}

}  // namespace

ReconConfiguration recon_configuration(const Configuration& configuration) {
  return {.version = configuration.recon_version,
          .http_port = parse_listen_address(configuration.recon_http_address).port,
          .bit_quantum = static_cast<std::uint32_t>(configuration.bit_quantum),
          .mbar = static_cast<std::uint32_t>(configuration.mbar),
          .filters = filters_of(configuration)};
}

std::string serialize(const ReconConfiguration& configuration) {
  constexpr std::uint64_t values = 5;
  return octets_of(values, number_octets) + serialize_text("version") +
         serialize_text(configuration.version) +
         serialize_number("http port", configuration.http_port) +
         serialize_number("bitquantum", configuration.bit_quantum) +
         serialize_number("mbar", configuration.mbar) + serialize_text("filters") +
         serialize_text(configuration.filters);
}

ReconConfiguration parse_recon_configuration(std::string_view body) {
  OctetReader reader(body);
  ReconConfiguration configuration;
  for (std::uint64_t left = reader.number(number_octets); left > 0; --left) {
    const std::string_view name = take_text(reader);
    set(configuration, name, take_text(reader));
  }
  return configuration;
}

std::optional<Mismatch> mismatch_of(const ReconConfiguration& local,
                                    const ReconConfiguration& remote) {
  if (local.version != remote.version) {
    return mismatch("mismatched protocol version", "mismatched protocol version", "Version",
                    local.version, remote.version);
  }
  if (local.bit_quantum != remote.bit_quantum) {
    return mismatch("mismatched bitquantum", "mismatched BitQuantum values", "Bitquantum",
                    std::to_string(local.bit_quantum), std::to_string(remote.bit_quantum));
  }
  if (local.mbar != remote.mbar) {
    return mismatch("mismatched mbar", "mismatched MBar", "MBar", std::to_string(local.mbar),
                    std::to_string(remote.mbar));
  }
  if (local.filters != remote.filters) {
    return mismatch("mismatched filters", "mismatched filters", "Filters", local.filters,
                    remote.filters);
  }
  return std::nullopt;
}

}  // namespace rehearsal::keyserver
