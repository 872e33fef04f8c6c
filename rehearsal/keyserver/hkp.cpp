// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/hkp.hpp"

#include "rehearsal/keyserver/armor.hpp"
#include "rehearsal/keyserver/certificate_json.hpp"
#include "rehearsal/keyserver/hash_query.hpp"
#include "rehearsal/keyserver/machine_readable.hpp"
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/self_signatures.hpp"
#include "rehearsal/keyserver/statistics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <regex>
#include <sstream>

namespace rehearsal::keyserver {
namespace {

using nlohmann::ordered_json;

constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int method_not_allowed = 405;
constexpr int server_error = 500;

/// Which methods a path takes, in the words of its Allow header.
const std::map<std::string, std::string> allowed_methods{
    {"/pks/health", "GET, HEAD, OPTIONS"}, {"/pks/stats", "GET, HEAD, OPTIONS"},
    {"/pks/lookup", "GET, OPTIONS"},       {"/pks/add", "POST, OPTIONS"},
    {"/pks/replace", "POST, OPTIONS"},     {"/pks/delete", "POST, OPTIONS"},
    {"/pks/hashquery", "POST, OPTIONS"}};

Parameters query_of(const Request& request) {
  const std::optional<Parameters> parameters = parse_form(request.query);
  if (!parameters) {
    throw Refusal(bad_request, "query is not URL-encoded");
  }
  return *parameters;
}

/// Parameters of the body before those of the query. Only URL-encoded bodies count.
Parameters form_of(const Request& request) {
  Parameters parameters;
  if (request.content_type.starts_with("application/x-www-form-urlencoded")) {
    const std::optional<Parameters> form = parse_form(request.body);
    if (!form) {
      throw Refusal(bad_request, "form is not URL-encoded");
    }
    parameters = *form;
  }
  parameters.merge(query_of(request));
  return parameters;
}

std::string required(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  if (found == parameters.end() || found->second.empty()) {
    throw Refusal(bad_request, "missing required parameter: " + name);
  }
  return found->second;
}

std::string optional_parameter(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

/// An index takes fingerprints and key IDs without "0x", and with spaces as people copy them.
std::string normalized_for_index(const std::string& search) {
  static const std::regex id(R"((([0-9A-Fa-f]{4}\s?\s?){4}|([0-9A-Fa-f]{4}\s?\s?){8}|)"
                             R"(([0-9A-Fa-f]{4}\s?\s?){10}|([0-9A-Fa-f]{4}\s?\s?){16})\s*)");
  if (!std::regex_match(search, id)) {
    return search;
  }
  std::string result = "0x" + search;
  std::erase_if(result, [](char letter) { return letter == ' '; });
  return result;
}

ordered_json list_or_null(const std::vector<std::string>& list) {
  return list.empty() ? ordered_json() : ordered_json(list);
}

std::string text_of(const Changes& changes) {
  const ordered_json result = {{"inserted", list_or_null(changes.inserted)},
                               {"updated", list_or_null(changes.updated)},
                               {"ignored", list_or_null(changes.ignored)}};
  return result.dump();
}

std::string octets_of(const Certificate& certificate) {
  std::string octets;
  for (const Packet& packet : packets_of(certificate)) {
    octets += serialize(packet);
  }
  return octets;
}

std::vector<std::string> queried_digests(const std::string& body) {
  try {
    return parse_hash_query(body);
  } catch (const MalformedData& error) {
    throw Refusal(bad_request, error.what());
  }
}

Response preflight(const std::string& allowed) {
  return {.headers = {{"Allow", allowed}, {"Access-Control-Allow-Origin", "*"}}};
}

}  // namespace

Hkp::Options Hkp::options_of(const Parameters& parameters) {
  Options options;
  std::istringstream list(optional_parameter(parameters, "options"));
  for (std::string option; std::getline(list, option, ',');) {
    options.machine_readable = options.machine_readable || option == "mr";
    options.json = options.json || option == "json";
  }
  return options;
}

Response Hkp::answer(const Request& request) {
  try {
    return route(request);
  } catch (const Refusal& refusal) {
    if (refusal.status() != not_found) {
      log_.error("HTTP " + std::to_string(refusal.status()) + ": " + refusal.what());
    }
    return error_response(refusal.status());
  } catch (const std::exception& error) {
    log_.error(std::string("HTTP 500: ") + error.what());
    return error_response(server_error);
  }
}

Response Hkp::route(const Request& request) {
  const auto known = allowed_methods.find(request.path);
  if (known == allowed_methods.end()) {
    Response response = error_response(not_found);
    response.body = "404 page not found\n";
    return response;
  }
  if (known->second.find(request.method) == std::string::npos) {
    Response response = error_response(method_not_allowed);
    response.headers["Allow"] = known->second;
    return response;
  }
  if (request.method == "OPTIONS") {
    return preflight(known->second);
  }
  if (request.path == "/pks/lookup") {
    return lookup(request);
  }
  if (request.path == "/pks/add") {
    return upload(request);
  }
  if (request.path == "/pks/hashquery") {
    return hash_query(request);
  }
  if (request.method == "POST") {
    return administrate(request);
  }
  if (request.path == "/pks/stats") {
    return statistics(request);
  }
  return {.content_type = "text/plain; charset=utf-8",
          .body = "OK",
          .headers = {{"Access-Control-Allow-Origin", "*"}}};
}

Response Hkp::lookup(const Request& request) {
  const Parameters parameters = query_of(request);
  const std::string operation = optional_parameter(parameters, "op");
  if (operation == "stats") {
    return statistics(request);
  }
  const bool is_index = operation == "index" || operation == "vindex";
  if (!is_index && operation != "get" && operation != "hget") {
    throw Refusal(bad_request, "invalid operation");
  }
  std::string search = required(parameters, "search");
  if (operation == "index") {
    search = normalized_for_index(search);
  }
  const std::vector<Certificate> found =
      operation == "hget" ? keyserver_.find_by_digest(search) : keyserver_.find(search);
  if (found.empty()) {
    throw Refusal(not_found, "not found");
  }
  const Options options = options_of(parameters);
  return is_index ? index(found, options) : get(found, options);
}

Response Hkp::get(const std::vector<Certificate>& found, Options options) const {
  const std::string software = std::string(software_name) + " " + software_version;
  const std::string& comment = configuration_.armor_comment;
  const std::string& version = configuration_.armor_version;
  const ArmorHeaders headers{
      {"Comment", comment.empty() ? "Hostname: " + configuration_.hostname : comment},
      {"Version", version.empty() ? software : version}};
  // GnuPG needs the revocation alone: it does not import a key without user IDs.
  std::string revocations;
  std::string certificates;
  for (const Certificate& certificate : found) {
    const std::optional<Signature> revocation = hard_revocation_of(certificate);
    if (revocation && certificate.key.version < 6) {
      revocations += serialize(revocation->packet);
      continue;
    }
    certificates += octets_of(certificate);
  }
  Response response{
      .content_type = "application/pgp-keys",
      .body = write_armor("PGP PUBLIC KEY BLOCK", headers, revocations + certificates) + "\n"};
  if (options.machine_readable) {
    response.headers["Access-Control-Allow-Origin"] = "*";
  } else {
    response.headers["Content-Disposition"] =
        "attachment; filename=\"" + found.front().key.fingerprint + ".asc\"";
  }
  return response;
}

Response Hkp::index(const std::vector<Certificate>& found, Options options) const {
  if (options.machine_readable && !options.json) {
    return {.content_type = "text/plain", .body = machine_readable_index(found)};
  }
  ordered_json keys;
  for (const Certificate& certificate : found) {
    keys.push_back(to_json(certificate));
  }
  return {.content_type = "application/json", .body = keys.dump(1, '\t')};
}

Response Hkp::upload(const Request& request) {
  const Changes changes = keyserver_.add(required(form_of(request), "keytext"));
  const std::string result = text_of(changes);
  log_.info("add", {{"changes", result}});
  return {.content_type = "application/json",
          .body = result + "\n",
          .headers = {{"Access-Control-Allow-Origin", "*"}}};
}

Response Hkp::administrate(const Request& request) {
  const Parameters form = form_of(request);
  const std::string key_text = required(form, "keytext");
  const std::string key_signature = required(form, "keysig");
  if (!key_text.starts_with(request.path + "\n") && !key_text.starts_with(request.path + "\r")) {
    throw Refusal(bad_request, "first line of keytext must be '" + request.path + "'");
  }
  Response response{.headers = {{"Access-Control-Allow-Origin", "*"}}};
  if (request.path == "/pks/delete") {
    keyserver_.remove(key_text, key_signature);
    log_.info("delete");
    return response;
  }
  const Changes changes = keyserver_.replace(key_text, key_signature);
  const std::string result = text_of(changes);
  log_.info("replace", {{"changes", result}});
  response.content_type = "application/json";
  response.body = result + "\n";
  return response;
}

Response Hkp::hash_query(const Request& request) {
  std::vector<std::string> keys;
  for (const Certificate& found : keyserver_.find_by_digests(queried_digests(request.body))) {
    keys.push_back(octets_of(found));
  }
  return {.content_type = "pgp/keys", .body = serialize_found_keys(keys)};
}

Response Hkp::statistics(const Request& request) {
  return {.content_type = "text/plain; charset=utf-8",
          .body = statistics_text(configuration_, partners_.states(), request.host, tree_.size()),
          .headers = {{"Access-Control-Allow-Origin", "*"}}};
}

}  // namespace rehearsal::keyserver
