// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

namespace charm::postgres {
namespace {

/// The objects of the charm and of Hockeypuck in the database.
struct Schema {
  std::string name;  ///< The schema of Hockeypuck's tables, quoted.
  bool has_keys = false;
  bool has_subkeys = false;
  bool has_blocked_keys = false;
  bool has_function = false;  ///< The trigger's function, in its current version.
  bool has_trigger = false;
  bool has_policy = false;           ///< The table of the upload policy.
  bool has_policy_function = false;  ///< Its triggers' function, in its current version.
  bool has_policy_triggers = false;
  bool has_index = false;         ///< Any index that finds subkeys by their key.
  bool has_untaken_list = false;  ///< The Python charm's list, not copied yet.

  bool is_enforced() const {
    return has_blocked_keys && has_function && has_trigger && has_policy && has_policy_function &&
           has_policy_triggers;
  }

  /// Whether make_schema() has nothing to do.
  bool is_complete() const {
    return has_blocked_keys && has_policy && !has_untaken_list && (is_enforced() || !has_keys);
  }
};

constexpr const char* catalogue_query = R"(
SELECT quote_ident(current_schema()),
  to_regclass('keys') IS NOT NULL,
  to_regclass('subkeys') IS NOT NULL,
  to_regclass('blocked_keys') IS NOT NULL,
  (SELECT prosrc FROM pg_proc WHERE proname = 'refuse_blocked_key'
    AND pronamespace = to_regnamespace(quote_ident(current_schema()))),
  EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = to_regclass('keys') AND t.tgname = 'refuse_blocked_key'
      AND t.tgenabled IN ('O', 'A') AND p.proname = 'refuse_blocked_key'),
  EXISTS (SELECT FROM pg_index i JOIN pg_attribute a
    ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = to_regclass('subkeys') AND i.indisvalid AND i.indpred IS NULL
      AND a.attname = 'rfingerprint'),
  (SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('deleted_keys')
      AND attname IN ('fingerprint', 'comment')) = 2
    AND obj_description(to_regclass('deleted_keys'), 'pg_class') IS DISTINCT FROM $1::text,
  to_regclass('upload_policy') IS NOT NULL,
  (SELECT prosrc FROM pg_proc WHERE proname = 'refuse_upload'
    AND pronamespace = to_regnamespace(quote_ident(current_schema()))),
  (SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE t.tgrelid = to_regclass('keys') AND t.tgenabled IN ('O', 'A')
      AND p.proname = 'refuse_upload'
      AND t.tgname IN ('refuse_upload', 'refuse_update', 'remember_deletion')) = 3)";

/// Marks the Python charm's list as copied. Otherwise a key that is unblocked later would be copied
/// again.
constexpr const char* taken_over = "taken over into blocked_keys by hockeypuck-k8s";

/// "C": fingerprints are compared byte by byte with any collation of the database.
constexpr const char* create_blocked_keys = R"(
CREATE TABLE IF NOT EXISTS blocked_keys (
  fingerprint text COLLATE "C" PRIMARY KEY
    CHECK (fingerprint ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'),
  comment text NOT NULL DEFAULT '',
  blocked_by text NOT NULL DEFAULT '',
  blocked_at timestamptz NOT NULL DEFAULT now()))";

/// At most one row; without it, all keys are accepted.
constexpr const char* create_upload_policy = R"(
CREATE TABLE IF NOT EXISTS upload_policy (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  uploads text NOT NULL CHECK (uploads IN ('all', 'updates', 'none')),
  accepted text[] NOT NULL DEFAULT '{}'))";

constexpr const char* keep_policy = R"(
INSERT INTO upload_policy AS kept (uploads, accepted) VALUES ($1::text, $2::text[])
ON CONFLICT (only_row) DO UPDATE SET uploads = excluded.uploads, accepted = excluded.accepted
  WHERE (kept.uploads, kept.accepted) IS DISTINCT FROM (excluded.uploads, excluded.accepted))";

/// The Python charm wrote rows with an empty fingerprint as well. Its table stays for a rollback.
constexpr const char* take_over_list = R"(
INSERT INTO blocked_keys (fingerprint, comment, blocked_by)
SELECT lower(fingerprint),
  btrim(left(regexp_replace(coalesce(comment, ''), '[[:cntrl:]]', ' ', 'g'), 250)), 'deleted_keys'
FROM deleted_keys
WHERE lower(fingerprint) ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'
ON CONFLICT DO NOTHING)";

/// hockeypuck-load (2.3) fills `keys` from the first of three temporary tables, and then subkeys
/// and user IDs from the others. Rows of a refused key there would refer to a missing key, which
/// would undo the whole load. hockeypuck-load also adds every key of the first table to the prefix
/// tree. So these statements remove a refused key from these tables as well. A file with few keys
/// is loaded without them.
constexpr const char* leave_out_of_load =
    "    FOREACH load_table IN ARRAY\n"
    "        ARRAY['keys_checked', 'subkeys_checked', 'userids_checked'] LOOP\n"
    "      IF to_regclass('pg_temp.' || load_table) IS NOT NULL THEN\n"
    "        EXECUTE 'DELETE FROM pg_temp.' || load_table || ' WHERE rfingerprint = $1'\n"
    "          USING NEW.rfingerprint;\n"
    "      END IF;\n    END LOOP;\n"
    "    RETURN NULL;\n";

/// Runs once for each row of `keys`: one lookup by primary key. Not a security definer: Hockeypuck
/// and the charm have the same role. If its table is missing, it fails, and so do uploads.
std::string function_source(const std::string& schema) {
  return "\nDECLARE\n  load_table text;\nBEGIN\n  IF EXISTS (SELECT FROM " + schema +
         ".blocked_keys\n      WHERE fingerprint = reverse(NEW.rfingerprint)) "
         "THEN\n" +
         leave_out_of_load + "  END IF;\n  RETURN NEW;\nEND\n";
}

/// Skips a refused row without an error, so that PostgreSQL logs nothing and a load continues.
///
/// A signed /pks/replace deletes the key and stores the new one in the same transaction. If the
/// second half were refused, the key would be lost. So the transaction remembers the deletion.
std::string policy_function_source(const std::string& schema) {
  return "\nDECLARE\n  load_table text;\n  policy record;\nBEGIN\n"
         "  IF TG_OP = 'DELETE' THEN\n"
         "    PERFORM set_config('hockeypuck_k8s.deleted_key', OLD.rfingerprint, true);\n"
         "    RETURN NULL;\n  END IF;\n"
         "  SELECT uploads, accepted INTO policy FROM " +
         schema +
         ".upload_policy;\n"
         "  IF NOT FOUND OR policy.uploads = 'all'\n"
         "      OR policy.uploads = 'updates' AND TG_OP = 'UPDATE'\n"
         "      OR reverse(NEW.rfingerprint) = ANY (policy.accepted) THEN\n"
         "    RETURN NEW;\n  END IF;\n"
         "  IF TG_OP = 'UPDATE' THEN\n    RETURN NULL;\n  END IF;\n"
         "  IF current_setting('hockeypuck_k8s.deleted_key', true)\n"
         "      IS DISTINCT FROM NEW.rfingerprint THEN\n" +
         leave_out_of_load + "  END IF;\n  RETURN NEW;\nEND\n";
}

void make_function(pqxx::work& transaction, const std::string& name, const std::string& source) {
  transaction.exec("CREATE OR REPLACE FUNCTION " + name +
                   "() RETURNS trigger LANGUAGE plpgsql"
                   " SET search_path = pg_catalog, pg_temp AS $source$" +
                   source + "$source$");
}

/// INSERT only, because Hockeypuck never updates a row's fingerprint.
void make_trigger(pqxx::work& transaction, const std::string& schema) {
  transaction.exec("DROP TRIGGER IF EXISTS refuse_blocked_key ON keys");
  transaction.exec(
      "CREATE TRIGGER refuse_blocked_key BEFORE INSERT ON keys FOR EACH ROW"
      " EXECUTE FUNCTION " +
      schema + ".refuse_blocked_key()");
}

/// An update without a new digest only refreshes search terms.
void make_policy_triggers(pqxx::work& transaction, const std::string& schema) {
  const std::string function = " FOR EACH ROW EXECUTE FUNCTION " + schema + ".refuse_upload()";
  for (const char* name : {"refuse_upload", "refuse_update", "remember_deletion"}) {
    transaction.exec(std::string("DROP TRIGGER IF EXISTS ") + name + " ON keys");
  }
  transaction.exec("CREATE TRIGGER refuse_upload BEFORE INSERT ON keys" + function);
  transaction.exec(
      "CREATE TRIGGER refuse_update BEFORE UPDATE ON keys FOR EACH ROW"
      " WHEN (OLD.md5 IS DISTINCT FROM NEW.md5) EXECUTE FUNCTION " +
      schema + ".refuse_upload()");
  transaction.exec("CREATE TRIGGER remember_deletion AFTER DELETE ON keys" + function);
}

void take_over(pqxx::work& transaction) {
  transaction.exec(take_over_list);
  transaction.exec(std::string("COMMENT ON TABLE deleted_keys IS '") + taken_over + "'");
}

/// Queries only the catalogue. Throws DatabaseError if there is no schema to create tables in.
Schema current_schema(pqxx::work& transaction) {
  const pqxx::result rows = transaction.exec_params(catalogue_query, taken_over);
  const auto& row = rows[0];
  if (row[0].is_null()) {
    throw DatabaseError(Outcome::refused, "the database has no schema to create tables in");
  }
  Schema schema;
  schema.name = row[0].as<std::string>();
  schema.has_keys = row[1].as<bool>();
  schema.has_subkeys = row[2].as<bool>();
  schema.has_blocked_keys = row[3].as<bool>();
  schema.has_function = row[4].as<std::string>("") == function_source(schema.name);
  schema.has_trigger = row[5].as<bool>();
  schema.has_index = row[6].as<bool>();
  schema.has_untaken_list = row[7].as<bool>(false);
  schema.has_policy = row[8].as<bool>();
  schema.has_policy_function = row[9].as<std::string>("") == policy_function_source(schema.name);
  schema.has_policy_triggers = row[10].as<bool>();
  return schema;
}

/// Creates the missing objects except the index, and copies the Python charm's list. Waits for
/// other units that do the same. Returns the state afterwards.
Schema make_schema(pqxx::work& transaction) {
  // The two numbers are this charm's own: "hkp8" and the kind of work.
  transaction.exec("SELECT pg_advisory_xact_lock(1751871544, 1)");
  const Schema schema = current_schema(transaction);
  transaction.exec(create_blocked_keys);
  transaction.exec(create_upload_policy);
  if (schema.has_untaken_list) {
    take_over(transaction);
  }
  if (!schema.has_function) {
    make_function(transaction, schema.name + ".refuse_blocked_key", function_source(schema.name));
  }
  if (!schema.has_policy_function) {
    make_function(transaction, schema.name + ".refuse_upload", policy_function_source(schema.name));
  }
  if (schema.has_keys && !schema.has_trigger) {
    make_trigger(transaction, schema.name);
  }
  if (schema.has_keys && !schema.has_policy_triggers) {
    make_policy_triggers(transaction, schema.name);
  }
  return current_schema(transaction);
}

/// The index on a smaller table takes a second or two, which a hook has.
bool is_large(pqxx::work& transaction) {
  return transaction.exec("SELECT pg_table_size('subkeys') > 64 * 1024 * 1024")[0][0].as<bool>();
}

/// Makes the index on subkeys, unless another unit is doing that. Uploads wait for the end. Returns
/// the state afterwards.
Schema make_index(pqxx::work& transaction) {
  const pqxx::result lock = transaction.exec("SELECT pg_try_advisory_xact_lock(1751871544, 2)");
  if (lock[0][0].as<bool>() && !current_schema(transaction).has_index) {
    transaction.exec("CREATE INDEX subkeys_rfingerprint ON subkeys (rfingerprint)");
  }
  return current_schema(transaction);
}

}  // namespace

bool KeyDatabase::prepare() {
  Schema schema = session_->transact(quick, current_schema);
  if (!schema.is_complete()) {
    schema = session_->transact(thorough, make_schema);
  }
  if (schema.has_subkeys && !schema.has_index) {
    schema = session_->transact(session_->transact(quick, is_large) ? once : thorough, make_index);
  }
  return schema.is_enforced();
}

KeptUploads KeyDatabase::keep_uploads(const UploadPolicy& policy) {
  const bool enforced = prepare();
  const std::string accepted = fingerprint_array(policy.accepted);
  session_->transact(quick, [&](pqxx::work& transaction) {
    return transaction.exec_params(keep_policy, to_string(policy.uploads), accepted)
        .affected_rows();
  });
  return {enforced};
}

}  // namespace charm::postgres
