// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/values.hpp"
#include "rehearsal/model/secrets.hpp"

#include <iostream>

namespace rehearsal::commands {
namespace {

Secret& user_secret(Model& model, const std::string& reference) {
  const auto id = secret_id_of(reference);
  for (auto& [secret_id, secret] : model.secrets) {
    if (secret.owner.empty() && (secret.name == reference || secret_id == id)) {
      return secret;
    }
  }
  throw UserError("secret \"" + reference + "\" not found");
}

/// `key=value` or `key#file=PATH`.
Bag content_of(const Arguments& arguments) {
  constexpr std::string_view from_file = "#file";
  Bag content;
  for (std::size_t index = 1; index < arguments.words().size(); ++index) {
    auto [key, value] = key_and_value(arguments.words()[index]);
    if (key.ends_with(from_file)) {
      key.resize(key.size() - from_file.size());
      value = read_file(value);
    }
    content[key] = value;
  }
  if (content.empty()) {
    throw tools::usage_error("missing secret value or filename");
  }
  return content;
}

int add_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "secret name");
  const Bag content = content_of(arguments);
  Session session(options);
  Model& model = session.model();
  for (const auto& [id, secret] : model.secrets) {
    if (secret.owner.empty() && secret.name == name) {
      throw UserError("secret with name \"" + name + "\" already exists");
    }
  }
  const std::string id = new_secret_id(model);
  model.secrets[id] = Secret{.id = id, .name = name, .revisions = {{1, {.content = content}}}};
  session.save();
  std::cout << "secret:" << id << "\n";
  return 0;
}

int update_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  const Bag content = content_of(arguments);
  Session session(options);
  Secret& secret = user_secret(session.model(), reference);
  if (secret.revisions.at(secret.latest()).content != content) {
    secret.revisions[secret.latest() + 1] = SecretRevision{.content = content, .expires = {}};
  }
  session.settle();
  return 0;
}

int grant_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  const std::string app = required(arguments, 1, "application");
  Session session(options);
  static_cast<void>(session.model().application(app));
  // As in Juju no hook tells the application of it.
  user_secret(session.model(), reference).grants.push_back({.relation = -1, .target = app});
  session.save();
  return 0;
}

}  // namespace

std::vector<Command> secret_commands() {
  return {
      {.name = "add-secret",
       .usage = "NAME KEY=VALUE...",
       .summary = "Adds a secret of the model's user; KEY#file=PATH takes a file.",
       .details = "",
       .flags = {},
       .run = add_secret},
      {.name = "update-secret",
       .usage = "NAME|ID KEY=VALUE...",
       .summary = "Gives a secret of the model's user a new revision.",
       .details = "",
       .flags = {},
       .run = update_secret},
      {.name = "grant-secret",
       .usage = "NAME|ID APPLICATION",
       .summary = "Lets an application read a secret of the model's user.",
       .details = "",
       .flags = {},
       .run = grant_secret},
  };
}

}  // namespace rehearsal::commands
