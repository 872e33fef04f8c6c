// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal {

/// The fields of secret-add and secret-set. An absent field stays unchanged.
struct SecretFields {
  std::optional<std::string> label;
  std::optional<std::string> description = {};
  std::optional<std::string> rotate = {};
  std::optional<Bag> content;

  bool operator==(const SecretFields&) const = default;
};

enum class SecretOperationKind { add, update, grant, revoke, remove };

struct SecretOperation {
  SecretOperationKind kind = SecretOperationKind::update;
  std::string id;
  std::string owner;  ///< For secret-add.
  SecretFields fields;
  int relation = -1;   ///< For grant and revoke; -1: every relation.
  std::string target;  ///< For grant and revoke: an application or a unit; empty: all.
  int revision = 0;    ///< For secret-remove; 0: all revisions.

  bool operator==(const SecretOperation&) const = default;
};

/// The changes of a hook, which Juju keeps back until the hook exits with 0.
struct Changes {
  std::map<int, Bag> unit_settings;  ///< Changed keys by relation; empty value: deleted.
  std::map<int, Bag> app_settings;
  std::optional<Bag> state;  ///< The whole state, if changed.
  std::set<std::string> open_ports;
  std::set<std::string> close_ports;
  std::vector<SecretOperation> secrets;

  bool operator==(const Changes&) const = default;
};

/// Juju refuses the changes as a whole: the hook fails although it exited with 0.
class CommitError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Adds a unit's changes to the model. Throws CommitError, and `model` is then unchanged.
void commit(Model& model, const std::string& unit, const Changes& changes);

/// Throws CommitError if a label is in use, among the secrets that an application owns and
/// consumes.
void check_label(const Model& model, const std::string& unit, const std::string& label,
                 const std::string& except_id);

}  // namespace rehearsal
