// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>

#include <cstddef>
#include <string>

namespace charm::postgres {

/// What of the charm's and of Hockeypuck's is in the database.
struct Schema {
  std::string name;  ///< Quoted; where Hockeypuck makes its tables.
  bool has_keys = false;
  bool has_subkeys = false;
  bool has_blocked_keys = false;
  bool has_function = false;  ///< The trigger's, as it is today.
  bool has_trigger = false;
  bool has_index = false;         ///< Any that finds subkeys by their key.
  bool has_untaken_list = false;  ///< The Python charm's, not taken over yet.

  bool is_enforced() const { return has_blocked_keys && has_function && has_trigger; }

  /// Whether make_schema() has nothing to do.
  bool is_complete() const {
    return has_blocked_keys && !has_untaken_list && (is_enforced() || !has_keys);
  }
};

/// Asks the catalogue only. Throws DatabaseError if there is no schema to create tables in.
Schema current_schema(pqxx::work& transaction);

/// Makes what is missing, except the index; returns how many entries were taken over. Waits for
/// other units that do the same.
std::size_t make_schema(pqxx::work& transaction);

/// Makes the index on subkeys, unless another unit is doing that. Uploads wait meanwhile.
void make_index(pqxx::work& transaction);

}  // namespace charm::postgres
