// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/charm.hpp"
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/pods/image.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <regex>
#include <string>
#include <string_view>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rehearsal::commands {
namespace {

namespace fs = std::filesystem;

void unzip(const fs::path& file, const fs::path& directory) {
  std::string program = "unzip";
  std::string options = "-qqo";
  std::string source = file.string();
  std::string into = "-d";
  std::string target = directory.string();
  std::array<char*, 6> argv{program.data(), options.data(), source.data(),
                            into.data(),    target.data(),  nullptr};
  pid_t child = 0;
  if (posix_spawnp(&child, "unzip", nullptr, nullptr, argv.data(), environ) != 0) {
    throw UserError("cannot unpack " + source + ": install unzip, or deploy the unpacked folder");
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw UserError("cannot unpack " + source + ": it is not a charm file");
  }
}

/// A charm as a folder, or as a .charm file that is unpacked for the lifetime of this object.
class CharmFolder {
 public:
  /// Throws UserError if the source does not exist or `unzip` cannot unpack it.
  explicit CharmFolder(const fs::path& source);

  CharmFolder(const CharmFolder&) = delete;
  CharmFolder& operator=(const CharmFolder&) = delete;
  ~CharmFolder();

  [[nodiscard]] const fs::path& path() const { return path_; }

  /// Returns the given path, made absolute.
  [[nodiscard]] const fs::path& source() const { return source_; }

 private:
  fs::path source_;
  fs::path path_;
};

CharmFolder::CharmFolder(const fs::path& source)
    : source_(fs::weakly_canonical(fs::absolute(source))), path_(source_) {
  if (!fs::exists(source_)) {
    throw UserError("no charm was found at \"" + source.string() + "\"");
  }
  if (fs::is_directory(source_)) {
    return;
  }
  std::string directory = (fs::temp_directory_path() / "rehearse-charm-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) {
    throw UserError("cannot create " + directory);
  }
  path_ = directory;
  try {
    unzip(source_, path_);
  } catch (const UserError&) {
    fs::remove_all(path_);
    throw;
  }
}

CharmFolder::~CharmFolder() {
  if (path_ != source_) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
}

constexpr std::string_view store_prefix = "ch:";

/// Returns the folder of the charm in the argument: a path, or the name of a partner charm.
CharmFolder locate_charm(std::string argument) {
  if (argument.rfind(store_prefix, 0) == 0) {
    argument.erase(0, store_prefix.size());
  }
  const bool is_path = argument.find('/') != std::string::npos || argument[0] == '.' ||
                       fs::path(argument).extension() == ".charm";
  if (!is_path) {
    const fs::path partner = find_partner_charm(argument);
    if (partner.empty()) {
      throw UserError("charm \"" + argument +
                      "\" not found; to deploy your own charm, give its path, such as ./" +
                      argument);
    }
    return CharmFolder(partner);
  }
  return CharmFolder(argument);
}

void check_name(const std::string& name) {
  static const std::regex valid("[a-z][a-z0-9]*(-[a-z0-9]*[a-z][a-z0-9]*)*");
  if (!std::regex_match(name, valid)) {
    throw UserError("invalid application name \"" + name + "\"");
  }
}

/// Images that were copied here, by their digest; all models share it.
fs::path image_cache() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache != '\0') {
    return fs::path(cache) / "rehearsal/images";
  }
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "/root" : home) / ".cache/rehearsal/images";
}

void set_resources(Application& app, const Arguments& arguments) {
  for (const std::string& resource : arguments.values("resource")) {
    const auto [name, value] = key_and_value(resource);
    if (app.charm.resources.count(name) == 0) {
      throw UserError("unrecognized resource \"" + name + "\"");
    }
    if (app.charm.resources.at(name) == "oci-image") {
      app.resources[name] = provide_image(value, image_cache()).string();
      continue;
    }
    if (!fs::is_regular_file(value)) {
      throw UserError("file for resource \"" + name + "\": open " + value +
                      ": no such file or directory");
    }
    app.resources[name] = fs::absolute(value).string();
  }
}

/// The image comes with the rehearsal, or from $REHEARSAL_IMAGES.
bool has_image(const Application& app, const std::string& resource) {
  const auto& containers = app.charm.containers;
  return std::any_of(containers.begin(), containers.end(), [&](const auto& container) {
    return container.second.resource == resource && !find_image(app, container.first).empty();
  });
}

/// Juju checks this for a charm that does not come from its store.
void require_images(const Application& app) {
  std::string missing;
  for (const auto& [name, type] : app.charm.resources) {
    if (type == "oci-image" && app.resources.count(name) == 0 && !has_image(app, name)) {
      missing += (missing.empty() ? "" : ", ") + name;
    }
  }
  if (!missing.empty()) {
    throw UserError("local charm missing OCI images for: " + missing);
  }
}

void refuse_unknown_ways(const Arguments& arguments) {
  if (arguments.value("attach-storage")) {
    throw UserError(
        "the rehearsal cannot attach storage: each unit keeps the volumes of its number");
  }
  if (arguments.value("overlay")) {
    throw UserError("the rehearsal does not deploy bundles: remove --overlay");
  }
}

void add_peer_relations(Model& model, const Application& app) {
  for (const auto& [name, endpoint] : app.charm.endpoints) {
    bool exists = false;
    for (const int id : relations_of(model, app.name)) {
      exists = exists || end_of(model.relations.at(id), app.name)->endpoint.name == name;
    }
    if (endpoint.role == Role::peer && !exists) {
      add_relation(model, {{app.name, endpoint}});
    }
  }
}

int deploy(const SessionOptions& options, const Arguments& arguments) {
  const CharmFolder folder = locate_charm(required(arguments, 0, "charm"));
  arguments.at_most(2);
  refuse_unknown_ways(arguments);
  Application app{.source = folder.source().string(), .trust = arguments.has("trust")};
  app.charm = read_charm(folder.path());
  app.name = arguments.words().size() > 1 ? arguments.word(1) : app.charm.name;
  check_name(app.name);
  const int scale = whole_number(arguments.value("num-units").value_or("1"), 0);
  for (const std::string& setting : arguments.values("config")) {
    set_config(app, setting);
  }
  set_resources(app, arguments);
  if (find_partner_charm(app.charm.name) != folder.source()) {
    require_images(app);
  }
  Session session(options);
  Model& model = session.model();
  if (model.applications.count(app.name) > 0) {
    throw UserError("cannot add application \"" + app.name + "\": application already exists");
  }
  session.store().keep_charm(folder.path(), app.name, app.revision);
  std::cerr << "Deploying \"" << app.name << "\" from local charm \"" << app.charm.name
            << "\", revision " << app.revision << std::endl;
  report_ignored(arguments, {"base", "bind", "channel", "constraints", "device", "force",
                             "revision", "storage", "to"});
  const std::string name = app.name;
  app.status.since = model.now;
  model.applications[name] = app;
  add_peer_relations(model, app);
  add_units(model, name, scale);
  session.settle();
  return 0;
}

int refresh(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = required(arguments, 0, "application");
  arguments.at_most(1);
  Session session(options);
  Application& app = session.model().application(name);
  const CharmFolder folder(arguments.value("path").value_or(app.source));
  Application next = app;
  next.charm = read_charm(folder.path());
  if (next.charm.name != app.charm.name) {
    throw UserError("cannot upgrade application \"" + name + "\" to charm \"" + next.charm.name +
                    "\": its charm is \"" + app.charm.name + "\"");
  }
  set_resources(next, arguments);
  for (const std::string& setting : arguments.values("config")) {
    set_config(next, setting);
  }
  report_ignored(arguments,
                 {"base", "channel", "force", "force-base", "force-units", "revision", "storage"});
  next.trust = next.trust || arguments.has("trust");
  next.source = folder.source().string();
  ++next.revision;
  session.store().keep_charm(folder.path(), name, next.revision);
  app = next;
  std::cerr << "Added local charm \"" << app.charm.name << "\", revision " << app.revision
            << ", to the model" << std::endl;
  add_peer_relations(session.model(), app);
  for (const std::string& unit : session.model().units_of(name)) {
    session.model().unit(unit).replace_pod = true;
  }
  session.settle();
  return 0;
}

}  // namespace

std::vector<Command> deploy_commands() {
  return {
      {.name = "deploy",
       .usage = "CHARM [APPLICATION] [-n N] [--config KEY=VALUE] [--resource NAME=IMAGE] [--trust]",
       .summary = "Deploys a charm: a folder, a .charm file, or a partner charm by name.",
       .details = "CHARM is a path (with a slash, or ending in .charm) or the name of a partner "
                  "charm, such as\npostgresql-k8s or ch:postgresql-k8s. --config also accepts a "
                  "YAML file. IMAGE is\nghcr.io/NAME:TAG, oci:FOLDER:TAG, docker-archive:FILE, or "
                  "the folder of an unpacked image.\n--base, --bind, --channel, --constraints, "
                  "--revision, --storage and --to have no effect.",
       .flags = {{.name = "num-units", .short_name = "n"},
                 {.name = "config"},
                 {.name = "resource"},
                 {.name = "channel"},
                 {.name = "constraints"},
                 {.name = "storage"},
                 {.name = "attach-storage"},
                 {.name = "base"},
                 {.name = "bind"},
                 {.name = "device"},
                 {.name = "overlay"},
                 {.name = "revision"},
                 {.name = "to"},
                 plain_flag("force"),
                 plain_flag("trust")},
       .run = deploy,
       .makes_model = true},
      {.name = "refresh",
       .usage = "APPLICATION [--path CHARM] [--config KEY=VALUE] [--resource NAME=IMAGE] [--trust]",
       .summary = "Moves an application to a new revision of its charm.",
       .details = "Replaces the pods one after the other: stop (old charm), upgrade-charm, "
                  "config-changed, start.",
       .flags = {{.name = "path"},
                 {.name = "config"},
                 {.name = "resource"},
                 {.name = "base"},
                 {.name = "channel"},
                 {.name = "revision"},
                 {.name = "storage"},
                 plain_flag("force"),
                 plain_flag("force-base"),
                 plain_flag("force-units"),
                 plain_flag("trust")},
       .run = refresh},
  };
}

}  // namespace rehearsal::commands
