// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// UTF-8 to code points; every octet that is not UTF-8 becomes U+FFFD.
std::u32string decode_utf8(std::string_view text);
std::string encode_utf8(std::u32string_view text);

/// A user ID as Hockeypuck keeps it: control characters left out, a question mark for what is not
/// UTF-8. Nothing when it has a NUL, which PostgreSQL cannot store.
std::optional<std::string> clean_utf8(std::string_view text);

/// Letters of any script in lower case.
std::string lower_case(std::string_view text);
bool is_letter_or_number(char32_t character);

}  // namespace rehearsal::keyserver
