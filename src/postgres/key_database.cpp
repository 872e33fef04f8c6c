// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/postgres/key_database.hpp"

#include "session.hpp"

namespace charm::postgres {
namespace {

// Hockeypuck 2.3 stores a key in `keys.doc` as JSON, with its packets as base64. The reversed
// fingerprint identifies a row.

constexpr const char* resolve_query = R"(
SELECT asked.fingerprint, reverse(coalesce(k.rfingerprint, s.rfingerprint))
FROM unnest($1::text[]) WITH ORDINALITY AS asked(fingerprint, number)
LEFT JOIN keys k ON k.rfingerprint = reverse(asked.fingerprint)
LEFT JOIN subkeys s ON s.rsubfp = reverse(asked.fingerprint)
ORDER BY asked.number)";

constexpr const char* digests_query = R"(
SELECT coalesce(k.md5, '')
FROM unnest($1::text[]) WITH ORDINALITY AS asked(fingerprint, number)
LEFT JOIN keys k ON k.rfingerprint = reverse(asked.fingerprint)
ORDER BY asked.number)";

constexpr const char* primary_packets_query = R"(
SELECT asked.fingerprint, encode(decode(k.doc->'packet'->>'data', 'base64'), 'hex')
FROM unnest($1::text[]) WITH ORDINALITY AS asked(fingerprint, number)
JOIN keys k ON k.rfingerprint = reverse(asked.fingerprint)
ORDER BY asked.number)";

/// The order of RFC 9580, section 10.1. For each part, `.**` finds its own packet, then its trust
/// packets, then its signatures, because jsonb sorts members by the length of their names.
/// "strict": lax paths would find the elements of each list twice.
constexpr const char* dump_query = R"(
SELECT page.rfingerprint, reverse(page.rfingerprint),
  encode(string_agg(decode(packet #>> '{}', 'base64'), '' ORDER BY part, number), 'hex')
FROM (SELECT rfingerprint, doc FROM keys WHERE rfingerprint > $1::text
      ORDER BY rfingerprint LIMIT 500) AS page,
  unnest(ARRAY['strict $.packet.data', 'strict $.trusts[*].packet.data',
               'strict $.signatures[*].**.packet.data', 'strict $.userIDs[*].**.packet.data',
               'strict $.subKeys[*].**.packet.data']::jsonpath[])
    WITH ORDINALITY AS parts(path, part),
  jsonb_path_query(page.doc, path, '{}', true) WITH ORDINALITY AS packets(packet, number)
GROUP BY page.rfingerprint ORDER BY page.rfingerprint)";

char hexadecimal_value(char digit) {
  return static_cast<char>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

std::string binary(const std::string& hexadecimal) {
  std::string bytes;
  bytes.reserve(hexadecimal.size() / 2);
  for (std::size_t at = 0; at + 1 < hexadecimal.size(); at += 2) {
    bytes += static_cast<char>(hexadecimal_value(hexadecimal[at]) * 16 +
                               hexadecimal_value(hexadecimal[at + 1]));
  }
  return bytes;
}

std::int64_t counted(pqxx::work& transaction, const char* table) {
  return has_table(transaction, table)
             ? transaction.exec(std::string("SELECT count(*) FROM ") + table)[0][0]
                   .as<std::int64_t>()
             : 0;
}

std::string uploads_in(pqxx::work& transaction) {
  if (!has_table(transaction, "upload_policy")) {
    return to_string(Uploads::all);
  }
  const pqxx::result rows = transaction.exec("SELECT uploads FROM upload_policy");
  return rows.empty() ? to_string(Uploads::all) : rows[0][0].as<std::string>();
}

/// Unlike its name, this number changes if the database is dropped and made again.
std::string database_number(pqxx::work& transaction) {
  return transaction.exec("SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]
      .as<std::string>();
}

}  // namespace

KeyDatabase::KeyDatabase(const Target& target, int connect_timeout_seconds, const Deadline& end)
    : session_(std::make_unique<Session>(target, connect_timeout_seconds, end)) {}

KeyDatabase::~KeyDatabase() = default;

Statistics KeyDatabase::statistics() {
  return session_->transact(thorough, [](pqxx::work& transaction) {
    Statistics statistics;
    statistics.keys = counted(transaction, "keys");
    statistics.blocked_keys = counted(transaction, "blocked_keys");
    statistics.uploads = uploads_in(transaction);
    const pqxx::result rows = transaction.exec(
        "SELECT pg_database_size(current_database()), current_setting('server_version'), "
        "coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()), '')");
    statistics.database_size = rows[0][0].as<std::int64_t>();
    const std::string version = rows[0][1].as<std::string>();
    statistics.server_version = version.substr(0, version.find(' '));
    statistics.tls = rows[0][2].as<std::string>();
    return statistics;
  });
}

std::string KeyDatabase::enforced_uploads() {
  return session_->transact(quick, uploads_in);
}

KeyCount KeyDatabase::count_keys(std::chrono::seconds settling) {
  return session_->transact(counting, [settling](pqxx::work& transaction) {
    KeyCount count;
    if (has_table(transaction, "keys")) {
      // The second number comes from the index on ctime. Hockeypuck 2.3 stores the time of UTC as a
      // local time of the session.
      const pqxx::result rows = transaction.exec_params(
          "SELECT (SELECT count(*) FROM keys), (SELECT count(*) FROM keys"
          " WHERE ctime > ((now() - make_interval(secs => $1)) AT TIME ZONE 'UTC')::timestamptz)",
          settling.count());
      count.keys = rows[0][0].as<std::int64_t>();
      count.settled = count.keys - rows[0][1].as<std::int64_t>();
    }
    return count;
  });
}

bool KeyDatabase::has_keys() {
  return session_->transact(quick, [](pqxx::work& transaction) {
    return has_table(transaction, "keys") &&
           transaction.exec("SELECT EXISTS (SELECT FROM keys)")[0][0].as<bool>();
  });
}

std::string KeyDatabase::identity() {
  return session_->transact(quick, [](pqxx::work& transaction) {
    const std::string number = database_number(transaction);
    // A provider may restrict this function to its superusers.
    const char* may = "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')";
    if (!transaction.exec(may)[0][0].as<bool>()) {
      return "?/" + number;
    }
    const pqxx::result cluster =
        transaction.exec("SELECT system_identifier::text FROM pg_control_system()");
    return cluster[0][0].as<std::string>() + "/" + number;
  });
}

std::vector<ResolvedKey> KeyDatabase::resolve(const std::vector<std::string>& fingerprints) {
  const std::string array = fingerprint_array(fingerprints);
  return session_->transact(thorough, [&](pqxx::work& transaction) {
    std::vector<ResolvedKey> resolved;
    if (!has_table(transaction, "subkeys")) {
      for (const std::string& fingerprint : fingerprints) {
        resolved.push_back({fingerprint, fingerprint, false});
      }
      return resolved;
    }
    for (const auto& row : transaction.exec_params(resolve_query, array)) {
      const std::string asked = row[0].as<std::string>();
      resolved.push_back({asked, row[1].as<std::string>(asked), !row[1].is_null()});
    }
    return resolved;
  });
}

std::vector<std::string> KeyDatabase::digests(const std::vector<std::string>& fingerprints) {
  const std::string array = text_array(fingerprints);
  return session_->transact(thorough, [&](pqxx::work& transaction) {
    return has_table(transaction, "keys")
               ? first_column(transaction.exec_params(digests_query, array))
               : std::vector<std::string>(fingerprints.size());
  });
}

std::vector<KeyPackets> KeyDatabase::primary_packets(const std::vector<std::string>& fingerprints) {
  const std::string array = fingerprint_array(fingerprints);
  return session_->transact(thorough, [&](pqxx::work& transaction) {
    std::vector<KeyPackets> keys;
    if (has_table(transaction, "keys")) {
      for (const auto& row : transaction.exec_params(primary_packets_query, array)) {
        keys.push_back({row[0].as<std::string>(), binary(row[1].as<std::string>())});
      }
    }
    return keys;
  });
}

void KeyDatabase::dump(const std::function<void(const std::vector<KeyPackets>&)>& write) {
  std::string last;
  for (;;) {
    const auto keys = session_->transact(thorough, [&last](pqxx::work& transaction) {
      std::vector<KeyPackets> page;
      if (has_table(transaction, "keys")) {
        for (const auto& row : transaction.exec_params(dump_query, last)) {
          last = row[0].as<std::string>();
          page.push_back({row[1].as<std::string>(), binary(row[2].as<std::string>())});
        }
      }
      return page;
    });
    if (keys.empty()) {
      return;
    }
    write(keys);
  }
}

}  // namespace charm::postgres
