// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace rehearsal::pebble {

/// A string as the Go YAML library that Pebble uses writes it in block context: plain where it
/// would be read back as the same string, else quoted; several lines as a literal block.
/// `indent` is that of the lines of such a block.
std::string yaml_scalar(std::string_view text, std::size_t indent);

/// The same for a mapping's key, which is never a block.
std::string yaml_key(std::string_view text);

/// The order of keys in that library's output: runs of digits compare as numbers.
bool yaml_key_less(std::string_view left, std::string_view right);

}  // namespace rehearsal::pebble
