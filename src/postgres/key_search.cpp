// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

namespace charm::postgres {
namespace {

/// The page follows the index on ctime, so a search reads only its time span. The last row of the
/// page is always returned, because the next page begins after it.
constexpr const char* search_query = R"(
WITH page AS MATERIALIZED (
  SELECT rfingerprint, ctime, doc, row_number() OVER (ORDER BY ctime, rfingerprint) AS number
  FROM (SELECT rfingerprint, ctime, doc FROM keys
    WHERE ctime >= $1::timestamptz AND (ctime, rfingerprint) > ($1::timestamptz, $2::text)
      AND ctime < $3::timestamptz
    ORDER BY ctime, rfingerprint LIMIT 5000) AS first_keys),
judged AS (
  SELECT rfingerprint, ctime, number,
    ($4::text = '' OR EXISTS (SELECT FROM userids
      WHERE userids.rfingerprint = page.rfingerprint AND uidstring ~* $4::text))
    AND (NOT $5::boolean OR NOT jsonb_path_exists(doc,
      '$.userIDs[*].signatures[*] ? (@.issuerKeyID != $own)',
      jsonb_build_object('own', doc->'longKeyID'))) AS matches
  FROM page)
SELECT reverse(rfingerprint), rfingerprint, ctime, number, matches FROM judged
WHERE matches OR number = (SELECT max(number) FROM page) ORDER BY number)";

/// Where a page begins.
struct Position {
  std::string time;
  std::string reversed_fingerprint;
};

void require_regular_expression(pqxx::work& transaction, const std::string& pattern) {
  try {
    transaction.exec_params("SELECT '' ~* $1::text", pattern);
  } catch (const pqxx::broken_connection&) {
    throw;
  } catch (const pqxx::sql_error& fault) {
    throw InputError(one_line(fault.what(), {}));
  }
}

/// A time span as keys.ctime states it.
struct Span {
  std::string begin;
  std::string end;
};

/// Hockeypuck 2.3 stores the time of UTC as a local time of the session. The cast to timestamp
/// ignores the Z, and the next cast takes the rest as a local time.
Span span_of(pqxx::work& transaction, const KeySearch& search) {
  const pqxx::result rows =
      transaction.exec_params("SELECT $1::timestamp::timestamptz, $2::timestamp::timestamptz",
                              search.since.empty() ? "-infinity" : search.since,
                              search.until.empty() ? "infinity" : search.until);
  return {rows[0][0].as<std::string>(), rows[0][1].as<std::string>()};
}

FoundKeys page_of(pqxx::work& transaction, const KeySearch& search, const std::string& end,
                  Position& position) {
  const pqxx::result rows =
      transaction.exec_params(search_query, position.time, position.reversed_fingerprint, end,
                              search.user_id, search.self_signed_only);
  FoundKeys found;
  for (const auto& row : rows) {
    position = {row[2].as<std::string>(), row[1].as<std::string>()};
    found.examined = row[3].as<std::int64_t>();
    if (row[4].as<bool>()) {
      found.fingerprints.push_back(row[0].as<std::string>());
    }
  }
  return found;
}

}  // namespace

void KeyDatabase::find_keys(const KeySearch& search,
                            const std::function<void(const FoundKeys&)>& pass_on,
                            std::chrono::seconds limit) {
  const Span span = session_->transact(
      quick, [&search](pqxx::work& transaction) { return span_of(transaction, search); });
  Position position{span.begin, {}};
  const auto next_page = [&](pqxx::work& transaction) {
    transaction.exec("SET TRANSACTION READ ONLY");
    require_regular_expression(transaction, search.user_id);
    return has_table(transaction, "userids") ? page_of(transaction, search, span.end, position)
                                             : FoundKeys();
  };
  for (;;) {
    FoundKeys found;
    try {
      found = session_->transact(limit, next_page);
    } catch (const DatabaseError& fault) {
      if (std::string(fault.what()).find("statement timeout") == std::string::npos) {
        throw;
      }
      throw DatabaseError(fault.outcome(), "the database needs more than " +
                                               std::to_string(limit.count()) +
                                               " seconds for 5000 keys: use a simpler pattern");
    }
    if (found.examined == 0) {
      return;
    }
    pass_on(found);
  }
}

}  // namespace charm::postgres
