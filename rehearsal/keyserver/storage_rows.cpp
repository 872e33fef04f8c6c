// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/storage_rows.hpp"

#include "rehearsal/keyserver/certificate_json.hpp"
#include "rehearsal/keyserver/user_id_words.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace rehearsal::keyserver {

std::string reversed(std::string text) {
  std::ranges::reverse(text);
  return text;
}

std::string versioned_fingerprint(const PublicKey& key) {
  return "0" + std::to_string(key.version) + key.fingerprint;
}

std::string keywords_of(const Certificate& certificate) {
  std::set<std::string> words;
  for (const UserId& user_id : certificate.user_ids) {
    words.merge(words_of_user_id(user_id.keywords));
  }
  return text_search_literal(words, " ");
}

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

bool insert_row(pqxx::work& transaction, const Certificate& certificate) {
  const pqxx::result result = transaction.exec_params(
      "INSERT INTO keys (rfingerprint, doc, ctime, mtime, idxtime, md5, keywords, vfingerprint)"
      " SELECT $1::text, $2::jsonb, now(), now(), now(), $3::text, $4::tsvector, $5::text"
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

}  // namespace rehearsal::keyserver
