// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/bulk_insertion.hpp"

#include "rehearsal/keyserver/certificate_json.hpp"
#include "rehearsal/keyserver/storage_rows.hpp"
#include "rehearsal/keyserver/user_id_words.hpp"

#include <nlohmann/json.hpp>

#include <functional>

namespace rehearsal::keyserver {
namespace {

/// One piece of the work, by the name Hockeypuck's messages give it.
void perform(const std::string& what, const std::string& job, const std::function<void()>& piece) {
  try {
    piece();
  } catch (const pqxx::broken_connection&) {
    throw;
  } catch (const pqxx::failure& error) {
    throw BulkFailure(what, "issuing DB server job " + job + ": " + driver_text(error));
  }
}

void make_tables(pqxx::work& transaction) {
  for (const char* table :
       {"keys_checked (LIKE keys, PRIMARY KEY (rfingerprint), UNIQUE (md5))",
        "subkeys_checked (LIKE subkeys, PRIMARY KEY (rsubfp))",
        "userids_checked (LIKE userids, PRIMARY KEY (rfingerprint, uidstring))"}) {
    transaction.exec(std::string("CREATE TEMPORARY TABLE ") + table + " ON COMMIT DROP");
  }
}

/// False for a duplicate. Two states of one key in a file are an error of the database.
bool check_key(pqxx::work& transaction, const Certificate& certificate) {
  const pqxx::result result = transaction.exec_params(
      "INSERT INTO keys_checked"
      " (rfingerprint, doc, ctime, mtime, idxtime, md5, keywords, vfingerprint)"
      " SELECT $1::text, $2::jsonb, now(), now(), now(), $3::text, $4::tsvector, $5::text"
      " WHERE NOT EXISTS (SELECT FROM keys WHERE rfingerprint = $1 OR md5 = $3)"
      " AND NOT EXISTS (SELECT FROM keys_checked WHERE rfingerprint = $1 AND md5 = $3)",
      reversed(certificate.key.fingerprint), to_json(certificate).dump(), digest_of(certificate),
      keywords_of(certificate), versioned_fingerprint(certificate.key));
  return result.affected_rows() != 0;
}

void check_parts(pqxx::work& transaction, const Certificate& certificate) {
  const std::string row = reversed(certificate.key.fingerprint);
  for (const Subkey& subkey : certificate.subkeys) {
    transaction.exec_params(
        "INSERT INTO subkeys_checked (rfingerprint, rsubfp, vsubfp) SELECT $1, $2::text, $3"
        " WHERE NOT EXISTS (SELECT FROM subkeys WHERE rsubfp = $2) ON CONFLICT DO NOTHING",
        row, reversed(subkey.key.fingerprint), versioned_fingerprint(subkey.key));
  }
  for (const UserId& user_id : certificate.user_ids) {
    transaction.exec_params(
        "INSERT INTO userids_checked (rfingerprint, uidstring, identity, confidence)"
        " VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING",
        row, user_id.keywords, address_of_user_id(user_id.keywords));
  }
}

}  // namespace

std::string driver_text(const std::exception& error) {
  const std::string text = error.what();
  const std::string line = text.substr(0, text.find('\n'));
  const std::string severity = "ERROR:  ";
  return line.starts_with(severity) ? "pq: " + line.substr(severity.size()) : line;
}

BulkInsertion insert_in_bulk(pqxx::work& transaction,
                             const std::vector<Certificate>& certificates) {
  BulkInsertion result;
  perform("could not create temp tables: cannot create temporary tables", "cr-temp-tables",
          [&] { make_tables(transaction); });
  perform("could not check keys", "bulkTxFilterDupKeys", [&] {
    for (const Certificate& certificate : certificates) {
      if (check_key(transaction, certificate)) {
        check_parts(transaction, certificate);
      } else {
        ++result.duplicates;
      }
    }
  });
  const auto insert = [&transaction](const std::string& table, const std::string& job) {
    perform("could not insert keys", job, [&] {
      transaction.exec("INSERT INTO " + table + " SELECT * FROM " + table + "_checked");
    });
  };
  insert("keys", "bulkTxInsertKeys");
  insert("subkeys", "bulkTxInsertSubkeys");
  insert("userids", "bulkTxInsertUserIDs");
  for (const auto& row : transaction.exec("SELECT md5 FROM keys_checked")) {
    result.digests.push_back(row[0].as<std::string>());
  }
  result.subkeys = transaction.exec("SELECT count(*) FROM subkeys_checked")[0][0].as<std::size_t>();
  return result;
}

}  // namespace rehearsal::keyserver
