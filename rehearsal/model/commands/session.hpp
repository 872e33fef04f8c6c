// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/controller.hpp"
#include "rehearsal/model/store.hpp"
#include "rehearsal/pods/machine.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rehearsal::commands {

/// The names that Juju's commands show of the surroundings of a model.
constexpr std::string_view controller_name = "rehearsal";
constexpr std::string_view user_name = "admin";

struct SessionOptions {
  std::string model = "rehearsal";
  bool quiet = false;
  bool as_juju = false;      ///< The program was called by the name juju.
  bool makes_model = false;  ///< A model that does not exist is made.
};

/// Returns the model's name in `[controller:][user/]model`. Throws UserError in Juju's words.
[[nodiscard]] std::string model_named(const std::string& reference);
[[nodiscard]] bool has_model(const std::string& name);
/// Throws UserError if no model has that name.
void require_model(const std::string& name);
/// Throws UserError for a name that no model can have.
void check_model_name(const std::string& name);

/// Returns the model that `juju add-model` made last, or `rehearsal`.
[[nodiscard]] std::string current_model();
/// Makes `juju` work on this model until a different one is chosen.
void choose_model(const std::string& name);

/// A model opened for one command: locked, loaded, on its machine. All its events are stored and
/// reported on standard error. Under the name juju, the model's clock moves by the real time since
/// the last such command. So hooks and retries become due while a client waits.
class Session {
 public:
  /// Throws UserError if the model does not exist and may not be made.
  explicit Session(const SessionOptions& options);

  [[nodiscard]] Model& model() { return model_; }

  [[nodiscard]] Machine& machine() { return *machine_; }

  [[nodiscard]] Controller& controller() { return controller_; }

  [[nodiscard]] const Store& store() const { return store_; }

  /// Settles the model and saves it.
  void settle();

  void save();

 private:
  void let_time_pass();
  [[nodiscard]] Journal make_journal(bool quiet);
  [[nodiscard]] ControllerFiles make_files() const;

  bool as_juju_;
  Store store_;
  Model model_;
  std::unique_ptr<Machine> machine_;
  Journal journal_;
  Controller controller_;
};

/// Returns the folder of this program.
[[nodiscard]] std::filesystem::path program_directory();
/// The folder of a container's image; empty where there is none.
[[nodiscard]] std::filesystem::path find_image(const Application& app,
                                               const std::string& container);
/// Returns the folder of a partner charm of that name, from `$REHEARSAL_CHARMS` or next to the
/// program. Empty if there is none.
[[nodiscard]] std::filesystem::path find_partner_charm(const std::string& name);
/// Returns the machine of a model: namespaces, or plain processes if `REHEARSAL_MACHINE=local` asks
/// for them.
[[nodiscard]] std::unique_ptr<Machine> make_machine(const std::string& model);
/// The models that exist, sorted. They are the namespaces of one cluster.
[[nodiscard]] std::vector<std::string> all_models();
/// Gives the pods of every other model the names of this one. Returns the names of all models.
HostNames publish_to_neighbours(const std::string& model, const HostNames& own);

}  // namespace rehearsal::commands
