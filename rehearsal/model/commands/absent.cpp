// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The commands of Juju that have no meaning in a model on one machine.

#include "rehearsal/model/commands/command.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace rehearsal::commands {
namespace {

/// Commands are separated by spaces.
struct Absence {
  std::string_view reason;
  std::string_view commands;
};

constexpr std::array<Absence, 8> absences{{
    {"has no clouds",
     "add-cloud add-k8s clouds default-region regions remove-cloud remove-k8s show-cloud "
     "update-cloud update-k8s update-public-clouds"},
    {"has no cloud credentials",
     "add-credential autoload-credentials credentials default-credential grant-cloud "
     "remove-credential revoke-cloud set-credential show-credential update-credential"},
    {"has pods instead of machines",
     "add-machine machines list-machines remove-machine retry-provisioning show-machine "
     "upgrade-machine"},
    {"has no controller",
     "add-user bootstrap change-user-password controller-config controllers create-backup "
     "destroy-controller disable-user download-backup enable-ha enable-user grant kill-controller "
     "list-controllers login logout migrate register remove-user revoke show-controller show-user "
     "unregister upgrade-controller upgrade-model users whoami"},
    {"has no cross-model relations",
     "consume find-offers offer offers remove-offer remove-saas resume-relation show-offer "
     "suspend-relation"},
    {"needs no SSH keys", "add-ssh-key import-ssh-key list-ssh-keys remove-ssh-key ssh-keys"},
    {"has no network spaces",
     "add-space add-subnet bind list-spaces list-subnets move-to-space reload-spaces "
     "remove-space rename-space show-space spaces subnets"},
    {"creates and keeps the volumes of each unit automatically",
     "add-storage attach-storage create-storage-pool detach-storage import-filesystem "
     "list-storage remove-storage remove-storage-pool show-storage storage storage-pools "
     "update-storage-pool"},
}};

bool lists(std::string_view commands, const std::string& name) {
  return (" " + std::string(commands) + " ").find(" " + name + " ") != std::string::npos;
}

}  // namespace

std::string reason_for_absence(const std::string& command) {
  const auto* const found =
      std::find_if(absences.begin(), absences.end(),
                   [&](const Absence& absence) { return lists(absence.commands, command); });
  return found == absences.end() ? std::string() : std::string(found->reason);
}

}  // namespace rehearsal::commands
