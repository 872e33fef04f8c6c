// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/keyserver/statistics.hpp"

#include "charm/domain/text.hpp"
#include "charm/domain/utc.hpp"
#include "charm/json/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace charm::keyserver {
namespace {

using nlohmann::json;

/// Go's output for a missing error.
constexpr std::string_view no_error = "%!q(<nil>)";

/// The members of a JSON object by their names in lower case.
class Members {
 public:
  explicit Members(const json& object) {
    if (object.is_object()) {
      for (const auto& [name, value] : object.items()) {
        members_.emplace(lower_case(name), &value);
      }
    }
  }

  /// Returns null if there is no such member.
  [[nodiscard]] const json& at(const std::string& name) const {
    static const json null;
    const auto found = members_.find(name);
    return found == members_.end() ? null : *found->second;
  }

  [[nodiscard]] std::string text(const std::string& name) const {
    const json& value = at(name);
    return value.is_string() ? value.get<std::string>() : "";
  }

 private:
  std::map<std::string, const json*> members_;
};

/// Go quotes the text of an error almost as JSON does.
std::string unquoted(const std::string& error) {
  if (error == no_error || error.size() < 2 || error.front() != '"' || error.back() != '"') {
    return error == no_error ? "" : error;
  }
  const auto text = parse_json(error);
  return text && text->is_string() ? text->get<std::string>() : error.substr(1, error.size() - 2);
}

/// `last` and `failure`: the names of the two members.
PartnerExchange exchange(const Members& peer, const char* last, const char* failure) {
  PartnerExchange read{.succeeded = read_time(peer.text(last)),
                       .error = unquoted(peer.text(failure))};
  // Go's zero time is the first second of the year 1.
  if (read.succeeded && read.succeeded->time_since_epoch().count() <= 0) {
    read.succeeded.reset();
  }
  return read;
}

PartnerStatistics partner(const json& object) {
  const Members peer(object);
  return {.name = peer.text("name"),
          .http_address = peer.text("httpaddr"),
          .recon_address = peer.text("reconaddr"),
          .masked = peer.at("masked") == true,
          .incoming = exchange(peer, "lastincomingrecon", "lastincomingerror"),
          .outgoing = exchange(peer, "lastoutgoingrecon", "lastoutgoingerror"),
          .recovery = exchange(peer, "lastrecovery", "lastrecoveryerror")};
}

/// Larger numbers are neither counts nor times of this keyserver.
constexpr double greatest = 1e15;

std::optional<std::int64_t> whole_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(std::fabs(value) < greatest)) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(value);
}

/// Removes the prefix from the front of the line if it has the prefix.
bool take(std::string_view& line, std::string_view prefix) {
  const bool there = line.starts_with(prefix);
  line.remove_prefix(there ? prefix.size() : 0);
  return there;
}

void read_sample(std::string_view line, Metrics& metrics) {
  if (take(line, "process_start_time_seconds ")) {
    if (const auto seconds = whole_number(line)) {
      metrics.started = std::chrono::sys_seconds(std::chrono::seconds(*seconds));
    }
  } else if (take(line, "conflux_reconciliation_items_recovered{peer=\"")) {
    const std::string_view peer = line.substr(0, line.find('"'));
    line.remove_prefix(peer.size());
    const auto count = take(line, "\"} ") ? whole_number(line) : std::nullopt;
    if (count) {
      metrics.recovered.emplace(peer, *count);
    }
  }
}

}  // namespace

std::optional<Statistics> parse_statistics(std::string_view text) {
  const json document = parse_json(text).value_or(json());
  const Members page(document);
  if (!page.at("version").is_string()) {
    return std::nullopt;
  }
  Statistics statistics{.version = page.text("version"),
                        .software = page.text("software"),
                        .now = read_time(page.text("now"))};
  if (const json& total = page.at("total"); total.is_number_integer()) {
    statistics.total = total.get<std::int64_t>();
  }
  // Null if there are none.
  if (const json& peers = page.at("peers"); peers.is_array()) {
    for (const json& peer : peers) {
      statistics.peers.push_back(partner(peer));
    }
  }
  return statistics;
}

Metrics parse_metrics(std::string_view text) {
  Metrics metrics;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    read_sample(line, metrics);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return metrics;
}

}  // namespace charm::keyserver
