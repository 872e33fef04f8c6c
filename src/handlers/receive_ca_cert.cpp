// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/certificates.hpp"
#include "charm/domain/error.hpp"
#include "charm/json/json_text.hpp"
#include "databag_text.hpp"
#include "registry.hpp"

#include <nlohmann/json.hpp>

namespace charm {

namespace {

constexpr std::string_view receive_ca_cert_endpoint = "receive-ca-cert";

constexpr std::string_view list_key = "certificates";
/// A provider with more certificates is broken or hostile.
constexpr std::size_t most_certificates = 500;

using Texts = std::vector<std::string>;

/// Returns nothing for any other value than a JSON array of texts.
std::optional<Texts> texts_in(std::string_view value) {
  const auto parsed = parse_json(value);
  if (!parsed || !parsed->is_array()) {
    return std::nullopt;
  }
  Texts texts;
  for (const auto& each : *parsed) {
    if (!each.is_string()) {
      return std::nullopt;
    }
    texts.push_back(each.get<std::string>());
  }
  return texts;
}

/// Library v0 writes plain PEM, and library v1 writes it as a JSON text.
Texts text_in(std::string_view value) {
  const auto parsed = parse_json(value);
  return {parsed && parsed->is_string() ? parsed->get<std::string>() : std::string(value)};
}

/// Adds the certificates to the facts. A malformed certificate is a warning and does not affect the
/// others.
void trust(const std::optional<Texts>& texts, const Relation& relation, std::string_view key,
           Facts& facts) {
  if (!texts) {
    facts.warnings.push_back(databag::warning(relation, key, "is not a JSON array of texts"));
    return;
  }
  for (const std::string& text : *texts) {
    if (facts.certificates.size() >= most_certificates) {
      facts.warnings.push_back(databag::warning(
          relation, key,
          "brings more than " + std::to_string(most_certificates) + " certificates, left out"));
      return;
    }
    try {
      facts.certificates.merge(read_pem_certificates(text));
    } catch (const InputError& error) {
      facts.warnings.push_back(
          databag::warning(relation, key, std::string(error.what()) + ", left out"));
    }
  }
}

/// A provider of version 0 publishes its own certificate as well. It is useful if there is no
/// authority.
void learn_unit(const Relation& relation, const Databag& bag, Facts& facts) {
  const auto ca = databag::value_of(bag, "ca");
  const auto chain = databag::value_of(bag, "chain");
  const auto own = databag::value_of(bag, "certificate");
  if (!ca.empty()) {
    trust(text_in(ca), relation, "ca", facts);
  }
  if (!chain.empty()) {
    trust(texts_in(chain), relation, "chain", facts);
  }
  if (ca.empty() && chain.empty() && !own.empty()) {
    trust(text_in(own), relation, "certificate", facts);
  }
}

WantedBags wants_of_receive_ca_cert(const Occasion& /*occasion*/) {
  return {.remote_app = true, .remote_units = true, .remote_unit_bags = true, .local_app = true};
}

bool needs_units_of_receive_ca_cert(const Relation& relation) {
  return databag::value_of(relation.remote_app_data, list_key).empty();
}

void learn_receive_ca_cert(const Snapshot& snapshot, const Settings& /*settings*/, Facts& facts) {
  for (const Relation* relation : snapshot.on(receive_ca_cert_endpoint)) {
    const auto list = databag::value_of(relation->remote_app_data, list_key);
    if (!list.empty()) {
      trust(texts_in(list), *relation, list_key, facts);
      continue;
    }
    for (const auto& [unit, bag] : relation->remote_units) {
      learn_unit(*relation, bag, facts);
    }
  }
}

void publish_receive_ca_cert(const Snapshot& snapshot, const Settings& /*settings*/,
                             const Facts& /*facts*/, Plan& plan) {
  if (!snapshot.unit.leader) {
    return;
  }
  for (const Relation* relation : snapshot.on(receive_ca_cert_endpoint)) {
    plan.publications.push_back(
        {.relation = relation->id, .scope = Scope::app, .data = {{"version", "1"}}});
  }
}

}  // namespace

/// The requirer of `certificate_transfer`. Version 1 has certificates in the application's databag.
/// Version 0, for providers without version 1, has `ca` and `chain` in each unit's databag.
constexpr RelationHandler receive_ca_cert{.endpoint = receive_ca_cert_endpoint,
                                          .wants = wants_of_receive_ca_cert,
                                          .needs_remote_units = needs_units_of_receive_ca_cert,
                                          .learn = learn_receive_ca_cert,
                                          .publish = publish_receive_ca_cert};

}  // namespace charm
