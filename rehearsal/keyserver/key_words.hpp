// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

namespace rehearsal::keyserver {

// Words by which keys are found, in lower case. Unlike in Hockeypuck common words count.

/// The whole of a user ID, its address, the parts of the address, and the words of its text.
std::set<std::string> words_of_user_id(const std::string& user_id);

/// The address of a user ID in lower case; empty when it has none.
std::string address_of_user_id(const std::string& user_id);

/// The words that all have to be found for a search. An address in angle brackets is one word.
std::set<std::string> words_of_search(const std::string& search);

/// Words as a PostgreSQL tsvector (separator " ") or tsquery (separator " & ") literal.
std::string text_search_literal(const std::set<std::string>& words, const std::string& separator);

}  // namespace rehearsal::keyserver
