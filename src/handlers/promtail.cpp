// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "promtail.hpp"

#include "charm/domain/digest.hpp"
#include "charm/domain/promtail.hpp"
#include "charm/domain/text.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "databag_json.hpp"
#include "log_targets.hpp"
#include "remote_text.hpp"
#include "url.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace charm::cos {

namespace {

using nlohmann::json;

constexpr std::string_view key = "promtail_binary_zip_url";

#if defined(__x86_64__)
constexpr const char* architecture = "amd64";
#elif defined(__aarch64__)
constexpr const char* architecture = "arm64";
#else
constexpr const char* architecture = "";  // Loki's charm offers promtail for those two only.
#endif

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_sha256(std::string_view text) {
  constexpr std::size_t digits = 64;
  return text.size() == digits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Without both digests nothing that comes from there could be trusted.
std::optional<PromtailOffer> read_offer(const json& object) {
  if (!object.is_object()) {
    return std::nullopt;
  }
  PromtailOffer offer{.url = text_of(object, "url"),
                      .archive_sha256 = lower_case(text_of(object, "zipsha")),
                      .binary_sha256 = lower_case(text_of(object, "binsha"))};
  const bool usable = databag::parse_url(offer.url) && is_sha256(offer.archive_sha256) &&
                      is_sha256(offer.binary_sha256);
  return usable ? std::optional(std::move(offer)) : std::nullopt;
}

/// One relation's offer; one that is malformed is a warning.
std::optional<PromtailOffer> offer_of(const Relation& relation, Facts& facts) {
  const auto text = databag::value_of(relation.remote_app_data, key);
  if (text.empty()) {
    return std::nullopt;
  }
  const auto answer = databag::parse_json(text);
  const bool readable = answer && answer->is_object();
  if (readable && !answer->contains(architecture)) {
    return std::nullopt;
  }
  auto offer = readable ? read_offer(answer->at(architecture)) : std::nullopt;
  if (!offer) {
    facts.warnings.push_back(databag::warning(
        relation, key,
        "is not a JSON object with an http or https url, zipsha and binsha for this architecture, "
        "left out"));
  }
  return offer;
}

std::string configuration(const Unit& unit, const std::vector<LokiEndpoint>& endpoints) {
  json clients = json::array();
  for (const LokiEndpoint& endpoint : endpoints) {
    clients.push_back({{"url", endpoint.url}});
  }
  json labels = log_labels(unit);
  labels["container"] = hockeypuck::container;
  labels["__path__"] = hockeypuck::log_path;
  const json tailed = {{"targets", json::array({"localhost"})}, {"labels", std::move(labels)}};
  // JSON is YAML. Nobody needs promtail's own ports.
  return databag::dump_json(
      {{"server", {{"disable", true}}},
       {"positions", {{"filename", promtail::positions_path}}},
       {"clients", std::move(clients)},
       {"scrape_configs", json::array({{{"job_name", hockeypuck::service},
                                        {"static_configs", json::array({tailed})}}})}});
}

/// The environment carries what the service runs with: a change of it is a change of the service.
/// `disabled`, because a replan for the keyserver must not fail over promtail.
Service service(const PromtailOffer& offer, const std::string& configuration) {
  return {.summary = "promtail, sends the log of hockeypuck to Loki",
          .command = std::string(promtail::binary_path) +
                     " -config.file=" + std::string(promtail::config_path),
          .startup = "disabled",
          .environment = {{"PROMTAIL_BINARY_SHA256", offer.binary_sha256},
                          {"PROMTAIL_CONFIG_SHA256", sha256(configuration)}},
          .on_failure = "restart",
          .backoff_delay = "1s",
          .backoff_limit = "30s",
          .user_id = hockeypuck::user_id,
          .group_id = hockeypuck::user_id};
}

Download download(const PromtailOffer& offer) {
  return {.url = offer.url,
          .archive_sha256 = offer.archive_sha256,
          .content_sha256 = offer.binary_sha256,
          .target = {.path = std::string(promtail::binary_path), .mode = 0755},
          .receipt = std::string(promtail::receipt_path)};
}

}  // namespace

bool wants_promtail(const Snapshot& snapshot, const Settings& settings) {
  return settings.log_forwarder == LogForwarder::promtail ||
         (snapshot.workload && !forwards_logs(snapshot.workload->version));
}

void learn_promtail(const std::vector<const Relation*>& relations, Facts& facts) {
  for (const Relation* relation : relations) {
    if (auto offer = offer_of(*relation, facts)) {
      facts.promtail = std::move(offer);
      return;
    }
  }
  if (!relations.empty()) {
    facts.statuses.push_back({StatusKind::active,
                              "logs are not sent: the integrated Loki offers no promtail for this "
                              "machine, see the option log-forwarder"});
  }
}

PromtailPlan plan_promtail(const Unit& unit, const PromtailOffer& offer,
                           const std::vector<LokiEndpoint>& endpoints) {
  std::string text = configuration(unit, endpoints);
  PromtailPlan plan{.binary = download(offer)};
  plan.directories = {{.path = std::string(promtail::directory)},
                      {.path = std::string(promtail::state_directory),
                       .mode = 0750,
                       .user_id = hockeypuck::user_id,
                       .group_id = hockeypuck::user_id}};
  plan.layer.services[std::string(promtail::service)] = service(offer, text);
  plan.files = {{.path = std::string(promtail::config_path), .content = std::move(text)}};
  return plan;
}

}  // namespace charm::cos
