// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// Secrets of the model's user, and a look at every secret.

#include "rehearsal/model/secrets.hpp"

#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/commands/status.hpp"
#include "rehearsal/model/yaml_json.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;

constexpr const char* user_as_owner = "<model>";

std::string shown_owner(const Secret& secret) {
  return secret.owner.empty() ? user_as_owner : secret.owner;
}

Secret& secret_meant(Model& model, const std::string& reference) {
  const auto id = secret_id_of(reference);
  for (auto& [secret_id, secret] : model.secrets) {
    if (secret_id == id || (secret.owner.empty() && secret.name == reference)) {
      return secret;
    }
  }
  throw UserError("secret \"" + reference + "\" not found");
}

Secret& user_secret(Model& model, const std::string& reference) {
  Secret& secret = secret_meant(model, reference);
  if (!secret.owner.empty()) {
    throw UserError("secret \"" + reference + "\" not found");
  }
  return secret;
}

void check_name(const Model& model, const std::string& name) {
  for (const auto& [id, secret] : model.secrets) {
    if (secret.owner.empty() && secret.name == name) {
      throw UserError("secret with name \"" + name + "\" already exists");
    }
  }
}

void read_content(Bag& content, const std::string& file) {
  const Json map = yaml_to_json(read_file(file));
  if (!map.is_object()) {
    throw UserError(file + " is not a YAML map of keys and values");
  }
  for (const auto& [key, value] : map.items()) {
    content[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
}

/// `key=value` or `key#file=PATH`, and the YAML of --file.
Bag content_of(const Arguments& arguments) {
  constexpr std::string_view from_file = "#file";
  Bag content;
  for (const std::string& file : arguments.values("file")) {
    read_content(content, file);
  }
  for (std::size_t index = 1; index < arguments.words().size(); ++index) {
    auto [key, value] = key_and_value(arguments.words()[index]);
    if (key.ends_with(from_file)) {
      key.resize(key.size() - from_file.size());
      value = read_file(value);
    }
    content[key] = value;
  }
  return content;
}

int add_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "secret name");
  const Bag content = content_of(arguments);
  if (content.empty()) {
    throw tools::usage_error("missing secret value or filename");
  }
  Session session(options);
  Model& model = session.model();
  check_name(model, name);
  const std::string id = new_secret_id(model.random);
  model.secrets[id] = Secret{.id = id,
                             .name = name,
                             .description = arguments.value("info").value_or(""),
                             .created = model.now,
                             .revisions = {{1, {.content = content, .created = model.now}}}};
  session.save();
  std::cout << "secret:" << id << "\n";
  return 0;
}

int update_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  const Bag content = content_of(arguments);
  const auto name = arguments.value("name");
  if (content.empty() && !name && !arguments.value("info") && !arguments.has("auto-prune")) {
    throw tools::usage_error("at least one attribute to update must be specified");
  }
  Session session(options);
  Secret& secret = user_secret(session.model(), reference);
  if (name && *name != secret.name) {
    check_name(session.model(), *name);
    secret.name = *name;
  }
  secret.description = arguments.value("info").value_or(secret.description);
  const SecretRevision& latest = secret.revisions.at(secret.latest());
  if (!content.empty() && latest.content != content) {
    secret.revisions[secret.latest() + 1] =
        SecretRevision{.content = content, .created = session.model().now};
  }
  report_ignored(arguments, {"auto-prune"});
  session.settle();
  return 0;
}

std::vector<std::string> applications_meant(const Model& model, const Arguments& arguments) {
  std::vector<std::string> names = comma_separated(required(arguments, 1, "application"));
  for (const std::string& name : names) {
    static_cast<void>(model.application(name));
  }
  return names;
}

int grant_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  Session session(options);
  Secret& secret = user_secret(session.model(), reference);
  // As in Juju, no hook follows.
  for (const std::string& app : applications_meant(session.model(), arguments)) {
    secret.grants.push_back({.relation = -1, .target = app});
  }
  session.save();
  return 0;
}

int revoke_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  Session session(options);
  Secret& secret = user_secret(session.model(), reference);
  for (const std::string& app : applications_meant(session.model(), arguments)) {
    std::erase_if(secret.grants, [&app](const SecretGrant& grant) { return grant.target == app; });
  }
  session.save();
  return 0;
}

int remove_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  const auto revision = arguments.value("revision");
  Session session(options);
  Secret& secret = user_secret(session.model(), reference);
  if (revision && secret.revisions.erase(whole_number(*revision, 1)) == 0) {
    throw UserError("secret \"" + reference + "\" has no revision " + *revision);
  }
  if (!revision || secret.revisions.empty()) {
    session.model().secrets.erase(std::string(secret.id));
  }
  session.save();
  return 0;
}

Json revisions_of(const Secret& secret) {
  Json list = Json::array();
  for (const auto& [number, revision] : secret.revisions) {
    list.push_back({{"revision", number},
                    {"backend", "internal"},
                    {"created", format_time(revision.created)},
                    {"updated", format_time(revision.created)}});
  }
  return list;
}

Json access_to(const Model& model, const Secret& secret) {
  Json list = Json::array();
  for (const SecretGrant& grant : secret.grants) {
    list.push_back(
        {{"target", tag_of(grant.target)}, {"scope", "model-" + model.uuid}, {"role", "view"}});
  }
  return list;
}

Json describe_secret(const Model& model, const Secret& secret) {
  Json json = {{"revision", secret.latest()},
               {"owner", shown_owner(secret)},
               {"created", format_time(secret.created)},
               {"updated", format_time(secret.revisions.at(secret.latest()).created)}};
  for (const auto& [key, value] : {std::pair("name", secret.name), std::pair("label", secret.label),
                                   std::pair("description", secret.description)}) {
    if (!value.empty()) {
      json[key] = value;
    }
  }
  if (const Json access = access_to(model, secret); !access.empty()) {
    json["access"] = access;
  }
  return json;
}

int secrets(const SessionOptions& options, const Arguments& arguments) {
  arguments.at_most(0);
  const auto owner = arguments.value("owner");
  Session session(options);
  const Model& model = session.model();
  Json json = Json::object();
  Table table({"ID", "Name", "Owner", "Revision", "Last updated"});
  for (const auto& [id, secret] : model.secrets) {
    const std::string shown = shown_owner(secret);
    if (owner && *owner != shown && "application-" + shown != *owner) {
      continue;
    }
    json[id] = describe_secret(model, secret);
    table.add({id, secret.name.empty() ? "-" : secret.name, shown, std::to_string(secret.latest()),
               json[id]["updated"].get<std::string>()});
  }
  if (const auto format = arguments.value("format"); format && *format != "tabular") {
    print_value(json, *format);
  } else {
    table.print(std::cout);
  }
  return 0;
}

int show_secret(const SessionOptions& options, const Arguments& arguments) {
  const std::string reference = required(arguments, 0, "secret");
  arguments.at_most(1);
  const auto wanted = arguments.value("revision");
  if (arguments.has("revisions") && (wanted || arguments.has("reveal"))) {
    throw UserError(wanted ? "either --revision or --revisions can be specified, not both"
                           : "--reveal and --revisions cannot be specified together");
  }
  Session session(options);
  const Secret& secret = secret_meant(session.model(), reference);
  const int number = wanted ? whole_number(*wanted, 1) : secret.latest();
  if (secret.revisions.count(number) == 0) {
    throw UserError("secret \"" + reference + "\" has no revision " + std::to_string(number));
  }
  Json json = describe_secret(session.model(), secret);
  json["revision"] = number;
  if (arguments.has("reveal")) {
    json["content"] = {{"Data", secret.revisions.at(number).content}};
  }
  if (arguments.has("revisions")) {
    json["revisions"] = revisions_of(secret);
  }
  const std::string format = arguments.value("format").value_or("yaml");
  if (format == "yaml" && json.contains("content")) {
    // Only in JSON the values are one level deeper.
    const Json values = json["content"]["Data"];
    json["content"] = values;
  }
  print_value({{secret.id, json}}, format);
  return 0;
}

}  // namespace

std::vector<Command> secret_commands() {
  return {
      {.name = "add-secret",
       .usage = "NAME [KEY=VALUE...] [--file FILE] [--info TEXT]",
       .summary = "Adds a user secret. KEY#file=PATH reads a value from a file.",
       .details = "FILE is a YAML map of keys and values.",
       .flags = {{.name = "file"}, {.name = "info"}},
       .run = add_secret},
      {.name = "update-secret",
       .usage = "NAME|ID [KEY=VALUE...] [--file FILE] [--info TEXT] [--name NAME]",
       .summary = "Changes the content, description or name of a user secret.",
       .flags = {{.name = "file"}, {.name = "info"}, {.name = "name"}, plain_flag("auto-prune")},
       .run = update_secret},
      {.name = "grant-secret",
       .usage = "NAME|ID APPLICATION[,APPLICATION...]",
       .summary = "Lets applications read a user secret.",
       .run = grant_secret},
      {.name = "revoke-secret",
       .usage = "NAME|ID APPLICATION[,APPLICATION...]",
       .summary = "Withdraws the permission that grant-secret gave.",
       .run = revoke_secret},
      {.name = "remove-secret",
       .usage = "NAME|ID [--revision N]",
       .summary = "Removes a user secret, or one revision of it.",
       .flags = {{.name = "revision"}},
       .run = remove_secret},
      {.name = "secrets",
       .usage = "[--owner OWNER] [--format tabular|json|yaml]",
       .summary = "Lists the secrets.",
       .flags = {{.name = "owner"}, {.name = "format"}},
       .run = secrets,
       .alias = "list-secrets"},
      {.name = "show-secret",
       .usage = "NAME|ID [--reveal] [--revision N] [--revisions] [--format yaml|json]",
       .summary = "Shows a secret.",
       .flags = {{.name = "format"},
                 {.name = "revision", .short_name = "r"},
                 plain_flag("reveal"),
                 plain_flag("revisions")},
       .run = show_secret},
  };
}

}  // namespace rehearsal::commands
