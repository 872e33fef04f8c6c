// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/model.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <sys/utsname.h>

namespace rehearsal::commands {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* controller_uuid = "8d4a2d32-5d0b-4a6c-8f0e-000000000001";

std::string qualified(const std::string& model) {
  return std::string(user_name) + "/" + model;
}

Json describe(const Model& model) {
  return {{"name", qualified(model.name)},
          {"short-name", model.name},
          {"model-uuid", model.uuid},
          {"model-type", "caas"},
          {"controller-uuid", controller_uuid},
          {"controller-name", controller_name},
          {"is-controller", false},
          {"owner", user_name},
          {"cloud", "rehearsal"},
          {"region", "localhost"},
          {"type", "kubernetes"},
          {"life", "alive"},
          {"agent-version", model.juju_version},
          {"status", {{"current", "available"}, {"since", format_time(model.now)}}},
          {"users",
           {{user_name,
             {{"display-name", user_name},
              {"access", "admin"},
              {"last-connection", "never connected"}}}}}};
}

int add_model(const SessionOptions& options, const Arguments& arguments) {
  const std::string name = arguments.words().empty() ? options.model : arguments.word(0);
  arguments.at_most(2);  // The second one is the cloud.
  check_model_name(name);
  if (const auto controller = arguments.value("controller");
      controller && *controller != controller_name) {
    throw UserError("controller " + *controller + " not found");
  }
  const Store store(models_directory() / name);
  if (has_model(name)) {
    throw UserError("model \"" + name + "\" already exists");
  }
  Model model = store.load(name);
  if (const auto seed = arguments.value("seed")) {
    model.seed = std::strtoull(seed->c_str(), nullptr, 10);
    model.random = model.seed;
  }
  model.juju_version = arguments.value("juju-version").value_or(model.juju_version);
  for (const std::string& setting : arguments.values("config")) {
    const auto [key, value] = key_and_value(setting);
    set_model_option(model, key, value);
  }
  store.save(model);
  if (options.as_juju && !arguments.has("no-switch")) {
    choose_model(name);
  }
  report_ignored(arguments, {"credential"});
  std::cerr << "Added model \"" << name << "\", seed " << model.seed << ", Juju "
            << model.juju_version << std::endl;
  return 0;
}

int models(const SessionOptions& options, const Arguments& arguments) {
  const std::vector<std::string> names = all_models();
  const auto format = arguments.value("format");
  if (!format || *format == "tabular") {
    for (const std::string& name : names) {
      std::cout << name << "\n";
    }
    return 0;
  }
  Json list = Json::array();
  for (const std::string& name : names) {
    list.push_back(describe(Store(models_directory() / name).load(name)));
  }
  print_value({{"models", list}, {"current-model", options.model}}, *format);
  return 0;
}

int show_model(const SessionOptions& options, const Arguments& arguments) {
  arguments.at_most(1);
  const std::string name =
      arguments.words().empty() ? options.model : model_named(arguments.word(0));
  require_model(name);
  const Model model = Store(models_directory() / name).load(name);
  print_value({{name, describe(model)}}, arguments.value("format").value_or("yaml"));
  return 0;
}

int switch_model(const SessionOptions& options, const Arguments& arguments) {
  arguments.at_most(1);
  const auto full = [](const std::string& name) {
    return std::string(controller_name) + ":" + qualified(name);
  };
  if (arguments.words().empty()) {
    std::cout << full(options.model) << "\n";
    return 0;
  }
  const std::string name = model_named(arguments.word(0));
  require_model(name);
  choose_model(name);
  std::cerr << full(options.model) << " -> " << full(name) << std::endl;
  return 0;
}

int version(const SessionOptions& /*options*/, const Arguments& arguments) {
  utsname machine{};
  uname(&machine);
  const std::string name = machine.machine;
  const std::string version = Model().juju_version + "-ubuntu-" +
                              (name == "x86_64"    ? "amd64"
                               : name == "aarch64" ? "arm64"
                                                   : name);
  const auto format = arguments.value("format");
  if (!format || *format == "smart") {
    std::cout << version << "\n";
  } else if (arguments.has("all")) {
    print_value({{"version", version}, {"git-commit", ""}, {"compiler", "rehearsal"}}, *format);
  } else {
    print_value(version, *format);
  }
  return 0;
}

int destroy_model(const SessionOptions& options, const Arguments& arguments) {
  arguments.at_most(1);
  const std::string name =
      arguments.words().empty() ? options.model : model_named(arguments.word(0));
  require_model(name);
  // The model itself is not read: a broken one can be destroyed too.
  const Store store(models_directory() / name);
  make_machine(name)->destroy();
  store.remove();
  publish_to_neighbours(name, {});
  std::cerr << "Model destroyed." << std::endl;
  return 0;
}

}  // namespace

std::vector<Command> model_commands() {
  return {
      {.name = "add-model",
       .usage = "[MODEL] [--seed N] [--juju-version VERSION] [--config KEY=VALUE] [--no-switch]",
       .summary = "Creates a model.",
       .details =
           "The default seed is $REHEARSAL_SEED or 1, and the default version is Juju 3.6. A "
           "version that starts\nwith 4. gives the behaviour of Juju 4.0. By the name juju, the "
           "next commands use the new model.",
       .flags = {{.name = "seed"},
                 {.name = "juju-version"},
                 {.name = "config"},
                 {.name = "controller", .short_name = "c"},
                 {.name = "credential"},
                 plain_flag("no-switch")},
       .run = add_model},
      {.name = "destroy-model",
       .usage = "[MODEL] [--no-prompt] [--destroy-storage]",
       .summary = "Stops a model and deletes it with its storage.",
       .flags = {plain_flag("no-prompt"),
                 plain_flag("destroy-storage"),
                 plain_flag("force"),
                 plain_flag("no-wait"),
                 plain_flag("release-storage"),
                 {.name = "timeout", .short_name = "t"}},
       .run = destroy_model},
      {.name = "models",
       .usage = "[--format tabular|json|yaml]",
       .summary = "Lists the models.",
       .flags = {{.name = "format"}},
       .run = models},
      {.name = "show-model",
       .usage = "[MODEL] [--format yaml|json]",
       .summary = "Shows the names and UUIDs of a model.",
       .flags = {{.name = "format"}},
       .run = show_model},
      {.name = "switch",
       .usage = "[MODEL]",
       .summary = "Shows or selects the model that juju uses.",
       .run = switch_model},
      {.name = "version",
       .usage = "[--all] [--format smart|json|yaml]",
       .summary = "Prints the Juju version of new models.",
       .flags = {{.name = "format"}, plain_flag("all")},
       .run = version},
  };
}

}  // namespace rehearsal::commands
