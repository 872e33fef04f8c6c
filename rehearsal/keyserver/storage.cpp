// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/storage.hpp"

#include "rehearsal/keyserver/certificate_json.hpp"
#include "rehearsal/keyserver/connection_pool.hpp"
#include "rehearsal/keyserver/storage_rows.hpp"
#include "rehearsal/keyserver/user_id_words.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace rehearsal::keyserver {
namespace {

/// The schema of Hockeypuck 2.3. Columns that came after 2.1 are added one by one, so that an older
/// database is brought up to date.
constexpr const char* schema[] = {
    "CREATE TABLE IF NOT EXISTS keys (rfingerprint TEXT NOT NULL PRIMARY KEY, doc JSONB NOT NULL,"
    " ctime TIMESTAMPTZ NOT NULL, mtime TIMESTAMPTZ NOT NULL, md5 TEXT NOT NULL UNIQUE,"
    " keywords TSVECTOR)",
    "ALTER TABLE keys ADD IF NOT EXISTS idxtime TIMESTAMPTZ NOT NULL DEFAULT 'epoch'",
    "ALTER TABLE keys ALTER idxtime DROP DEFAULT",
    "ALTER TABLE keys ADD IF NOT EXISTS vfingerprint TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE keys ALTER vfingerprint DROP DEFAULT",
    "CREATE TABLE IF NOT EXISTS subkeys (rfingerprint TEXT NOT NULL REFERENCES keys,"
    " rsubfp TEXT NOT NULL PRIMARY KEY)",
    "ALTER TABLE subkeys ADD IF NOT EXISTS vsubfp TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE subkeys ALTER vsubfp DROP DEFAULT",
    "CREATE TABLE IF NOT EXISTS userids (rfingerprint TEXT NOT NULL REFERENCES keys,"
    " uidstring TEXT NOT NULL, identity TEXT, confidence INTEGER NOT NULL,"
    " PRIMARY KEY (rfingerprint, uidstring))",
    "CREATE TABLE IF NOT EXISTS pks_status (addr TEXT NOT NULL PRIMARY KEY,"
    " last_sync TIMESTAMPTZ, last_error TEXT)",
    "CREATE INDEX IF NOT EXISTS keys_rfp ON keys (rfingerprint text_pattern_ops)",
    "CREATE INDEX IF NOT EXISTS keys_vfp ON keys (vfingerprint)",
    "CREATE INDEX IF NOT EXISTS keys_ctime ON keys (ctime)",
    "CREATE INDEX IF NOT EXISTS keys_mtime ON keys (mtime)",
    "CREATE INDEX IF NOT EXISTS keys_idxtime ON keys (idxtime)",
    "CREATE INDEX IF NOT EXISTS keys_keywords ON keys USING GIN (keywords)",
    "CREATE INDEX IF NOT EXISTS subkeys_rfp ON subkeys (rsubfp text_pattern_ops)",
    "CREATE INDEX IF NOT EXISTS subkeys_vfp ON subkeys (vsubfp)",
    "CREATE INDEX IF NOT EXISTS userids_identity ON userids (identity text_pattern_ops)",
};

}  // namespace

Storage::Storage(const std::string& connection_string, std::int64_t query_limit)
    : pool_(std::make_unique<ConnectionPool>(connection_string)), query_limit_(query_limit) {
  pool_->transact([](pqxx::work& transaction) {
    for (const char* statement : schema) {
      transaction.exec(statement);
    }
    return true;
  });
}

Storage::~Storage() = default;

std::optional<std::string> Storage::resolve(const std::string& id) {
  return pool_->transact([&id](pqxx::work& transaction) -> std::optional<std::string> {
    for (const char* query : {"SELECT rfingerprint FROM keys WHERE rfingerprint LIKE $1 || '%'",
                              "SELECT rfingerprint FROM subkeys WHERE rsubfp LIKE $1 || '%'"}) {
      const pqxx::result result = transaction.exec_params(query, reversed(id));
      if (!result.empty()) {
        return reversed(result[0][0].as<std::string>());
      }
    }
    return std::nullopt;
  });
}

std::vector<StoredCertificate> Storage::select(const std::string& condition,
                                               const std::string& argument, std::int64_t limit) {
  const pqxx::result result = pool_->transact([&](pqxx::work& transaction) {
    return transaction.exec_params(
        "SELECT doc, md5 FROM keys WHERE " + condition + " LIMIT $2::bigint", argument, limit);
  });
  std::vector<StoredCertificate> found;
  for (const auto& row : result) {
    found.push_back({.certificate = from_document(row[0].as<std::string>()),
                     .digest = row[1].as<std::string>()});
  }
  return found;
}

std::optional<StoredCertificate> Storage::find(const std::string& fingerprint) {
  auto found = select("rfingerprint = $1", reversed(fingerprint), 1);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::optional<StoredCertificate> Storage::find_by_digest(const std::string& digest) {
  auto found = select("md5 = $1", digest, 1);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<StoredCertificate> Storage::find_by_words(const std::string& search) {
  return select("keywords @@ $1::tsquery", text_search_literal(words_of_search(search), " & "),
                query_limit_);
}

bool Storage::insert(const Certificate& certificate) {
  return pool_->transact(
      [&](pqxx::work& transaction) { return insert_row(transaction, certificate); });
}

BulkInsertion Storage::insert_in_bulk(const std::vector<Certificate>& certificates) {
  return pool_->transact([&](pqxx::work& transaction) {
    return keyserver::insert_in_bulk(transaction, certificates);
  });
}

bool Storage::update(const Certificate& certificate, const std::string& previous_digest) {
  return pool_->transact([&](pqxx::work& transaction) {
    const pqxx::result result = transaction.exec_params(
        "UPDATE keys SET mtime = now(), idxtime = now(), md5 = $1, keywords = $2::tsvector,"
        " doc = $3::jsonb, vfingerprint = $4 WHERE md5 = $5",
        digest_of(certificate), keywords_of(certificate), to_json(certificate).dump(),
        versioned_fingerprint(certificate.key), previous_digest);
    if (result.affected_rows() == 0) {
      return false;
    }
    insert_parts(transaction, certificate);
    return true;
  });
}

std::optional<std::string> Storage::replace(const Certificate& certificate) {
  return pool_->transact([&](pqxx::work& transaction) {
    const auto removed = remove_row(transaction, certificate.key.fingerprint);
    if (removed) {
      insert_row(transaction, certificate);
    }
    return removed;
  });
}

std::optional<std::string> Storage::remove(const std::string& fingerprint) {
  return pool_->transact(
      [&](pqxx::work& transaction) { return remove_row(transaction, fingerprint); });
}

std::set<std::string> Storage::digests() {
  const pqxx::result result = pool_->transact(
      [](pqxx::work& transaction) { return transaction.exec("SELECT md5 FROM keys"); });
  std::set<std::string> digests;
  for (const auto& row : result) {
    digests.insert(row[0].as<std::string>());
  }
  return digests;
}

}  // namespace rehearsal::keyserver
