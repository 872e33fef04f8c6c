// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/hkp.hpp"

#include "rehearsal/keyserver/http_server.hpp"
#include "rehearsal/keyserver/octets.hpp"
#include "rehearsal/keyserver/recon_message.hpp"
#include "rehearsal/keyserver/statistics.hpp"
#include "rehearsal/keyserver/verification.hpp"

#include <httplib.h>
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
constexpr int not_implemented = 501;

constexpr const char* json_type = "application/json";

/// The method of each path.
const std::map<std::string, std::string> methods{
    {"/pks/health", "GET"}, {"/pks/stats", "GET"},   {"/pks/lookup", "GET"},
    {"/pks/add", "POST"},   {"/pks/delete", "POST"}, {"/pks/hashquery", "POST"}};

std::string required(const httplib::Params& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  if (found == parameters.end() || found->second.empty()) {
    throw Refusal(bad_request, "missing required parameter: " + name);
  }
  return found->second;
}

/// The parameters of the body. Only URL-encoded bodies count.
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

/// An index takes fingerprints and key IDs without "0x", and with spaces as people copy them.
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

/// A key and its user IDs for `options=mr` (draft-shaw-openpgp-hkp-00, section 5.2). The first user
/// ID says when the key expires.
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

}  // namespace

void Hkp::answer(const httplib::Request& request, const std::string& body,
                 httplib::Response& response) {
  const auto refuse = [&](int status, const std::string& reason) {
    response = {};
    response.status = status;
    response.set_content(reason + "\n", "text/plain; charset=utf-8");
    if (status != not_found) {
      log_.error("HTTP " + std::to_string(status) + ": " + reason);
    }
  };
  try {
    response.status = http_ok;
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
  } else if (path == "/pks/delete") {
    remove(request, body);
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
  // GnuPG needs the revocation alone: it does not import a key without user IDs.
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
  const std::string result = text_of(keyserver_.add(required(form_of(request, body), "keytext")));
  log_.info("add", {{"changes", result}});
  response.set_content(result + "\n", json_type);
}

void Hkp::remove(const httplib::Request& request, const std::string& body) {
  const httplib::Params form = form_of(request, body);
  const std::string key_text = required(form, "keytext");
  const std::string key_signature = required(form, "keysig");
  if (!key_text.starts_with("/pks/delete\n") && !key_text.starts_with("/pks/delete\r")) {
    throw Refusal(bad_request, "first line of keytext must be '/pks/delete'");
  }
  keyserver_.remove(key_text, key_signature);
  log_.info("delete");
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
