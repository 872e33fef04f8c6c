// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The options, and the addresses, URLs and fingerprints in them, in databags and in parameters.
#include "charm/domain/address.hpp"
#include "charm/domain/error.hpp"
#include "charm/domain/fingerprints.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/domain/text.hpp"
#include "charm/options/settings.hpp"
#include "download/location.hpp"
#include "juju/hook_answers.hpp"
#include "options/option_values.hpp"
#include "subjects.hpp"

#include <algorithm>
#include <array>

namespace fuzz::options {
namespace {

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    text += (text.empty() ? "" : ",") + value;
  }
  return text;
}

/// The output of config-get.
void config(std::string_view text) {
  try {
    const auto options = charm::juju::answers::config(std::string(text));
    std::vector<charm::Status> statuses;
    static_cast<void>(charm::read_settings(options, statuses));
    static_cast<void>(charm::secret_id(charm::admin_key_secret(options)));
    for (const charm::Status& status : statuses) {
      const std::string shown = charm::statuses::to_show(status).message;
      require(shown.size() <= 100 && charm::single_line(shown, shown.size()) == shown,
              "a status is one line of at most 100 bytes");
    }
  } catch (const charm::juju::answers::WrongShape&) {
    return;
  }
}

void external_peers(std::string_view text) {
  unless_refused([text] {
    const auto peers = charm::parse_external_peers(text);
    std::string written;
    for (const charm::ExternalPeer& peer : peers) {
      written += peer.host + "," + std::to_string(peer.http_port) + "," +
                 std::to_string(peer.recon_port) + "," + joined(peer.source_cidrs) + "\n";
    }
    require(charm::parse_external_peers(written) == peers,
            "peers are the same after they were written and read");
  });
}

void lists(std::string_view text) {
  unless_refused([text] {
    const auto networks = charm::parse_networks(text);
    require(charm::parse_networks(joined(networks)) == networks,
            "networks are the same after they were written and read");
  });
  unless_refused([text] {
    const auto fingerprints = charm::parse_fingerprints(text);
    require(charm::parse_fingerprints(joined(fingerprints)) == fingerprints,
            "fingerprints are the same after they were written and read");
  });
  const auto typed = charm::typed_fingerprints(text).fingerprints;
  require(charm::typed_fingerprints(joined(typed)).fingerprints == typed,
          "typed fingerprints are the same after they were written and read");
  require(std::ranges::all_of(typed, charm::is_fingerprint), "they are fingerprints");
}

void words(std::string_view text) {
  if (!text.empty()) {
    unless_refused([text] { static_cast<void>(charm::parse_database_name(text)); });
    unless_refused([text] { static_cast<void>(charm::parse_log_level(text)); });
    unless_refused([text] { static_cast<void>(charm::parse_log_forwarder(text)); });
    unless_refused([text] { static_cast<void>(charm::parse_uploads(text)); });
  }
  const std::string line = charm::single_line(text, 60);
  require(charm::single_line(line, 60) == line, "a line is the same when it is cut again");
  const std::string shown = charm::excerpt(text);
  require(charm::single_line(shown, shown.size()) == shown, "an excerpt is one line");
}

void addresses(std::string_view text) {
  unless_refused([text] {
    const std::string host = charm::parse_hostname(text);
    require(charm::parse_hostname(host) == host, "a host is the same after it was read");
  });
  static_cast<void>(charm::host_within(text));
  if (const auto place = charm::parse_host_port(text); place && place->port) {
    require(charm::parse_host_port(charm::host_and_port(place->host, *place->port)) == place,
            "host and port are the same after they were written and read");
  }
  if (const auto network = charm::normalized_network(text)) {
    require(charm::normalized_network(*network) == network, "a network is the same after reading");
  }
}

void urls(std::string_view text) {
  if (const auto url = charm::parse_url(text)) {
    require(charm::parse_url(url->scheme + "://" + charm::host_and_port(url->host, url->port) +
                             url->path) == url,
            "a URL is the same after it was written and read");
  }
}

/// A URL, the answer of its server, and the proxies for http and https and their exceptions.
void downloads(std::string_view text) {
  auto found = pieces(text);
  found.resize(5);
  const auto location = charm::download::parse_location(found[0]);
  if (!location) {
    return;
  }
  const auto written = [](const charm::download::Location& place) {
    return (place.secure ? "https://" : "http://") + charm::host_and_port(place.host, place.port) +
           place.target;
  };
  require(charm::download::parse_location(written(*location)) == location,
          "a location is the same after it was written and read");
  if (const auto next = charm::download::redirected(*location, found[1])) {
    require(charm::download::parse_location(written(*next)) == next,
            "the target of a redirect is a location");
  }
  const auto proxy =
      charm::download::proxy_for(*location, {{"JUJU_CHARM_HTTP_PROXY", std::string(found[2])},
                                             {"JUJU_CHARM_HTTPS_PROXY", std::string(found[3])},
                                             {"JUJU_CHARM_NO_PROXY", std::string(found[4])}});
  require(!proxy || (!proxy->host.empty() && proxy->port != 0), "a proxy has a host and a port");
}

constexpr std::array all = {
    Parser{"config", config},       Parser{"external-peers", external_peers},
    Parser{"lists", lists},         Parser{"words", words},
    Parser{"urls", urls},           Parser{"addresses", addresses},
    Parser{"downloads", downloads},
};

}  // namespace

std::span<const Parser> parsers() {
  return all;
}

}  // namespace fuzz::options
