// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "change.hpp"

#include "exchange.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <vector>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

/// How long Pebble holds one wait request. The connection's patience is longer.
constexpr std::chrono::milliseconds wait_step = std::chrono::seconds(4);

Request change_request(const std::string& id, const std::string& rest) {
  return {.method = "GET", .target = "/v1/changes/" + percent_encoded(id) + rest};
}

/// Appends the service output that Pebble puts into the log of a failed task, newest 10 lines.
void append_output(const std::string& entry, std::vector<std::string>& lines) {
  constexpr std::size_t most = 10;
  constexpr std::string_view indent = "    ";
  if (entry.find("Most recent service output:") == std::string::npos) {
    return;
  }
  std::vector<std::string> found;
  std::istringstream text(entry);
  std::string line;
  std::getline(text, line);  // The heading.
  while (std::getline(text, line)) {
    found.push_back(line.starts_with(indent) ? line.substr(indent.size()) : line);
  }
  const auto skipped = found.size() - std::min(found.size(), most);
  lines.insert(lines.end(), found.begin() + static_cast<std::ptrdiff_t>(skipped), found.end());
}

std::vector<std::string> service_output(const Json& change) {
  std::vector<std::string> lines;
  for (const Json& task : change.value("tasks", Json::array())) {
    for (const Json& entry : task.value("log", Json::array())) {
      append_output(entry.get<std::string>(), lines);
    }
  }
  return lines;
}

/// Returns why the change failed, or an empty text if it did not.
std::string failure(const Json& change) {
  std::string text = change.value("err", std::string());
  if (text.empty()) {
    return text;
  }
  const auto lines = service_output(change);
  if (!lines.empty()) {
    text += "\nlast output:";
  }
  for (const std::string& line : lines) {
    text += "\n    " + line;
  }
  return text;
}

/// Asks once. Returns nothing when the change has not ended yet.
std::optional<Json> ended_change(Transport& transport, const std::string& id,
                                 std::chrono::milliseconds patience) {
  const Request request =
      change_request(id, "/wait?timeout=" + std::to_string(patience.count()) + "ms");
  try {
    Json change = exchange(transport, request, patience + answer_timeout);
    const bool ready =
        shaped(request, change, [](const Json& json) { return json.at("ready").get<bool>(); });
    return ready ? std::optional(std::move(change)) : std::nullopt;
  } catch (const ApiError& error) {
    if (error.status() == 504) {
      return std::nullopt;
    }
    throw;
  }
}

std::string summary(Transport& transport, const std::string& id) {
  const Request request = change_request(id, "");
  return shaped(request, exchange(transport, request),
                [](const Json& change) { return change.value("summary", std::string()); });
}

}  // namespace

void wait_for_change(Transport& transport, const std::string& id,
                     std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  auto left = timeout;
  do {
    const auto change = ended_change(transport, id, std::clamp(left, {}, wait_step));
    if (change) {
      const auto text = shaped(change_request(id, ""), *change, failure);
      if (!text.empty()) {
        throw ChangeError(text);
      }
      return;
    }
    left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  } while (left.count() > 0);
  throw ChangeError("change " + id + " (" + summary(transport, id) + ") has not ended within " +
                    std::to_string(timeout.count()) + " ms");
}

}  // namespace charm::pebble
