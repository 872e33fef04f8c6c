// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "load_job.hpp"

#include "charm/domain/text.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace charm::actions {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LoadFile, path, list_path, keys)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KeyCounts, files, keys, repeated, identical, known, blocked,
                                   unnameable)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LoadJob, identity, counts, max_key_length, fresh, round, started,
                                   loaded, known, merged, tree_asked, added, updated, refused,
                                   notes)

namespace {

constexpr std::size_t most_notes = 20;
constexpr std::string_view no_digest = "-";

}  // namespace

std::string job_text(const LoadJob& job) {
  return nlohmann::json(job).dump();
}

std::optional<LoadJob> read_job(const std::string& text) {
  try {
    return nlohmann::json::parse(text).get<LoadJob>();
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

std::string list_text(const std::vector<OfferedKey>& keys) {
  std::string text;
  for (const OfferedKey& key : keys) {
    text.append(key.fingerprint)
        .append(" ")
        .append(key.digest.empty() ? no_digest : std::string_view(key.digest))
        .append(" ")
        .append(std::to_string(key.size))
        .append("\n");
  }
  return text;
}

std::vector<OfferedKey> read_list(std::string_view text) {
  std::vector<OfferedKey> keys;
  for (const std::string_view line : words(text, "\n")) {
    const auto columns = words(line, " ");
    if (columns.size() == 3) {
      OfferedKey key{.fingerprint = std::string(columns[0]),
                     .digest = std::string(columns[1] == no_digest ? "" : columns[1])};
      std::from_chars(columns[2].data(), columns[2].data() + columns[2].size(), key.size);
      keys.push_back(std::move(key));
    }
  }
  return keys;
}

void add_note(LoadJob& job, const std::string& fingerprint, const std::string& note) {
  if (job.notes.size() < most_notes) {
    job.notes.push_back(fingerprint + ": " + note);
  }
}

void add_refusal(LoadJob& job, const std::string& fingerprint, const std::string& reason) {
  ++job.refused;
  add_note(job, fingerprint, reason);
}

}  // namespace charm::actions
