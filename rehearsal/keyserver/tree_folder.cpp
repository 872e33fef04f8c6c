// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/tree_folder.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

namespace fs = std::filesystem;

constexpr mode_t mode = 0644;

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

/// "000002.ldb": a file's number in six digits, and its kind.
std::string table_name(std::size_t number) {
  return six_digits(number) + ".ldb";
}

[[noreturn]] void report_table(const std::string& part, std::size_t position,
                               const std::string& reason, const TableFile& table) {
  throw TreeError("leveldb/table: corruption on " + part + " (pos=" + std::to_string(position) +
                  "): " + reason + " [file=" + table_name(table.number) + "]");
}

std::string log_name(std::size_t number) {
  return six_digits(number) + ".log";
}

std::string manifest_name(std::size_t number) {
  return "MANIFEST-" + six_digits(number);
}

/// Of one of these names; nothing for any other.
std::optional<std::size_t> number_of_file(std::string_view name) {
  static const std::regex pattern(R"((?:MANIFEST-(\d{6,18})|(\d{6,18})\.(?:ldb|log)))");
  std::cmatch match;
  if (!std::regex_match(name.begin(), name.end(), match, pattern)) {
    return std::nullopt;
  }
  return std::stoul(match[1].matched ? match[1] : match[2]);
}

/// The name of the manifest in CURRENT.
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

/// The digests, one on a line, and a footer of check sum and mark.
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

enum class TreeChange { added, removed };

/// A line of the log.
std::string serialize(TreeChange change, const std::string& digest) {
  const std::string text = (change == TreeChange::added ? "+" : "-") + digest;
  return text + " " + short_sum_of(text) + "\n";
}

/// Applies the log up to its first damaged line. False for an empty log.
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

/// As Go says it: "resource temporarily unavailable".
std::string system_error_text() {
  std::string text = std::strerror(errno);
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  return text;
}

std::optional<std::string> contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return std::nullopt;
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) {
    throw TreeError("leveldb/storage: write " + path.string() + ": " + system_error_text());
  }
}

/// The greatest number of a file of the tree; nothing when there are no such files.
std::optional<std::size_t> greatest_number(const fs::path& folder) {
  std::optional<std::size_t> greatest;
  for (const auto& entry : fs::directory_iterator(folder)) {
    greatest = std::max(greatest, number_of_file(entry.path().filename().string()));
  }
  return greatest;
}

TableFile write_table(const fs::path& folder, std::size_t number, const Digests& digests) {
  const std::string octets = serialize_table(digests);
  write_file(folder / table_name(number), octets);
  return {.number = number, .size = octets.size()};
}

}  // namespace

TreeFolder::TreeFolder(const fs::path& path) : path_(path) {
  std::error_code exists;
  fs::create_directories(path_, exists);
  lock();
  try {
    std::ofstream(path_ / "LOG", std::ios::app)
        << "opened by the rehearsal's keyserver: these files are not LevelDB's\n";
    const fs::path current = path_ / "CURRENT";
    if (fs::exists(current)) {
      recover(current);
    } else if (greatest_number(path_)) {
      throw TreeError("database entry point either missing or corrupted");
    } else {
      begin({.log = 1});
    }
  } catch (...) {
    close(lock_);
    throw;
  }
}

TreeFolder::~TreeFolder() {
  close(log_);
  close(lock_);
}

void TreeFolder::lock() {
  lock_ = open((path_ / "LOCK").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, mode);
  if (lock_ < 0) {
    throw TreeError("leveldb/storage: open " + path_.string() + ": " + system_error_text());
  }
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const std::string reason = system_error_text();
    close(lock_);
    throw TreeError(reason);
  }
}

void TreeFolder::recover(const fs::path& current) {
  const std::string file = parse_current(contents(current).value_or(""));
  const std::optional<std::string> text = contents(path_ / file);
  if (!text) {
    throw TreeError("database entry point either missing or corrupted");
  }
  TreeManifest manifest = parse_tree_manifest(*text, file);
  if (manifest.table) {
    const auto octets = contents(path_ / table_name(manifest.table->number));
    if (!octets) {
      throw TreeError("file missing");
    }
    digests_ = parse_table(*octets, *manifest.table);
  }
  const bool changed = apply_log(contents(path_ / log_name(manifest.log)).value_or(""), digests_);
  std::size_t number = greatest_number(path_).value_or(0);
  if (changed || !manifest.table) {
    manifest.table = write_table(path_, ++number, digests_);
  }
  manifest.log = number + 1;
  begin(manifest);
}

void TreeFolder::begin(TreeManifest manifest) {
  const fs::path current = path_ / "CURRENT";
  const bool is_first = !fs::exists(current);
  log_ = open((path_ / log_name(manifest.log)).c_str(),
              O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, mode);
  if (log_ < 0) {
    throw TreeError("leveldb/storage: open " + path_.string() + ": " + system_error_text());
  }
  const std::string file = manifest_name(is_first ? 0 : manifest.log + 1);
  write_file(path_ / file, serialize(manifest));
  if (!is_first) {
    fs::copy_file(current, path_ / "CURRENT.bak", fs::copy_options::overwrite_existing);
  }
  write_file(path_ / "CURRENT.new", file + "\n");
  fs::rename(path_ / "CURRENT.new", current);
  forget_files_but(manifest, file);
}

void TreeFolder::forget_files_but(const TreeManifest& manifest,
                                  const std::string& manifest_file) const {
  const std::string table = manifest.table ? table_name(manifest.table->number) : "";
  for (const auto& entry : fs::directory_iterator(path_)) {
    const std::string name = entry.path().filename();
    const bool in_use = name == manifest_file || name == table || name == log_name(manifest.log);
    if (number_of_file(name) && !in_use) {
      fs::remove(entry.path());
    }
  }
}

bool TreeFolder::add(const std::string& digest) {
  const bool is_new = digests_.insert(digest).second;
  changes_ += is_new ? serialize(TreeChange::added, digest) : "";
  return is_new;
}

bool TreeFolder::remove(const std::string& digest) {
  const bool was_there = digests_.erase(digest) != 0;
  changes_ += was_there ? serialize(TreeChange::removed, digest) : "";
  return was_there;
}

void TreeFolder::write() {
  std::string_view rest = changes_;
  while (!rest.empty()) {
    const ssize_t written = ::write(log_, rest.data(), rest.size());
    if (written < 0) {
      throw TreeError("leveldb/storage: write " + path_.string() + ": " + system_error_text());
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  changes_.clear();
}

}  // namespace rehearsal::keyserver
