// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/tree_format.hpp"

#include "rehearsal/keyserver/digest.hpp"
#include "rehearsal/keyserver/octets.hpp"

#include <openssl/evp.h>

#include <regex>
#include <sstream>

namespace rehearsal::keyserver {
namespace {

/// Behind the check sum. Together they are as long as LevelDB's footer.
constexpr std::string_view table_mark = "rehearsal tree.\n";
constexpr std::size_t footer_size = 48;
constexpr std::size_t short_sum_digits = 8;
constexpr std::string_view sum_field = "sum ";

std::string sum_of(std::string_view text) {
  return hex_of(digest_of(EVP_md5(), text));
}

std::string short_sum_of(std::string_view text) {
  return sum_of(text).substr(0, short_sum_digits);
}

std::string six_digits(std::size_t number) {
  constexpr std::size_t digits = 6;
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

[[noreturn]] void report_table(const std::string& part, std::size_t position,
                               const std::string& reason, const TableFile& table) {
  throw TreeError("leveldb/table: corruption on " + part + " (pos=" + std::to_string(position) +
                  "): " + reason + " [file=" + table_name(table.number) + "]");
}

}  // namespace

std::string table_name(std::size_t number) {
  return six_digits(number) + ".ldb";
}

std::string log_name(std::size_t number) {
  return six_digits(number) + ".log";
}

std::string manifest_name(std::size_t number) {
  return "MANIFEST-" + six_digits(number);
}

std::optional<std::size_t> number_of_file(std::string_view name) {
  static const std::regex pattern(R"((?:MANIFEST-(\d{6,18})|(\d{6,18})\.(?:ldb|log)))");
  std::cmatch match;
  if (!std::regex_match(name.begin(), name.end(), match, pattern)) {
    return std::nullopt;
  }
  return std::stoul(match[1].matched ? match[1] : match[2]);
}

std::string parse_current(std::string_view text) {
  const std::string name(text.substr(0, text.find('\n')));
  if (!text.ends_with('\n') || !name.starts_with("MANIFEST-") || !number_of_file(name)) {
    throw TreeError("leveldb/storage: corrupted or incomplete CURRENT file");
  }
  return name;
}

std::string serialize(const TreeManifest& manifest) {
  std::string text = "log " + std::to_string(manifest.log) + "\n";
  if (manifest.table) {
    text += "table " + std::to_string(manifest.table->number) + " " +
            std::to_string(manifest.table->size) + "\n";
  }
  return text + std::string(sum_field) + sum_of(text) + "\n";
}

TreeManifest parse_tree_manifest(std::string_view text, const std::string& file) {
  const std::size_t end = text.find(sum_field);
  if (end == std::string_view::npos ||
      !text.substr(end + sum_field.size()).starts_with(sum_of(text.substr(0, end)))) {
    throw TreeError("leveldb: manifest corrupted (field 'comparer'): missing [file=" + file + "]");
  }
  TreeManifest manifest;
  std::istringstream words{std::string(text.substr(0, end))};
  for (std::string word; words >> word;) {
    if (word == "log") {
      words >> manifest.log;
    } else {
      TableFile& table = manifest.table.emplace();
      words >> table.number >> table.size;
    }
  }
  return manifest;
}

std::string serialize_table(const Digests& digests) {
  std::string data;
  for (const std::string& digest : digests) {
    data += digest + "\n";
  }
  return data + sum_of(data) + std::string(table_mark);
}

Digests parse_table(std::string_view octets, const TableFile& table) {
  const std::size_t data_size = table.size - footer_size;
  const std::string_view footer = octets.substr(std::min(data_size, octets.size()), footer_size);
  if (!footer.ends_with(table_mark)) {
    report_table("table-footer", data_size, "bad magic number", table);
  }
  const std::string_view data = octets.substr(0, data_size);
  if (!footer.starts_with(sum_of(data))) {
    report_table("data-block", 0,
                 "checksum mismatch, want=0x" + std::string(footer.substr(0, short_sum_digits)) +
                     " got=0x" + short_sum_of(data),
                 table);
  }
  Digests digests;
  std::istringstream lines{std::string(data)};
  for (std::string digest; std::getline(lines, digest);) {
    digests.insert(digests.end(), digest);
  }
  return digests;
}

std::string serialize(TreeChange change, const std::string& digest) {
  const std::string text = (change == TreeChange::added ? "+" : "-") + digest;
  return text + " " + short_sum_of(text) + "\n";
}

bool apply_log(std::string_view log, Digests& digests) {
  std::istringstream lines{std::string(log)};
  bool any = false;
  for (std::string line; std::getline(lines, line); any = true) {
    const std::string text = line.substr(0, line.find(' '));
    if (text.empty() || line != text + " " + short_sum_of(text)) {
      break;
    }
    if (text.front() == '+') {
      digests.insert(text.substr(1));
    } else {
      digests.erase(text.substr(1));
    }
  }
  return any;
}

}  // namespace rehearsal::keyserver
