// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/controller.hpp"
#include "rehearsal/model/store.hpp"
#include "rehearsal/pods/machine.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace rehearsal::commands {

struct SessionOptions {
  std::string model = "rehearsal";
  bool quiet = false;
  bool as_juju = false;  ///< The program was called by the name juju.
};

/// The model that `juju add-model` made last, or `rehearsal`.
[[nodiscard]] std::string current_model();
/// Makes `juju` work on this model until another is chosen.
void choose_model(const std::string& name);

/// A model opened for one command: locked, loaded, on its machine. Whatever happens in it is kept
/// and told on standard error.
class Session {
 public:
  explicit Session(const SessionOptions& options);

  [[nodiscard]] Model& model() { return model_; }

  [[nodiscard]] Machine& machine() { return *machine_; }

  [[nodiscard]] Controller& controller() { return controller_; }

  [[nodiscard]] const Store& store() const { return store_; }

  /// Settles the model and keeps it.
  void settle();

  void save() const { store_.save(model_); }

 private:
  [[nodiscard]] Journal make_journal(bool quiet);
  [[nodiscard]] ControllerFiles make_files() const;

  Store store_;
  Model model_;
  std::unique_ptr<Machine> machine_;
  Journal journal_;
  Controller controller_;
};

/// The folder this program stands in.
[[nodiscard]] std::filesystem::path program_directory();
/// The folder of a partner charm of that name, looked for in `$REHEARSAL_CHARMS` and with the
/// program; empty when there is none.
[[nodiscard]] std::filesystem::path find_partner_charm(const std::string& name);
/// The machine of a model: namespaces, unless `REHEARSAL_MACHINE=local` asks for plain processes.
[[nodiscard]] std::unique_ptr<Machine> make_machine(const std::filesystem::path& directory,
                                                    const std::string& model);

}  // namespace rehearsal::commands
