// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

namespace rehearsal::keyserver {

// Words for key searches, in lower case. Unlike in Hockeypuck, common words count.

/// Returns the whole user ID, its address, the parts of the address, and the words of its text.
std::set<std::string> words_of_user_id(const std::string& user_id);

/// Returns the address of a user ID in lower case; empty if it has none.
std::string address_of_user_id(const std::string& user_id);

/// Returns the words that a found key must all have. An address in angle brackets is one word.
std::set<std::string> words_of_search(const std::string& search);

/// Words as a PostgreSQL tsvector (separator " ") or tsquery (separator " & ") literal.
std::string text_search_literal(const std::set<std::string>& words, const std::string& separator);

}  // namespace rehearsal::keyserver
