// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace charm::hockeypuck {

/// A configuration file under construction. Hockeypuck runs the file through Go's text/template
/// before it reads it as TOML. Strings are escaped for both layers.
class TomlDocument {
 public:
  /// Begins a table. The name is ours and needs no quotes.
  void table(std::string_view name);

  void text(std::string_view key, std::string_view value);
  void texts(std::string_view key, const std::vector<std::string>& values);
  void number(std::string_view key, std::int64_t value);
  void flag(std::string_view key, bool value);

  [[nodiscard]] const std::string& content() const { return content_; }

 private:
  void entry(std::string_view key, std::string_view value);

  std::string content_;
};

/// Returns the database's connection string for Hockeypuck's programs, in the syntax of lib/pq.
/// With `verify-full` the authority's certificate must be at `ca_file`.
[[nodiscard]] std::string data_source_name(const Database& database, std::string_view ca_file);

}  // namespace charm::hockeypuck
