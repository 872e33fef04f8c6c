// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions/actions.hpp"
#include "actions/workload_files.hpp"
#include "charm/domain/text.hpp"
#include "charm/domain/utc.hpp"

#include <algorithm>

namespace charm::actions {
namespace {

constexpr std::size_t most_examples = 10;
constexpr std::int64_t examined_between_messages = 100'000;

/// Returns the time of a parameter, or nothing if it was not given.
std::optional<std::chrono::sys_seconds> time_of(const Parameters& parameters,
                                                const std::string& name) {
  const std::string typed = parameters.text(name);
  const std::string_view text = trimmed(typed);
  if (text.empty()) {
    return std::nullopt;
  }
  const auto time = read_time(text);
  if (!time) {
    throw Failure("the parameter " + name +
                  " is not a time like 2026-11-23T20:44:11Z: " + excerpt(text));
  }
  return time;
}

postgres::KeySearch search_of(const Parameters& parameters) {
  const auto since = time_of(parameters, "since");
  const auto until = time_of(parameters, "until");
  if (since && until && *since >= *until) {
    throw Failure("since must be before until");
  }
  return {since ? utc_text(*since) : "", until ? utc_text(*until) : "", parameters.text("user-id"),
          parameters.text("signatures") == "self"};
}

bool is_unlimited(const postgres::KeySearch& search) {
  return search.since.empty() && search.until.empty() && search.user_id.empty() &&
         !search.self_signed_only;
}

/// Returns the path of the file to write, or an empty text.
std::string target_of(const ActionContext& context, const postgres::KeySearch& search) {
  if (context.parameters.text("path").empty()) {
    return {};
  }
  std::string path = path_to_write(context, "path");
  if (is_unlimited(search)) {
    throw Failure(
        "a list of all keys is not written: give since, until, user-id or signatures=self");
  }
  bool exists = false;
  with_pebble("cannot read " + path, [&] { exists = context.doors.pebble.list(path).has_value(); });
  if (exists && context.parameters.text("if-exists") != "replace") {
    throw Failure(path + " exists: set if-exists=replace to replace it");
  }
  return path;
}

/// Collects the keys of a search as a block list.
class Collector {
 public:
  Collector(ActionContext& context, bool writes)
      : context_(context), administrators_(context.plan().admin_fingerprints), writes_(writes) {}

  void take(const postgres::FoundKeys& found) {
    for (const std::string& fingerprint : found.fingerprints) {
      take(fingerprint);
    }
    const std::int64_t before = examined_ / examined_between_messages;
    examined_ += found.examined;
    if (examined_ / examined_between_messages > before) {
      context_.doors.juju.action_log("examined " + std::to_string(examined_) + " keys, found " +
                                     std::to_string(count_));
    }
  }

  [[nodiscard]] std::size_t count() const { return count_; }

  [[nodiscard]] std::int64_t examined() const { return examined_; }

  [[nodiscard]] const std::string& examples() const { return examples_; }

  [[nodiscard]] std::string take_list() { return std::move(list_); }

 private:
  void take(const std::string& fingerprint) {
    if (std::ranges::find(administrators_, fingerprint) != administrators_.end()) {
      return;
    }
    if (++count_ <= most_examples) {
      examples_ += (examples_.empty() ? "" : "\n") + fingerprint;
    }
    if (writes_) {
      list_.append(fingerprint).append("\n");
    }
  }

  ActionContext& context_;
  std::vector<std::string> administrators_;
  bool writes_;
  std::string list_ = "# found by find-keys\n";
  std::string examples_;
  std::size_t count_ = 0;
  std::int64_t examined_ = 0;
};

}  // namespace

Results run_find_keys(ActionContext& context) {
  const postgres::KeySearch search = search_of(context.parameters);
  const std::string path = target_of(context, search);
  Collector collector(context, !path.empty());
  try {
    context.find_database().database.find_keys(
        search, [&](const postgres::FoundKeys& found) { collector.take(found); });
  } catch (const InputError& error) {
    throw Failure(std::string("the parameter user-id is not a regular expression: ") +
                  error.what());
  }
  Results results = {{"keys", std::to_string(collector.count())},
                     {"examined", std::to_string(collector.examined())}};
  if (!collector.examples().empty()) {
    results["examples"] = collector.examples();
  }
  if (!path.empty()) {
    write_file(context, {.path = path, .content = collector.take_list(), .mode = 0600});
    results["path"] = path;
  }
  return results;
}

}  // namespace charm::actions
