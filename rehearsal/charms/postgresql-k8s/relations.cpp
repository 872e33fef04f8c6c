// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "relations.hpp"

#include "charm/domain/error.hpp"
#include "rehearsal/charms/partner/partner.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace postgresql {
namespace {

using nlohmann::json;
using rehearsal::partner::value_of;

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ",") + word;
  }
  return text;
}

/// Any value other than a list counts as no request: the answer is then in plain text.
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
      throw charm::Error(std::string(key) + " cannot be changed after the database was created");
    }
  }
}

std::string uri(const Credentials& credentials, const std::vector<std::string>& endpoints,
                const std::string& database) {
  return "postgresql://" + credentials.user + ":" + credentials.password + "@" + join(endpoints) +
         "/" + database;
}

/// Writes a value to the place that the requirer requested: the secret or plain text.
void put(const Request& request, Databag& bag, Databag& secret, const std::string& key,
         const std::string& value) {
  (request.secrets.count(key) != 0 ? secret : bag)[key] = value;
}

constexpr const char* port = ":5432";

/// `address` and `addresses` publish pods, which change in a failover.
std::vector<std::string> addresses(const World& world, bool primaries, bool standbys) {
  const std::optional<std::string> primary = primary_of(world.members);
  std::vector<std::string> found;
  for (const auto& [unit, member] : world.members) {
    const bool is_primary = unit == primary;
    if (!member.address.empty() && (is_primary ? primaries : standbys)) {
      found.insert(is_primary ? found.begin() : found.end(), member.address + port);
    }
  }
  return found;
}

bool is_account_of(const Requirer& requirer, const std::string& database) {
  const auto requested = requirer.remote.find("database");
  return requested != requirer.remote.end() && requested->second == database;
}

/// Like the original, the partner makes an account only when it is first requested. Objects that
/// are restored later belong to the role that restored them.
bool is_answered(const Requirer& requirer) {
  return requirer.ours.count("endpoints") != 0;
}

}  // namespace

Request read_request(const Databag& remote, const Databag& answered) {
  refuse_changed_roles(remote, answered);
  Request request{
      .database = value_of(remote, "database"),
      .extra_user_roles = rehearsal::partner::words(value_of(remote, "extra-user-roles")),
      .secrets = read_requested_secrets(remote)};
  if (answered.count("database") != 0) {
    // A later change of the name is ignored, and an answer in plain text stays in plain text.
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

Offer Relations::offer(Database& primary) const {
  const bool replicated = world_->members.size() > 1;
  Offer offer{
      .endpoints = {world_->service_host("primary") + port},
      .read_only_endpoints = {world_->service_host(replicated ? "replicas" : "primary") + port},
      .version = primary.version(),
      .tls = world_->tls,
      .authority = world_->secret->authority.certificate};
  if (world_->publish != "service") {
    offer.endpoints = addresses(*world_, true, world_->publish == "addresses");
    offer.read_only_endpoints = addresses(*world_, !replicated, true);
  }
  const auto other_authority = world_->shared.find("published-ca");
  if (other_authority != world_->shared.end()) {
    offer.authority = other_authority->second;
  }
  return offer;
}

Credentials Relations::credentials(int relation, const Requirer& requirer, bool renew) const {
  Credentials credentials{.user = relation_user(relation)};
  const auto uri = requirer.ours.find("secret-user");
  const auto plain = requirer.ours.find("password");
  if (!renew && plain != requirer.ours.end()) {
    credentials.password = plain->second;
  } else if (!renew && uri != requirer.ours.end()) {
    credentials.password = tools_->secret_get(uri->second)["password"];
  }
  if (credentials.password.empty()) {
    credentials.password = random_password();
  }
  return credentials;
}

Database Relations::open(const std::string& database) const {
  return Database({.host = world_->service_host("primary"),
                   .user = "operator",
                   .password = world_->secret->operator_password,
                   .database = database});
}

void Relations::make_account(Database& primary, const Account& account) {
  primary.ensure_database(account.database);
  primary.ensure_user(account);
  open(account.database).grant_objects(account.user, account.only_user);
}

void Relations::set(int relation, Requirer& requirer, const Databag& bag) {
  Databag changes;
  for (const auto& [key, value] : bag) {
    const auto known = requirer.ours.find(key);
    if (known == requirer.ours.end() || known->second != value) {
      changes[key] = value;
    }
  }
  if (!changes.empty()) {
    tools_->relation_set(relation, charm::Scope::app, changes);
  }
  for (const auto& [key, value] : changes) {
    requirer.ours[key] = value;
  }
}

void Relations::publish_secret(int relation, Requirer& requirer, const std::string& key,
                               const Databag& content) {
  const auto known = requirer.ours.find(key);
  if (content.empty()) {
    return;
  }
  if (known == requirer.ours.end()) {
    const std::string uri = tools_->secret_add(content);
    tools_->secret_grant(uri, relation);
    set(relation, requirer, {{key, uri}});
  } else if (tools_->secret_get(known->second) != content) {
    tools_->secret_set(known->second, content);
  }
}

void Relations::publish_answer(int relation, Requirer& requirer, const Publication& publication) {
  publish_secret(relation, requirer, "secret-user", publication.user_secret);
  publish_secret(relation, requirer, "secret-tls", publication.tls_secret);
  Databag bag = publication.bag;
  bag["data"] = remembered(requirer.remote);
  if (requirer.ours.count("tls-ca") != 0 && bag.count("tls-ca") == 0) {
    bag["tls-ca"] = "";
  }
  set(relation, requirer, bag);
}

void Relations::remember() {
  for (auto& [relation, requirer] : world_->requirers) {
    const Request request = read_request(requirer.remote, requirer.ours);
    if (!request.database.empty()) {
      set(relation, requirer, {{"data", remembered(requirer.remote)}});
    }
  }
}

std::vector<std::string> Relations::answer(Database& primary, bool renew) {
  std::vector<std::string> problems;
  const Offer offered = offer(primary);
  for (auto& [relation, requirer] : world_->requirers) {
    const Request request = read_request(requirer.remote, requirer.ours);
    if (request.database.empty()) {
      continue;
    }
    if (!primary.roles_exist(request.extra_user_roles)) {
      problems.emplace_back("invalid role(s) for extra user roles");
      continue;
    }
    const Credentials login = credentials(relation, requirer, renew);
    const auto users = std::count_if(
        world_->requirers.begin(), world_->requirers.end(),
        [&](const auto& other) { return is_account_of(other.second, request.database); });
    const Account account{.user = login.user,
                          .password = login.password,
                          .database = request.database,
                          .roles = request.extra_user_roles,
                          .only_user = users <= 1};
    if (!is_answered(requirer)) {
      make_account(primary, account);
    } else if (renew) {
      primary.ensure_user(account);
    }
    publish_answer(relation, requirer, publish(request, offered, login));
  }
  drop_stale_users(primary);
  return problems;
}

void Relations::drop_stale_users(Database& primary) {
  for (const std::string& user : primary.relation_users()) {
    const bool current =
        std::any_of(world_->requirers.begin(), world_->requirers.end(),
                    [&](const auto& entry) { return relation_user(entry.first) == user; });
    if (current) {
      continue;
    }
    for (const std::string& database : primary.databases()) {
      open(database).take_objects_from(user);
    }
    primary.drop_user(user);
  }
}

void Relations::forget(int relation) {
  try {
    const Databag ours = tools_->relation_get(relation, world_->application, charm::Scope::app);
    for (const char* key : {"secret-user", "secret-tls"}) {
      const auto uri = ours.find(key);
      if (uri != ours.end()) {
        tools_->secret_remove(uri->second);
      }
    }
  } catch (const charm::juju::HookToolError& error) {
    if (!error.vanished()) {
      throw;
    }
  }
}

}  // namespace postgresql
