// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "table.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

/// In characters: bytes of UTF-8 that begin one.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

std::vector<std::size_t> widths(const std::vector<TableRow>& rows) {
  std::vector<std::size_t> columns;
  for (const TableRow& row : rows) {
    columns.resize(std::max(columns.size(), row.size()));
    for (std::size_t column = 0; column < row.size(); ++column) {
      columns[column] = std::max(columns[column], width(row[column]));
    }
  }
  return columns;
}

}  // namespace

std::string table(const std::vector<TableRow>& rows) {
  const std::vector<std::size_t> columns = widths(rows);
  std::string text;
  for (const TableRow& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      line += row[column] + std::string(columns[column] - width(row[column]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

}  // namespace charm::actions
