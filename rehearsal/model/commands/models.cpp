// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/commands/command.hpp"
#include "rehearsal/model/model.hpp"

#include <cstdlib>
#include <iostream>

namespace rehearsal::commands {
namespace {

bool truth(const std::string& text) {
  if (text != "true" && text != "false") {
    throw tools::usage_error("expected true or false, got \"" + text + "\"");
  }
  return text == "true";
}

int add_model(const SessionOptions& options, const Arguments& arguments) {
  SessionOptions chosen = options;
  if (!arguments.words().empty()) {
    chosen.model = arguments.word(0);
  }
  const Store store(models_directory() / chosen.model);
  if (std::filesystem::exists(models_directory() / chosen.model / "model.json")) {
    throw UserError("model \"" + chosen.model + "\" already exists");
  }
  Model model = store.load(chosen.model);
  if (const auto seed = arguments.value("seed")) {
    model.seed = std::strtoull(seed->c_str(), nullptr, 10);
    model.random = model.seed;
  }
  model.juju_version = arguments.value("juju-version").value_or(model.juju_version);
  store.save(model);
  if (options.as_juju) {
    choose_model(chosen.model);
  }
  std::cerr << "Added model \"" << chosen.model << "\", seed " << model.seed << ", Juju "
            << model.juju_version << std::endl;
  return 0;
}

int models(const SessionOptions& /*options*/, const Arguments& /*arguments*/) {
  const std::filesystem::path directory = models_directory();
  if (!std::filesystem::exists(directory)) {
    return 0;
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (std::filesystem::exists(entry.path() / "model.json")) {
      std::cout << entry.path().filename().string() << "\n";
    }
  }
  return 0;
}

int model_config(const SessionOptions& options, const Arguments& arguments) {
  Session session(options);
  Model& model = session.model();
  for (const std::string& word : arguments.words()) {
    const auto [key, value] = key_and_value(word);
    if (key == "automatically-retry-hooks") {
      model.automatically_retry_hooks = truth(value);
    } else if (key == "update-status-hook-interval") {
      const auto interval = parse_duration(value);
      if (!interval || *interval < one_minute || *interval > 60 * one_minute) {
        throw UserError("update-status-hook-interval must be between 1m and 60m");
      }
      model.update_status_interval = *interval;
    } else {
      throw UserError("unknown model option \"" + key + "\"");
    }
  }
  session.save();
  std::cout << "automatically-retry-hooks: " << (model.automatically_retry_hooks ? "true" : "false")
            << "\nseed: " << model.seed << "\nagent-version: " << model.juju_version
            << "\nupdate-status-hook-interval: " << model.update_status_interval / one_minute
            << "m\n";
  return 0;
}

}  // namespace

std::vector<Command> model_commands() {
  return {
      {.name = "add-model",
       .usage = "[MODEL] [--seed N] [--juju-version VERSION]",
       .summary = "Makes a model with a seed or a Juju version of its own.",
       .details =
           "Other commands make the model they are given when there is none: with seed "
           "$REHEARSAL_SEED or 1,\nand Juju 3.6. A version starting with 4. gives the "
           "behaviour of Juju 4.0. By the name juju the\nnext commands work on the new model.",
       .flags = {{.name = "seed"}, {.name = "juju-version"}},
       .run = add_model},
      {.name = "models",
       .usage = "",
       .summary = "Lists the models.",
       .details = "",
       .flags = {},
       .run = models},
      {.name = "model-config",
       .usage = "[KEY=VALUE...]",
       .summary = "Shows or sets automatically-retry-hooks and update-status-hook-interval.",
       .details = "",
       .flags = {},
       .run = model_config},
  };
}

}  // namespace rehearsal::commands
