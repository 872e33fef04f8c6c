// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/client.hpp"

#include "charm/domain/text.hpp"
#include "charm/json/json_text.hpp"
#include "charm/pebble/plan.hpp"
#include "exchange.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;

/// How long Pebble holds one wait request. The timeout of the connection is longer.
constexpr std::chrono::milliseconds wait_step = std::chrono::seconds(4);
/// Left for the answer that a change has not ended.
constexpr std::chrono::milliseconds time_to_answer(500);

Request change_request(const std::string& id, const std::string& rest) {
  return {.method = "GET", .target = "/v1/changes/" + percent_encoded(id) + rest};
}

/// Appends the service output in the log of a failed task, newest 10 lines.
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

/// Returns the first reason in `cannot perform the following tasks:\n- Task (reason)\n- …`.
std::string first_reason(const std::string& text) {
  const std::size_t begin = text.find(" (");
  const std::size_t end = std::min(text.find(")\n"), text.rfind(')'));
  return begin == std::string::npos ? text : text.substr(begin + 2, end - begin - 2);
}

/// Returns why the change failed, or nothing if it did not.
std::optional<ChangeError> failure(const Json& change) {
  const std::string reason = change.value("err", std::string());
  if (reason.empty()) {
    return std::nullopt;
  }
  const auto lines = service_output(change);
  std::string text = reason + (lines.empty() ? "" : "\nlast output:");
  std::vector<LogEntry> entries;
  for (const std::string& line : lines) {
    text += "\n    " + line;
    entries.push_back({.time = {}, .message = line});
  }
  const std::string last = last_output(entries);
  return ChangeError(text, last.empty() ? first_reason(reason) : last);
}

/// Asks once. Returns nothing if the change has not ended yet.
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

/// Names a change for an error: `start hockeypuck`.
std::string name_of(const Json& request) {
  std::string name = request.at("action");
  for (const Json& service : request.value("services", Json::array())) {
    name += " " + service.get<std::string>();
  }
  return name;
}

/// Waits until a change succeeds. If it fails, throws ChangeError with Pebble's reason and the
/// services' last output. If it does not end in time, the error has its name. That is OutOfTime if
/// the dispatch ends before Pebble's own limit of 30 seconds.
void wait_for_change(Transport& transport, const std::string& id, const std::string& name,
                     const Deadline& end) {
  constexpr std::chrono::milliseconds longest = std::chrono::seconds(30);
  const std::chrono::milliseconds available = end.left(longest);
  const Deadline patience(available - time_to_answer);
  do {
    // Pebble waits without a limit for a timeout of 0.
    const auto step = std::max(patience.left(wait_step), std::chrono::milliseconds(1));
    if (const auto change = ended_change(transport, id, step)) {
      if (const auto error = shaped(change_request(id, ""), *change, failure)) {
        throw ChangeError(*error);
      }
      return;
    }
  } while (!patience.passed());
  const std::string text = name + " has not ended in time (change " + id + ")";
  if (available < longest) {
    throw OutOfTime(text);
  }
  throw ChangeError(text, text);
}

Request get(std::string target) {
  return {.method = "GET", .target = std::move(target)};
}

/// Reads a member of each object of a list, by the object's name.
std::map<std::string, std::string> by_name(const Request& request, const Json& json,
                                           const char* member) {
  return shaped(request, json, [member](const Json& list) {
    std::map<std::string, std::string> values;
    for (const Json& object : list) {
      values[object.at("name")] = object.at(member);
    }
    return values;
  });
}

LogEntry log_entry(const Json& json) {
  return {.time = json.at("time"), .message = json.at("message")};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ",") + percent_encoded(name);
  }
  return text;
}

}  // namespace

Client::Client(Transport& transport, const Deadline& end) : transport_(&transport), end_(&end) {}

std::string Client::version() const {
  const Request request = get("/v1/system-info");
  return shaped(request, exchange(*transport_, request),
                [](const Json& json) { return json.at("version").get<std::string>(); });
}

std::string Client::plan() const {
  const Request request = get("/v1/plan?format=yaml");
  return shaped(request, exchange(*transport_, request),
                [](const Json& json) { return json.get<std::string>(); });
}

void Client::add_layer(std::string_view label, const Layer& layer) const {
  const Request request = json_request("/v1/layers", {{"action", "add"},
                                                      {"combine", true},
                                                      {"label", label},
                                                      {"format", "yaml"},
                                                      {"layer", layer_text(layer)}});
  static_cast<void>(exchange(*transport_, request));
}

std::map<std::string, std::string> Client::services() const {
  const Request request = get("/v1/services");
  return by_name(request, exchange(*transport_, request), "current");
}

std::string Client::service_state(std::string_view name) const {
  const auto states = services();
  const auto state = states.find(std::string(name));
  return state == states.end() ? std::string() : state->second;
}

void Client::start(const std::vector<std::string>& names) const {
  change_services("start", names);
}

void Client::stop(const std::vector<std::string>& names) const {
  change_services("stop", names);
}

void Client::replan() const {
  // Pebble refuses a list of names here, even an empty one.
  change({{"action", "replan"}});
}

void Client::send_signal(std::string_view name, std::string_view service) const {
  const Request request =
      json_request("/v1/signals", {{"signal", name}, {"services", Json::array({service})}});
  static_cast<void>(exchange(*transport_, request));
}

void Client::change_services(std::string_view action, const std::vector<std::string>& names) const {
  if (!names.empty()) {
    change({{"action", action}, {"services", names}});
  }
}

void Client::change(const Json& body) const {
  const Request request = json_request("/v1/services", body);
  const Json answer = envelope(request, transport_->send(request, answer_timeout));
  const auto id = shaped(request, answer,
                         [](const Json& json) { return json.at("change").get<std::string>(); });
  wait_for_change(*transport_, id, name_of(body), *end_);
}

std::map<std::string, std::string> Client::checks() const {
  const Request request = get("/v1/checks");
  return by_name(request, exchange(*transport_, request), "status");
}

std::vector<LogEntry> Client::logs(const std::vector<std::string>& services, int lines) const {
  const Request request = get("/v1/logs?n=" + std::to_string(lines) +
                              (services.empty() ? std::string() : "&services=" + joined(services)));
  const Response response = transport_->send(request, answer_timeout);
  if (response.status != 200) {
    static_cast<void>(envelope(request, response));
  }
  std::vector<LogEntry> entries;
  std::istringstream text(response.body);
  for (std::string line; std::getline(text, line);) {
    entries.push_back(shaped(request, parse_json(line).value_or(Json()), log_entry));
  }
  return entries;
}

/// A Go program that crashes prints its error followed by the call stack. The stack has the name of
/// each function, and its source line below it after a tab.
std::string last_output(const std::vector<LogEntry>& entries) {
  std::string words;
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto next = std::next(entry);
    const bool is_function = next != entries.end() && next->message.starts_with('\t');
    const bool is_stack =
        is_function || entry->message.starts_with('\t') || entry->message.starts_with("goroutine ");
    words = is_stack || entry->message.empty() ? words : entry->message;
  }
  return words;
}

}  // namespace charm::pebble
