// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_juju_arguments.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <regex>

namespace test {
namespace {

using charm::Databag;

std::string secret_key(const std::string& uri) {
  static const std::regex form("secret:(//[0-9a-f-]+/)?([0-9a-z]+)");
  std::smatch match;
  if (!std::regex_match(uri, match, form)) {
    throw Refusal{2, "secret URI \"" + uri + "\" not valid"};
  }
  return match[2];
}

Databag file_content(const std::string& path) {
  std::ifstream file(path);
  const Databag content = nlohmann::json::parse(file).get<Databag>();
  if (content.empty()) {
    throw Refusal{2, "missing secret value or filename"};
  }
  static const std::regex key_form("[a-z](-?[a-z0-9]){2,}");
  for (const auto& [key, value] : content) {
    if (!std::regex_match(key, key_form)) {
      throw Refusal{2, "key \"" + key + "\" not valid"};
    }
  }
  return content;
}

}  // namespace

std::string FakeJuju::secret_id(const Arguments& arguments) const {
  if (!arguments.positional.empty()) {
    return secret_key(arguments.positional.front());
  }
  const std::string label = arguments.value("--label");
  if (label.empty()) {
    throw Refusal{2, "require either a secret URI or label"};
  }
  for (const auto* known : {&pending_secrets_, &secrets}) {
    const auto found = std::find_if(known->begin(), known->end(), [&label](const auto& secret) {
      return secret.second.label == label;
    });
    if (found != known->end()) {
      return found->first;
    }
  }
  throw Refusal{1, "consumer label \"" + label + "\" not found"};
}

std::string FakeJuju::secret_get(const Arguments& arguments) {
  arguments.at_most(1);
  const std::string id = secret_id(arguments);
  const bool newest = arguments.has("--refresh") || arguments.has("--peek");
  if (const auto pending = pending_secrets_.find(id);
      pending != pending_secrets_.end() && (newest || !secrets.contains(id))) {
    return printed(pending->second.revisions.back());
  }
  const auto found = secrets.find(id);
  if (found == secrets.end() || found->second.revisions.empty()) {
    throw Refusal{1, "secret \"" + id + "\" not found"};
  }
  FakeSecret& secret = found->second;
  if (!secret.granted) {
    throw Refusal{1, "permission denied"};
  }
  if (secret.tracked == 0 || arguments.has("--refresh")) {
    secret.tracked = secret.revisions.size();
  }
  const auto revision = arguments.has("--peek") ? secret.revisions.size() : secret.tracked;
  return printed(secret.revisions.at(revision - 1));
}

void FakeJuju::require_leader() const {
  if (!leader) {
    throw Refusal{1, "this unit is not the leader"};
  }
}

std::string FakeJuju::secret_add(const Arguments& arguments) {
  arguments.at_most(0);
  require_leader();
  std::string id = "own" + std::to_string(next_secret_ + pending_secrets_.size());
  pending_secrets_[id] = {.revisions = {file_content(arguments.value("--file"))},
                          .own = true,
                          .label = arguments.value("--label")};
  return "secret:" + id + "\n";
}

std::string FakeJuju::secret_set(const Arguments& arguments) {
  arguments.at_most(1);
  require_leader();
  const std::string id = secret_id(arguments);
  FakeSecret& pending = pending_secrets_[id];
  if (const auto known = secrets.find(id); known != secrets.end()) {
    pending.label = known->second.label;
  }
  pending.revisions = {file_content(arguments.value("--file"))};
  return {};
}

std::string FakeJuju::secret_remove(const Arguments& arguments) {
  arguments.at_most(1);
  const std::string id = secret_id(arguments);
  const auto known = secrets.find(id);
  if (known == secrets.end() || !known->second.own) {
    throw Refusal{1, "secret \"" + id + "\" not found"};
  }
  require_leader();
  pending_removals_.insert(id);
  return {};
}

void FakeJuju::commit_secrets() {
  next_secret_ += pending_secrets_.size();
  for (const std::string& id : pending_removals_) {
    secrets.erase(id);
  }
  for (auto& [id, pending] : pending_secrets_) {
    FakeSecret& secret = secrets[id];
    secret.own = true;
    secret.label = pending.label;
    if (secret.revisions.empty() || secret.revisions.back() != pending.revisions.back()) {
      secret.revisions.push_back(std::move(pending.revisions.back()));
    }
  }
}

}  // namespace test
