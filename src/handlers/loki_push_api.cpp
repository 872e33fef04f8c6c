// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/address.hpp"
#include "charm/domain/certificates.hpp"
#include "charm/domain/digest.hpp"
#include "charm/domain/promtail.hpp"
#include "charm/domain/statuses.hpp"
#include "charm/domain/text.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/json/json_text.hpp"
#include "cos.hpp"
#include "databag_text.hpp"
#include "registry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace charm {

namespace {

constexpr std::string_view loki_push_api_endpoint = "logging";

using nlohmann::json;

constexpr std::string_view endpoint_key = "endpoint";
constexpr std::string_view promtail_key = "promtail_binary_zip_url";

#if defined(__x86_64__)
constexpr const char* architecture = "amd64";
#elif defined(__aarch64__)
constexpr const char* architecture = "arm64";
#else
constexpr const char* architecture = "";  // Loki's charm offers promtail only for those two.
#endif

/// Returns the push URL that one Loki unit published as `{"url": …}`; empty while there is none. A
/// malformed unit does not affect the others.
std::string push_url(const Relation& relation, const std::string& unit, const Databag& bag,
                     Facts& facts) {
  const auto text = databag::value_of(bag, endpoint_key);
  if (text.empty()) {
    return {};
  }
  const auto answer = parse_json(text);
  if (answer && answer->is_object()) {
    std::string url(trimmed(databag::text_at(*answer, "url")));
    if (parse_url(url)) {
      return url;
    }
  }
  facts.warnings.push_back(
      databag::warning(relation, endpoint_key,
                       "of " + databag::printable(unit) +
                           " is not a JSON object with an http or https url, left out"));
  return {};
}

std::string_view query_of(std::string_view url) {
  return url.substr(std::min(url.find('?'), url.size()));
}

/// Compares two URLs in any spelling.
bool is_same_place(const std::string& left, const std::string& right) {
  return parse_url(left) == parse_url(right) && query_of(left) == query_of(right);
}

/// Units behind one coordinator, and two relations to one Loki, publish the same URL, but each line
/// must be sent only once. Units of the same name in two relations are different units.
void add_once(LokiEndpoint endpoint, std::vector<LokiEndpoint>& endpoints) {
  const bool known = std::ranges::any_of(
      endpoints, [&](const LokiEndpoint& other) { return is_same_place(other.url, endpoint.url); });
  if (!known) {
    endpoints.push_back(std::move(endpoint));
  }
}

/// Removes a number and the dot after it from the front. Returns -1 if there is none.
int take_number(std::string_view& text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  text.remove_prefix(text.starts_with('.') ? 1 : 0);
  return error == std::errc{} ? number : -1;
}

/// Returns whether this Pebble forwards logs with labels: 1.6 and newer do. An unknown version
/// counts as the oldest Pebble that the charm supports, which does.
bool forwards_logs(std::string_view pebble_version) {
  constexpr int first_minor = 6;
  pebble_version.remove_prefix(pebble_version.starts_with('v') ? 1 : 0);
  const int major = take_number(pebble_version);
  const int minor = take_number(pebble_version);
  return major != 1 || minor < 0 || minor >= first_minor;
}

bool wants_promtail(const Snapshot& snapshot, const Settings& settings) {
  return settings.log_forwarder == LogForwarder::promtail ||
         (snapshot.workload && !forwards_logs(snapshot.workload->version));
}

/// Without both digests the charm could not trust the download.
std::optional<Download> read_offer(const json& object) {
  if (!object.is_object()) {
    return std::nullopt;
  }
  Download offer{.url = databag::text_at(object, "url"),
                 .archive_sha256 = lower_case(databag::text_at(object, "zipsha")),
                 .content_sha256 = lower_case(databag::text_at(object, "binsha"))};
  const bool usable =
      parse_url(offer.url) && is_sha256(offer.archive_sha256) && is_sha256(offer.content_sha256);
  return usable ? std::optional(std::move(offer)) : std::nullopt;
}

/// Returns the offer of one relation: loki_push_api v1, `{arch: {url, zipsha, binsha, filename}}`.
/// The file name is ignored. A malformed offer is a warning.
std::optional<Download> offer_of(const Relation& relation, Facts& facts) {
  const auto text = databag::value_of(relation.remote_app_data, promtail_key);
  if (text.empty()) {
    return std::nullopt;
  }
  const auto answer = parse_json(text);
  const bool readable = answer && answer->is_object();
  if (readable && !answer->contains(architecture)) {
    return std::nullopt;
  }
  auto offer = readable ? read_offer(answer->at(architecture)) : std::nullopt;
  if (!offer) {
    facts.warnings.push_back(databag::warning(
        relation, promtail_key,
        "is not a JSON object with an http or https url, zipsha and binsha for this architecture, "
        "left out"));
  }
  return offer;
}

/// Uses the first usable offer for the machine's architecture. If there is none, adds a status.
void learn_promtail(const std::vector<const Relation*>& relations, Facts& facts) {
  for (const Relation* relation : relations) {
    if (auto offer = offer_of(*relation, facts)) {
      facts.promtail = std::move(offer);
      return;
    }
  }
  if (!relations.empty()) {
    facts.statuses.push_back(statuses::no_promtail_offered());
  }
}

/// The labels with which Loki's users select logs: Juju's topology, with other charms' names for
/// it.
std::map<std::string, std::string> log_labels(const Unit& unit) {
  // Published alert rules match either of the two names of the charm.
  return {{"product", "Juju"},
          {"charm", std::string(cos::charm_name)},
          {"juju_charm", std::string(cos::charm_name)},
          {"juju_model", unit.model},
          {"juju_model_uuid", unit.model_uuid},
          {"juju_application", unit.app},
          {"juju_unit", unit.name},
          {"job", "juju_" + cos::topology_identifier(unit)}};
}

/// One target for each URL.
std::map<std::string, LogTarget> log_targets(const Unit& unit,
                                             const std::vector<LokiEndpoint>& endpoints) {
  constexpr std::size_t name_digits = 12;
  std::map<std::string, LogTarget> targets;
  for (const LokiEndpoint& endpoint : endpoints) {
    // Pebble ignores a new location of a target that it knows, so the name depends on the location.
    targets["loki-" + sha256(endpoint.url).substr(0, name_digits)] = {
        .location = endpoint.url, .services = {"all"}, .labels = log_labels(unit)};
  }
  return targets;
}

/// For promtail 2.9.
std::string promtail_configuration(const Unit& unit, const std::vector<LokiEndpoint>& endpoints) {
  json clients = json::array();
  for (const LokiEndpoint& endpoint : endpoints) {
    clients.push_back({{"url", endpoint.url}});
  }
  json labels = log_labels(unit);
  labels["container"] = hockeypuck::container;
  labels["__path__"] = hockeypuck::log_path;
  const json tailed = {{"targets", json::array({"localhost"})}, {"labels", std::move(labels)}};
  // JSON is YAML. promtail's own ports are not needed.
  return databag::dump_json(
      {{"server", {{"disable", true}}},
       {"positions", {{"filename", promtail::positions_path}}},
       {"clients", std::move(clients)},
       {"scrape_configs", json::array({{{"job_name", hockeypuck::service},
                                        {"static_configs", json::array({tailed})}}})}});
}

/// The environment holds digests of the binary, configuration and certificates, so a change of one
/// of them changes the service. `disabled`, because promtail must never fail a replan for the
/// keyserver.
Service promtail_service(const Download& offer, const std::string& configuration,
                         const std::string& certificates) {
  Service service{.summary = "promtail, sends the log of hockeypuck to Loki",
                  .command = std::string(promtail::binary_path) +
                             " -config.file=" + std::string(promtail::config_path),
                  .startup = "disabled",
                  .environment = {{"PROMTAIL_BINARY_SHA256", offer.content_sha256},
                                  {"PROMTAIL_CONFIG_SHA256", sha256(configuration)}},
                  .on_failure = "restart",
                  .backoff_delay = "1s",
                  .backoff_limit = "30s",
                  .user_id = hockeypuck::user_id,
                  .group_id = hockeypuck::user_id};
  if (!certificates.empty()) {
    service.environment["PROMTAIL_CERTIFICATES_SHA256"] = sha256(certificates);
  }
  return service;
}

/// Returns the received certificates that promtail needs. It reads them only once, when it starts.
std::string needed_certificates(const std::vector<LokiEndpoint>& endpoints,
                                const Certificates& certificates) {
  const bool any_tls = std::ranges::any_of(endpoints, [](const LokiEndpoint& endpoint) {
    return parse_url(endpoint.url)->scheme == "https";
  });
  return any_tls ? trust::bundle(certificates) : std::string();
}

/// Plans a promtail that pushes the keyserver's log file to these endpoints, of which there is at
/// least one.
PromtailPlan plan_promtail(const Unit& unit, const Download& offer,
                           const std::vector<LokiEndpoint>& endpoints,
                           const Certificates& certificates) {
  std::string text = promtail_configuration(unit, endpoints);
  PromtailPlan plan{.binary = offer};
  plan.binary.target = {.path = std::string(promtail::binary_path), .mode = 0755};
  plan.binary.receipt = promtail::receipt_path;
  plan.directories = {{.path = std::string(promtail::directory)},
                      hockeypuck::private_directory(promtail::state_directory)};
  plan.layer.services[std::string(promtail::service)] =
      promtail_service(offer, text, needed_certificates(endpoints, certificates));
  plan.files = {{.path = std::string(promtail::config_path), .content = std::move(text)}};
  return plan;
}

LoggingPlan logging(const Snapshot& snapshot, const Settings& settings, const Facts& facts) {
  LoggingPlan plan;
  if (!wants_promtail(snapshot, settings)) {
    plan.targets = log_targets(snapshot.unit, facts.loki);
  } else if (facts.promtail && !facts.loki.empty()) {
    plan.promtail = plan_promtail(snapshot.unit, *facts.promtail, facts.loki, facts.certificates);
  }
  return plan;
}

// The application's databag has promtail and Loki's errors about our rules. The errors are for the
// log only: once, in the hook of that event.
WantedBags wants_of_loki_push_api(const Occasion& occasion) {
  return {.remote_app = occasion.own_event || wants_promtail(occasion.snapshot, occasion.settings),
          .remote_units = true,
          .remote_unit_bags = true,
          .local_app = true};
}

void learn_loki_push_api(const Snapshot& snapshot, const Settings& settings, Facts& facts) {
  const auto relations = snapshot.on(loki_push_api_endpoint);
  std::vector<LokiEndpoint> found;
  for (const Relation* relation : relations) {
    for (const auto& [unit, bag] : relation->remote_units) {
      if (auto url = push_url(*relation, unit, bag, facts); !url.empty()) {
        found.push_back({.unit = unit, .url = std::move(url)});
      }
    }
    cos::learn_event_errors(*relation, facts);
  }
  std::ranges::stable_sort(found, databag::precedes, &LokiEndpoint::unit);
  for (auto& endpoint : found) {
    add_once(std::move(endpoint), facts.loki);
  }
  if (wants_promtail(snapshot, settings)) {
    learn_promtail(relations, facts);
  }
}

// The rules do not wait for endpoints, because Loki evaluates them wherever the logs come from.
void publish_loki_push_api(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
                           Plan& plan) {
  if (settings.log_forwarder) {
    plan.logging = logging(snapshot, settings, facts);
  }
  const auto relations = snapshot.on(loki_push_api_endpoint);
  if (!snapshot.unit.leader || relations.empty()) {
    return;
  }
  const Databag data = {{"alert_rules", cos::alert_rules(cos::loki_alert_rules(), snapshot.unit)},
                        {"metadata", databag::dump_json(cos::topology_metadata(snapshot.unit))}};
  for (const Relation* relation : relations) {
    plan.publications.push_back({.relation = relation->id, .scope = Scope::app, .data = data});
  }
}

}  // namespace

/// The requirer of `loki_push_api`: learns where to send logs, and publishes the rules of
/// `src/cos/loki_alert_rules`. Pebble forwards the logs, or promtail if the option selects it or if
/// Pebble cannot.
constexpr RelationHandler loki_push_api{.endpoint = loki_push_api_endpoint,
                                        .wants = wants_of_loki_push_api,
                                        .learn = learn_loki_push_api,
                                        .publish = publish_loki_push_api};

}  // namespace charm
