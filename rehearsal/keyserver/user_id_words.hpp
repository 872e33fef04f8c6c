// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// What a user ID can be found by: the whole of it, its address, the parts of the address, and
/// the words of its text, all in lower case (Hockeypuck 2.3).
std::set<std::string> words_of_user_id(std::string_view user_id);

/// The address of a user ID in lower case; empty when it has none.
std::string address_of_user_id(std::string_view user_id);

/// The words that all have to be found for a search. An address in angle brackets is one word.
std::set<std::string> words_of_search(std::string_view search);

/// Words as a PostgreSQL tsvector (separator " ") or tsquery (separator " & ") literal.
std::string text_search_literal(const std::set<std::string>& words, std::string_view separator);

}  // namespace rehearsal::keyserver
