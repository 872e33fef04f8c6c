// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "publication.hpp"

#include "charm/domain/error.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace postgresql {
namespace {

using nlohmann::json;

std::string value_of(const Databag& bag, const std::string& key) {
  const auto entry = bag.find(key);
  return entry == bag.end() ? "" : entry->second;
}

std::vector<std::string> split(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; std::getline(stream, word, ',');) {
    if (!word.empty()) {
      words.push_back(word);
    }
  }
  return words;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ",") + word;
  }
  return text;
}

/// Anything but a list counts as no request: the answer is then in plain text.
std::set<std::string> read_requested_secrets(const Databag& remote) {
  const std::string text = value_of(remote, "requested-secrets");
  std::set<std::string> names;
  if (text.empty()) {
    return names;
  }
  const json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) {
    throw charm::Error("requested-secrets is not JSON");
  }
  if (value.is_array()) {
    for (const json& name : value) {
      names.insert(name.is_string() ? name.get<std::string>() : "");
    }
  }
  return names;
}

void refuse_changed_roles(const Databag& remote, const Databag& answered) {
  const json before = json::parse(value_of(answered, "data"), nullptr, false);
  for (const char* key : {"extra-user-roles", "extra-group-roles", "entity-type"}) {
    if (before.is_object() && before.contains(key) && before[key] != value_of(remote, key)) {
      throw charm::Error(std::string(key) + " cannot be changed after the database was made");
    }
  }
}

std::string uri(const Credentials& credentials, const std::vector<std::string>& endpoints,
                const std::string& database) {
  return "postgresql://" + credentials.user + ":" + credentials.password + "@" + join(endpoints) +
         "/" + database;
}

/// Puts a value where the requirer wants it: in the secret or in plain text.
void put(const Request& request, Databag& bag, Databag& secret, const std::string& key,
         const std::string& value) {
  (request.secrets.count(key) != 0 ? secret : bag)[key] = value;
}

}  // namespace

Request read_request(const Databag& remote, const Databag& answered) {
  refuse_changed_roles(remote, answered);
  Request request{.database = value_of(remote, "database"),
                  .extra_user_roles = split(value_of(remote, "extra-user-roles")),
                  .secrets = read_requested_secrets(remote)};
  if (answered.count("database") != 0) {
    // A later change of the name is ignored, and an answer in plain text stays one.
    request.database = answered.at("database");
    if (answered.count("username") != 0) {
      request.secrets.clear();
    }
  }
  return request;
}

std::string remembered(const Databag& remote) {
  std::string text;
  for (const auto& [key, value] : remote) {
    if (key != "data") {
      text += (text.empty() ? "" : ", ") + json(key).dump(-1, ' ', true) + ": " +
              json(value).dump(-1, ' ', true);
    }
  }
  return "{" + text + "}";
}

Publication publish(const Request& request, const Offer& offer, const Credentials& credentials) {
  Publication answer;
  answer.bag = {{"database", request.database},
                {"endpoints", join(offer.endpoints)},
                {"read-only-endpoints", join(offer.read_only_endpoints)},
                {"version", offer.version}};
  put(request, answer.bag, answer.user_secret, "username", credentials.user);
  put(request, answer.bag, answer.user_secret, "password", credentials.password);
  put(request, answer.bag, answer.user_secret, "uris",
      uri(credentials, offer.endpoints, request.database));
  if (request.secrets.count("read-only-uris") != 0) {
    answer.user_secret["read-only-uris"] =
        uri(credentials, offer.read_only_endpoints, request.database);
  }
  put(request, answer.bag, answer.tls_secret, "tls", offer.tls ? "True" : "False");
  if (offer.tls) {
    put(request, answer.bag, answer.tls_secret, "tls-ca", offer.authority);
  }
  return answer;
}

}  // namespace postgresql
