// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/postgres/key_database.hpp"
#include "session.hpp"

#include <algorithm>
#include <thread>

namespace charm::postgres {
namespace {

/// xmax is 0 in a row that this statement inserted.
constexpr const char* block_query = R"(
INSERT INTO blocked_keys (fingerprint, blocked_at, blocked_by, comment)
SELECT DISTINCT ON (fingerprint) fingerprint, coalesce(nullif(blocked_at, '')::timestamptz, now()),
  blocked_by, comment
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
  AS given(fingerprint, blocked_at, blocked_by, comment)
ORDER BY fingerprint
ON CONFLICT (fingerprint) DO UPDATE SET comment = excluded.comment
  WHERE excluded.comment NOT IN ('', blocked_keys.comment)
RETURNING blocked_keys.xmax = 0)";

constexpr const char* unblock_query = R"(
WITH freed AS (DELETE FROM blocked_keys USING unnest($1::text[]) AS given(fingerprint)
  WHERE blocked_keys.fingerprint = given.fingerprint RETURNING blocked_keys.fingerprint)
SELECT fingerprint FROM freed ORDER BY fingerprint)";

constexpr const char* entries_query = R"(
SELECT fingerprint, to_char(blocked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  blocked_by, comment
FROM blocked_keys )";

constexpr const char* having_text = R"(
WHERE strpos(lower(fingerprint || ' ' || blocked_by || ' ' || comment), lower($1::text)) > 0 )";

/// A page of the list, so that PostgreSQL needs no statistics of a list that was just imported. The
/// last row of the page is always returned, because the next page begins after it.
constexpr const char* stored_query = R"(
WITH page AS MATERIALIZED (SELECT fingerprint FROM blocked_keys WHERE fingerprint > $1::text
  ORDER BY fingerprint LIMIT 10000),
judged AS (SELECT fingerprint,
  EXISTS (SELECT FROM keys WHERE rfingerprint = reverse(fingerprint)) AS stored FROM page)
SELECT fingerprint, stored FROM judged
WHERE stored OR fingerprint = (SELECT max(fingerprint) FROM page) ORDER BY fingerprint)";

/// Transactions that write to `keys` hold this lock until they end.
constexpr const char* writers_query = R"(
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = to_regclass('keys') AND mode = 'RowExclusiveLock'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND granted)";

/// Returns the number of keys that were not blocked before.
std::size_t insert(pqxx::work& transaction, const std::vector<BlockedKey>& entries) {
  std::vector<std::string> fingerprints;
  std::vector<std::string> dates;
  std::vector<std::string> names;
  std::vector<std::string> comments;
  for (const BlockedKey& entry : entries) {
    fingerprints.push_back(entry.fingerprint);
    dates.push_back(entry.blocked_at);
    names.push_back(block_comment(entry.blocked_by));
    comments.push_back(block_comment(entry.comment));
  }
  std::size_t added = 0;
  for (const auto& row :
       transaction.exec_params(block_query, fingerprint_array(fingerprints), text_array(dates),
                               text_array(names), text_array(comments))) {
    added += row[0].as<bool>() ? 1U : 0U;
  }
  return added;
}

std::vector<std::string> writers(pqxx::work& transaction) {
  return first_column(transaction.exec(writers_query));
}

std::vector<BlockedKey> entries_of(const pqxx::result& rows) {
  std::vector<BlockedKey> entries;
  for (const auto& row : rows) {
    entries.push_back({row[0].as<std::string>(), row[1].as<std::string>(), row[2].as<std::string>(),
                       row[3].as<std::string>()});
  }
  return entries;
}

std::string lines_of(const std::vector<BlockedKey>& entries) {
  std::string lines;
  for (const BlockedKey& entry : entries) {
    lines += block_list_line(entry) + '\n';
  }
  return lines;
}

bool share_one(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return std::find_first_of(left.begin(), left.end(), right.begin(), right.end()) != left.end();
}

}  // namespace

Blocking KeyDatabase::block(const std::vector<std::string>& fingerprints,
                            const std::string& comment, const std::string& by) {
  std::vector<BlockedKey> entries;
  entries.reserve(fingerprints.size());
  for (const std::string& fingerprint : fingerprints) {
    entries.push_back({fingerprint, {}, by, comment});
  }
  session_->transact(thorough,
                     [&](pqxx::work& transaction) { return insert(transaction, entries); });
  return await_earlier_writers();
}

Blocking KeyDatabase::await_earlier_writers() {
  Blocking blocking;
  blocking.earlier = session_->transact(quick, writers);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (!(blocking.settled = has_settled(blocking)) && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return blocking;
}

bool KeyDatabase::has_settled(const Blocking& blocking) {
  return blocking.earlier.empty() ||
         !share_one(blocking.earlier, session_->transact(quick, writers));
}

std::vector<std::string> KeyDatabase::unblock(const std::vector<std::string>& fingerprints) {
  const std::string array = fingerprint_array(fingerprints);
  return session_->transact(thorough, [&array](pqxx::work& transaction) {
    return first_column(transaction.exec_params(unblock_query, array));
  });
}

std::vector<std::string> KeyDatabase::blocked_among(const std::vector<std::string>& fingerprints) {
  const std::string array = fingerprint_array(fingerprints);
  return session_->transact(thorough, [&array](pqxx::work& transaction) {
    return first_column(transaction.exec_params(
        "SELECT fingerprint FROM blocked_keys JOIN (SELECT DISTINCT unnest($1::text[])) AS"
        " given(fingerprint) USING (fingerprint) ORDER BY fingerprint",
        array));
  });
}

BlockListPage KeyDatabase::block_list(const std::string& text, std::int64_t limit,
                                      std::int64_t offset) {
  const std::string sought = block_comment(text);
  return session_->transact(thorough, [&](pqxx::work& transaction) {
    const pqxx::result total = transaction.exec_params(
        std::string("SELECT count(*) FROM blocked_keys") + having_text, sought);
    const pqxx::result rows = transaction.exec_params(
        std::string(entries_query) + having_text +
            "ORDER BY blocked_at DESC, fingerprint LIMIT $2::bigint OFFSET $3::bigint",
        sought, limit, offset);
    return BlockListPage{entries_of(rows), total[0][0].as<std::int64_t>()};
  });
}

std::vector<std::string> KeyDatabase::stored_blocked_keys(std::int64_t limit,
                                                          const std::string& after) {
  std::vector<std::string> stored;
  std::string last = after;
  const auto next_page = [&](pqxx::work& transaction) {
    if (!has_table(transaction, "keys")) {
      return false;
    }
    const pqxx::result rows = transaction.exec_params(stored_query, last);
    for (const auto& row : rows) {
      last = row[0].as<std::string>();
      if (row[1].as<bool>() && stored.size() < static_cast<std::size_t>(limit)) {
        stored.push_back(last);
      }
    }
    return !rows.empty();
  };
  while (stored.size() < static_cast<std::size_t>(limit) &&
         session_->transact(thorough, next_page)) {
  }
  return stored;
}

void KeyDatabase::export_block_list(const std::function<void(std::string_view)>& write) {
  write(std::string(block_list_header) + '\n');
  const std::string query =
      std::string(entries_query) + "WHERE fingerprint > $1::text ORDER BY fingerprint LIMIT 10000";
  std::string last;
  for (;;) {
    const auto entries = session_->transact(thorough, [&](pqxx::work& transaction) {
      return entries_of(transaction.exec_params(query, last));
    });
    if (entries.empty()) {
      return;
    }
    write(lines_of(entries));
    last = entries.back().fingerprint;
  }
}

BlockListImport KeyDatabase::import_block_list(std::string_view text, const std::string& by) {
  return session_->transact(thorough, [&](pqxx::work& transaction) {
    BlockListImport import;
    std::vector<BlockedKey> entries;
    const auto flush = [&] {
      import.entries += entries.size();
      import.added += insert(transaction, entries);
      entries.clear();
    };
    BlockListReader reader(text);
    while (auto line = reader.next()) {
      line->entry.blocked_by = line->entry.blocked_by.empty() ? by : line->entry.blocked_by;
      entries.push_back(std::move(line->entry));
      if (entries.size() == 10000) {
        flush();
      }
    }
    if (!entries.empty()) {
      flush();
    }
    return import;
  });
}

}  // namespace charm::postgres
