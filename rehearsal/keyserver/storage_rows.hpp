// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/bulk_insertion.hpp"
#include "rehearsal/keyserver/certificate.hpp"

#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

// A certificate as rows of the tables keys, subkeys and userids.

/// Fingerprints are stored backwards, so that a key ID is the beginning of one.
std::string reversed(std::string text);
/// "04" and the fingerprint of a version 4 key.
std::string versioned_fingerprint(const PublicKey& key);
/// The words of the user IDs, as a text of type tsvector.
std::string keywords_of(const Certificate& certificate);

/// Subkeys that are not there yet, also those of another key; the user IDs as they are.
void insert_parts(pqxx::work& transaction, const Certificate& certificate);
/// False when there is such a row already, or when the database does not take it.
bool insert_row(pqxx::work& transaction, const Certificate& certificate);
/// With its parts. The digest of what was removed; nothing when there was no such row.
std::optional<std::string> remove_row(pqxx::work& transaction, const std::string& fingerprint);

/// Inserts keys as hockeypuck-load does with many: by way of temporary tables of its names, and
/// with one statement for each table, so that one key that is refused may be the end of all. Throws
/// BulkFailure, after which the transaction is of no more use, and pqxx::broken_connection.
BulkInsertion insert_in_bulk(pqxx::work& transaction, const std::vector<Certificate>& certificates);

}  // namespace rehearsal::keyserver
