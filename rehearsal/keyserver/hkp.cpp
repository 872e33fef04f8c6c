// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/hkp.hpp"

#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/recon_message.hpp"
#include "rehearsal/keyserver/verification.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ctime>
#include <regex>
#include <sstream>

namespace rehearsal::keyserver {
namespace {

using nlohmann::ordered_json;

constexpr int ok = 200;
constexpr int bad_request = 400;
constexpr int not_found = 404;
constexpr int method_not_allowed = 405;
constexpr int server_error = 500;
constexpr int not_implemented = 501;

constexpr const char* json_type = "application/json";

/// The allowed method of each path.
const std::map<std::string, std::string> methods{
    {"/pks/health", "GET"},    {"/pks/stats", "GET"},   {"/pks/lookup", "GET"},
    {"/pks/add", "POST"},      {"/pks/delete", "POST"}, {"/pks/replace", "POST"},
    {"/pks/hashquery", "POST"}};

std::string required(const httplib::Params& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  if (found == parameters.end() || found->second.empty()) {
    throw Refusal(bad_request, "missing required parameter: " + name);
  }
  return found->second;
}

/// Returns the parameters of the body. Only URL-encoded bodies count.
httplib::Params form_of(const httplib::Request& request, const std::string& body) {
  httplib::Params form;
  if (request.get_header_value("Content-Type").starts_with("application/x-www-form-urlencoded")) {
    httplib::detail::parse_query_text(body, form);
  }
  return form;
}

bool has_option(const httplib::Request& request, const std::string& wanted) {
  std::istringstream list(request.get_param_value("options"));
  for (std::string option; std::getline(list, option, ',');) {
    if (option == wanted) {
      return true;
    }
  }
  return false;
}

/// An index accepts fingerprints and key IDs without "0x", and with spaces.
std::string normalized_for_index(const std::string& search) {
  static const std::regex id(R"((([0-9A-Fa-f]{4}\s?\s?){4}|([0-9A-Fa-f]{4}\s?\s?){10})\s*)");
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

std::string time_or_nothing(std::optional<std::int64_t> time) {
  return time ? std::to_string(*time) : "";
}

std::string with_colons_escaped(const std::string& text) {
  return std::regex_replace(text, std::regex(":"), "%3a");
}

/// Returns a key and its user IDs for `options=mr` (draft-shaw-openpgp-hkp-00, section 5.2). The
/// first user ID defines when the key expires.
std::string machine_readable(const Certificate& certificate) {
  const PublicKey& key = certificate.key;
  std::string user_ids;
  std::optional<std::int64_t> end;
  for (const UserId& user_id : certificate.user_ids) {
    const auto newest = newest_certification(user_id.signatures, certificate);
    const auto expiration = newest ? newest->expiration(key.creation) : std::nullopt;
    end = user_ids.empty() ? expiration : end;
    user_ids += "uid:" + with_colons_escaped(user_id.keywords) + ":" +
                std::to_string(newest ? newest->creation : 0) + ":" + time_or_nothing(expiration) +
                ":\n";
  }
  std::string fingerprint = key.fingerprint;
  std::ranges::transform(fingerprint, fingerprint.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return "pub:" + fingerprint + ":" + std::to_string(key.algorithm) + ":" +
         std::to_string(key.bit_length) + ":" + std::to_string(key.creation) + ":" +
         time_or_nothing(end) + ":" + (is_revoked(certificate) ? "r" : "") + "\n" + user_ids;
}

std::string machine_readable_index(const std::vector<Certificate>& certificates) {
  std::string index = "info:1:" + std::to_string(certificates.size()) + "\n";
  for (const Certificate& certificate : certificates) {
    index += machine_readable(certificate);
  }
  return index;
}

/// The name of this keyserver, and the version of Hockeypuck that it imitates.
constexpr const char* software_name = "Rehearsal-Hockeypuck";
constexpr const char* software_version = "2.3.3";

std::string time_text(std::int64_t seconds) {
  return seconds == 0 ? "0001-01-01T00:00:00Z" : utc_timestamp(seconds);
}

/// Go's output for an error with the verb `%q`.
std::string quoted_error(const std::string& error) {
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

/// Returns the first and the last character of a hidden address.
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
                       {"LastIncomingError", quoted_error(state.incoming.error)},
                       {"LastOutgoingRecon", time_text(state.outgoing.succeeded)},
                       {"LastOutgoingError", quoted_error(state.outgoing.error)},
                       {"ReconStatus", recon_status(state)},
                       {"LastRecovery", time_text(state.recovery.succeeded)},
                       {"LastRecoveryError", quoted_error(state.recovery.error)},
                       {"RecoveryStatus", recovery_status(state)}};
  if (partner.masked) {
    peer["masked"] = true;
  }
  return peer;
}

/// Returns the JSON text of `/pks/stats`, without counts by hour and day. `total` is the size of
/// the prefix tree.
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

}  // namespace

void Hkp::answer(const httplib::Request& request, const std::string& body,
                 httplib::Response& response) {
  const auto refuse = [&](int status, const std::string& reason) {
    response = {};
    response.status = status;
    // Only the log has the reason of a server error, as Hockeypuck's.
    response.set_content((status == server_error ? "Internal Server Error" : reason) + "\n",
                         "text/plain; charset=utf-8");
    if (status != not_found) {
      log_.error("HTTP " + std::to_string(status) + ": " + reason);
    }
  };
  try {
    response.status = ok;
    route(request, body, response);
  } catch (const Refusal& refusal) {
    refuse(refusal.status(), refusal.what());
  } catch (const std::exception& error) {
    refuse(server_error, error.what());
  }
}

void Hkp::route(const httplib::Request& request, const std::string& body,
                httplib::Response& response) {
  const std::string& path = request.path;
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  const auto known = methods.find(path);
  if (known == methods.end()) {
    throw path.starts_with("/pks/")
        ? Refusal(not_implemented, path + " is not supported by the rehearsal's keyserver")
        : Refusal(not_found, "Not Found");
  }
  if (method != known->second) {
    throw Refusal(method_not_allowed, request.method + " of " + path + " is not supported");
  }
  if (path == "/pks/health") {
    response.set_content("OK", "text/plain");
  } else if (path == "/pks/stats") {
    statistics(response);
  } else if (path == "/pks/lookup") {
    lookup(request, response);
  } else if (path == "/pks/add") {
    upload(request, body, response);
  } else if (path == "/pks/delete" || path == "/pks/replace") {
    administrate(request, body, response);
  } else {
    hash_query(body, response);
  }
}

void Hkp::lookup(const httplib::Request& request, httplib::Response& response) {
  const std::string operation = request.get_param_value("op");
  if (operation == "stats") {
    return statistics(response);
  }
  const bool is_index = operation == "index" || operation == "vindex";
  if (!is_index && operation != "get") {
    throw Refusal(bad_request, "the operation \"" + operation + "\" is not supported");
  }
  const std::string search = required(request.params, "search");
  const std::vector<Certificate> found =
      keyserver_.find(operation == "index" ? normalized_for_index(search) : search);
  if (found.empty()) {
    throw Refusal(not_found, "Not Found");
  }
  if (!is_index) {
    get(found, response);
  } else if (has_option(request, "mr") && !has_option(request, "json")) {
    response.set_content(machine_readable_index(found), "text/plain");
  } else {
    ordered_json keys;
    for (const Certificate& certificate : found) {
      keys.push_back(to_json(certificate));
    }
    response.set_content(keys.dump(1, '\t'), json_type);
  }
}

void Hkp::get(const std::vector<Certificate>& found, httplib::Response& response) const {
  const ArmorHeaders headers{{"Comment", "Hostname: " + configuration_.hostname},
                             {"Version", std::string(software_name) + " " + software_version}};
  // GnuPG needs the revocation alone, because it does not import a key without user IDs.
  std::string revocations;
  std::string certificates;
  for (const Certificate& certificate : found) {
    if (const std::optional<Signature> revocation = hard_revocation_of(certificate)) {
      revocations += serialize(revocation->packet);
    } else {
      certificates += octets_of(certificate);
    }
  }
  response.set_content(armored(revocations + certificates, headers) + "\n", "application/pgp-keys");
}

void Hkp::upload(const httplib::Request& request, const std::string& body,
                 httplib::Response& response) {
  show("add", keyserver_.add(required(form_of(request, body), "keytext")), response);
}

void Hkp::administrate(const httplib::Request& request, const std::string& body,
                       httplib::Response& response) {
  const httplib::Params form = form_of(request, body);
  const std::string key_text = required(form, "keytext");
  const std::string key_signature = required(form, "keysig");
  if (!key_text.starts_with(request.path + "\n") && !key_text.starts_with(request.path + "\r")) {
    throw Refusal(bad_request, "first line of keytext must be '" + request.path + "'");
  }
  if (request.path == "/pks/replace") {
    return show("replace", keyserver_.replace(key_text, key_signature), response);
  }
  keyserver_.remove(key_text, key_signature);
  log_.info("delete");
}

void Hkp::show(const char* operation, const Changes& changes, httplib::Response& response) {
  const std::string result = text_of(changes);
  log_.info(operation, {{"changes", result}});
  response.set_content(result + "\n", json_type);
}

void Hkp::hash_query(const std::string& body, httplib::Response& response) {
  std::vector<std::string> digests;
  try {
    digests = parse_hash_query(body);
  } catch (const MalformedData& error) {
    throw Refusal(bad_request, error.what());
  }
  std::vector<std::string> keys;
  for (const Certificate& found : keyserver_.find_by_digests(digests)) {
    keys.push_back(octets_of(found));
  }
  response.set_content(serialize_found_keys(keys), "pgp/keys");
}

void Hkp::statistics(httplib::Response& response) {
  response.set_content(statistics_text(configuration_, partners_.states(), tree_.size()),
                       "text/plain; charset=utf-8");
}

}  // namespace rehearsal::keyserver
