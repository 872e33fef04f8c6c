// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/storage.hpp"

#include "rehearsal/keyserver/key_words.hpp"

#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include <algorithm>

namespace rehearsal::keyserver {
namespace {

/// The schema of Hockeypuck 2.3. Columns that are newer than 2.1 are added one by one, so that an
/// older database is updated.
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

/// Fingerprints are stored reversed, so that a key ID is the beginning of one.
std::string reversed(std::string text) {
  std::ranges::reverse(text);
  return text;
}

std::string versioned_fingerprint(const PublicKey& key) {
  return "04" + key.fingerprint;
}

std::string keywords_of(const Certificate& certificate) {
  std::set<std::string> words;
  for (const UserId& user_id : certificate.user_ids) {
    words.merge(words_of_user_id(user_id.keywords));
  }
  return text_search_literal(words, " ");
}

/// Adds missing subkeys, including those that another key has, and replaces the user IDs.
void insert_parts(pqxx::work& transaction, const Certificate& certificate) {
  const std::string row = reversed(certificate.key.fingerprint);
  for (const Subkey& subkey : certificate.subkeys) {
    transaction.exec_params(
        "INSERT INTO subkeys (rfingerprint, rsubfp, vsubfp) VALUES ($1, $2, $3)"
        " ON CONFLICT (rsubfp) DO NOTHING",
        row, reversed(subkey.key.fingerprint), versioned_fingerprint(subkey.key));
  }
  transaction.exec_params("DELETE FROM userids WHERE rfingerprint = $1", row);
  for (const UserId& user_id : certificate.user_ids) {
    transaction.exec_params(
        "INSERT INTO userids (rfingerprint, uidstring, identity, confidence)"
        " VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING",
        row, user_id.keywords, address_of_user_id(user_id.keywords));
  }
}

/// Like Hockeypuck, stores the time of UTC as a local time of the session.
bool insert_row(pqxx::work& transaction, const Certificate& certificate) {
  const pqxx::result result = transaction.exec_params(
      "INSERT INTO keys (rfingerprint, doc, ctime, mtime, idxtime, md5, keywords, vfingerprint)"
      " SELECT $1::text, $2::jsonb, utc, utc, utc, $3::text, $4::tsvector, $5::text"
      " FROM timezone('UTC', now()) AS utc"
      " WHERE NOT EXISTS (SELECT FROM keys WHERE rfingerprint = $1::text)",
      reversed(certificate.key.fingerprint), to_json(certificate).dump(), digest_of(certificate),
      keywords_of(certificate), versioned_fingerprint(certificate.key));
  if (result.affected_rows() == 0) {
    return false;
  }
  insert_parts(transaction, certificate);
  return true;
}

std::optional<std::string> remove_row(pqxx::work& transaction, const std::string& fingerprint) {
  const std::string row = reversed(fingerprint);
  transaction.exec_params("DELETE FROM subkeys WHERE rfingerprint = $1", row);
  transaction.exec_params("DELETE FROM userids WHERE rfingerprint = $1", row);
  const pqxx::result result =
      transaction.exec_params("DELETE FROM keys WHERE rfingerprint = $1 RETURNING md5", row);
  return result.empty() ? std::nullopt : std::optional(result[0][0].as<std::string>());
}

void make_tables(pqxx::work& transaction) {
  for (const char* table :
       {"keys_checked (LIKE keys, PRIMARY KEY (rfingerprint), UNIQUE (md5))",
        "subkeys_checked (LIKE subkeys, PRIMARY KEY (rsubfp))",
        "userids_checked (LIKE userids, PRIMARY KEY (rfingerprint, uidstring))"}) {
    transaction.exec(std::string("CREATE TEMPORARY TABLE ") + table + " ON COMMIT DROP");
  }
}

/// Returns false for a duplicate. Two states of one key in a file are an error of the database.
bool check_key(pqxx::work& transaction, const Certificate& certificate) {
  const pqxx::result result = transaction.exec_params(
      "INSERT INTO keys_checked"
      " (rfingerprint, doc, ctime, mtime, idxtime, md5, keywords, vfingerprint)"
      " SELECT $1::text, $2::jsonb, utc, utc, utc, $3::text, $4::tsvector, $5::text"
      " FROM timezone('UTC', now()) AS utc"
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

std::vector<std::string> insert_rows(pqxx::work& transaction,
                                     const std::vector<Certificate>& certificates) {
  make_tables(transaction);
  for (const Certificate& certificate : certificates) {
    if (check_key(transaction, certificate)) {
      check_parts(transaction, certificate);
    }
  }
  for (const std::string table : {"keys", "subkeys", "userids"}) {
    transaction.exec("INSERT INTO " + table + " SELECT * FROM " + table + "_checked");
  }
  std::vector<std::string> digests;
  for (const auto& row : transaction.exec("SELECT md5 FROM keys_checked")) {
    digests.push_back(row[0].as<std::string>());
  }
  return digests;
}

}  // namespace

struct Storage::Connection {
  explicit Connection(const std::string& connection_string) : connection(connection_string) {}

  pqxx::connection connection;
};

template <typename Work>
auto Storage::transact(Work work) {
  const auto attempt = [&] {
    if (!connection_) {
      connection_ = std::make_unique<Connection>(connection_string_);
    }
    pqxx::work transaction(connection_->connection);
    auto result = work(transaction);
    transaction.commit();
    return result;
  };
  const std::lock_guard lock(mutex_);
  try {
    return attempt();
  } catch (const pqxx::broken_connection&) {
    connection_.reset();
  }
  try {
    return attempt();
  } catch (const pqxx::broken_connection&) {
    connection_.reset();
    throw;
  }
}

Storage::Storage(const std::string& connection_string, std::int64_t query_limit)
    : connection_string_(connection_string), query_limit_(query_limit) {
  transact([](pqxx::work& transaction) {
    for (const char* statement : schema) {
      transaction.exec(statement);
    }
    return true;
  });
}

Storage::~Storage() = default;

std::optional<std::string> Storage::resolve(const std::string& id) {
  return transact([&id](pqxx::work& transaction) -> std::optional<std::string> {
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
  const pqxx::result result = transact([&](pqxx::work& transaction) {
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
  return transact([&](pqxx::work& transaction) { return insert_row(transaction, certificate); });
}

std::vector<std::string> Storage::insert_in_bulk(const std::vector<Certificate>& certificates) {
  return transact([&](pqxx::work& transaction) { return insert_rows(transaction, certificates); });
}

bool Storage::update(const Certificate& certificate, const std::string& previous_digest) {
  return transact([&](pqxx::work& transaction) {
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

std::optional<std::string> Storage::remove(const std::string& fingerprint) {
  return transact([&](pqxx::work& transaction) { return remove_row(transaction, fingerprint); });
}

std::optional<std::string> Storage::replace(const Certificate& certificate) {
  return transact([&](pqxx::work& transaction) {
    std::optional<std::string> removed = remove_row(transaction, certificate.key.fingerprint);
    if (removed) {
      insert_row(transaction, certificate);
    }
    return removed;
  });
}

std::set<std::string> Storage::digests() {
  const pqxx::result result =
      transact([](pqxx::work& transaction) { return transaction.exec("SELECT md5 FROM keys"); });
  std::set<std::string> digests;
  for (const auto& row : result) {
    digests.insert(row[0].as<std::string>());
  }
  return digests;
}

}  // namespace rehearsal::keyserver
