// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/prefix_tree.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <regex>
#include <sstream>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

namespace fs = std::filesystem;

constexpr const char* current_file = "CURRENT";
constexpr const char* manifest_file = "MANIFEST-000000";
constexpr const char* change_log = "000001.log";
constexpr const char* table_file = "000002.ldb";

constexpr const char* manifest_text = "files of the rehearsal's keyserver, not of LevelDB\n";
/// Follows the checksum, which follows the digests.
constexpr std::string_view table_mark = "rehearsal tree.\n";

[[noreturn]] void report_table(const std::string& part) {
  throw TreeError("leveldb/table: corruption on " + part + " [file=" + table_file + "]");
}

void write_file(const fs::path& path, const std::string& text) {
  const fs::path next = path.string() + ".new";
  std::ofstream file(next, std::ios::binary);
  file << text << std::flush;
  if (!file) {
    throw TreeError("leveldb/storage: write " + path.string() + ": " + error_text(errno));
  }
  fs::rename(next, path);
}

Digests digests_of_table(const std::string& text) {
  constexpr std::size_t sum_digits = 32;
  const std::size_t end = text.rfind(table_mark);
  if (end == std::string::npos || end < sum_digits) {
    report_table("table-footer");
  }
  const std::string data = text.substr(0, end - sum_digits);
  if (hex_of(digest_of(EVP_md5(), data)) != text.substr(data.size(), sum_digits)) {
    report_table("data-block");
  }
  Digests digests;
  std::istringstream lines(data);
  for (std::string digest; std::getline(lines, digest);) {
    digests.insert(digests.end(), digest);
  }
  return digests;
}

/// Applies the log up to its first damaged line.
void apply_changes(const std::string& log, Digests& digests) {
  static const std::regex line_form("[+-][0-9a-f]{32}");
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line) && std::regex_match(line, line_form);) {
    if (line.front() == '+') {
      digests.insert(line.substr(1));
    } else {
      digests.erase(line.substr(1));
    }
  }
}

}  // namespace

PrefixTree::PrefixTree(const fs::path& path, Log& log) : path_(path), log_(log) {
  lock();
  try {
    read();
    write();
  } catch (...) {
    close(lock_);
    throw;
  }
}

PrefixTree::~PrefixTree() {
  close(lock_);
}

void PrefixTree::lock() {
  constexpr mode_t mode = 0644;
  std::error_code exists;
  fs::create_directories(path_, exists);
  lock_ = open((path_ / "LOCK").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, mode);
  if (lock_ < 0) {
    throw TreeError("leveldb/storage: open " + path_.string() + ": " + error_text(errno));
  }
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    const std::string reason = error_text(errno);
    close(lock_);
    throw TreeError(reason);
  }
}

void PrefixTree::read() {
  const auto text_of = [this](const char* file) { return file_text(path_ / file); };
  const auto entry = text_of(current_file);
  const auto is_there = [this](const char* file) { return fs::exists(path_ / file); };
  if (!entry && std::ranges::none_of(std::array{manifest_file, change_log, table_file}, is_there)) {
    return;
  }
  if (entry && *entry != std::string(manifest_file) + "\n") {
    throw TreeError("leveldb/storage: corrupted or incomplete CURRENT file");
  }
  const auto described = text_of(manifest_file);
  if (!entry || !described) {
    throw TreeError("database entry point either missing or corrupted");
  }
  if (*described != manifest_text) {
    throw TreeError("leveldb: manifest corrupted (field 'comparer'): missing [file=" +
                    std::string(manifest_file) + "]");
  }
  const auto octets = text_of(table_file);
  if (!octets) {
    throw TreeError("file missing");
  }
  digests_ = digests_of_table(*octets);
  apply_changes(text_of(change_log).value_or(""), digests_);
}

void PrefixTree::write() {
  std::string data;
  for (const std::string& digest : digests_) {
    data += digest + "\n";
  }
  write_file(path_ / table_file,
             data + hex_of(digest_of(EVP_md5(), data)) + std::string(table_mark));
  write_file(path_ / manifest_file, manifest_text);
  write_file(path_ / current_file, std::string(manifest_file) + "\n");
  changes_.open(path_ / change_log, std::ios::trunc);
}

void PrefixTree::add(const std::string& digest) {
  const std::lock_guard guard(mutex_);
  to_add_.push_back(digest);
}

void PrefixTree::remove(const std::string& digest) {
  const std::lock_guard guard(mutex_);
  to_remove_.push_back(digest);
}

void PrefixTree::mutate() {
  const std::lock_guard guard(mutex_);
  for (const std::string& digest : to_add_) {
    if (digests_.insert(digest).second) {
      unwritten_ += "+" + digest + "\n";
    } else {
      log_.warning("cannot insert \"" + digest +
                   "\" into prefix tree: attempt to insert duplicate element");
    }
  }
  for (const std::string& digest : to_remove_) {
    if (digests_.erase(digest) != 0) {
      unwritten_ += "-" + digest + "\n";
    } else {
      log_.warning("cannot remove \"" + digest + "\" from prefix tree: leveldb: not found");
    }
  }
  to_add_.clear();
  to_remove_.clear();
  if (changes_ << unwritten_ << std::flush) {
    unwritten_.clear();
  } else {
    // The next changes try again.
    log_.error("leveldb/storage: write " + path_.string() + ": " + error_text(errno));
    changes_.clear();
  }
}

Digests PrefixTree::digests() const {
  const std::lock_guard guard(mutex_);
  return digests_;
}

std::size_t PrefixTree::size() const {
  const std::lock_guard guard(mutex_);
  return digests_.size();
}

void write_tree_statistics(const fs::path& tree, std::size_t total) {
  std::ofstream(tree.parent_path() / ("." + tree.filename().string() + ".stats"))
      << R"({"Total":)" << total << R"(,"Hourly":{},"Daily":{}})"
      << "\n";
}

}  // namespace rehearsal::keyserver
