// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_pebble.hpp"

#include "tests/support/fake_pebble_answers.hpp"

#include <algorithm>

namespace test {
namespace {

using charm::pebble::ConnectionError;
using charm::pebble::Request;
using charm::pebble::Response;
using Json = nlohmann::json;

Response json_response(int status, const Json& body) {
  return {.status = status, .body = body.dump(), .content_type = "application/json"};
}

Response sync_response(int status, const Json& result) {
  return json_response(
      status, {{"type", "sync"}, {"status-code", status}, {"status", "OK"}, {"result", result}});
}

Response error_response(const PebbleRefusal& refusal) {
  Json result = {{"message", refusal.message}};
  if (!refusal.kind.empty()) {
    result["kind"] = refusal.kind;
  }
  return json_response(refusal.status, {{"type", "error"},
                                        {"status-code", refusal.status},
                                        {"status", "Error"},
                                        {"result", result}});
}

char decoded_byte(const std::string& text, std::size_t at) {
  return static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
}

std::string decoded(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      plain += decoded_byte(text, i + 1);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

std::vector<std::string> query_values(const std::string& target, const std::string& name) {
  std::vector<std::string> values;
  auto start = target.find('?');
  while (start != std::string::npos) {
    const auto end = target.find('&', start + 1);
    const std::string pair = target.substr(start + 1, end - start - 1);
    if (pair.starts_with(name + "=")) {
      values.push_back(decoded(pair.substr(name.size() + 1)));
    }
    start = end;
  }
  return values;
}

std::string query_value(const std::string& target, const std::string& name) {
  const auto values = query_values(target, name);
  return values.empty() ? std::string() : values.front();
}

FakePebble::FakePebble() : state_(std::make_unique<State>()) {}

FakePebble::~FakePebble() = default;

Response FakePebble::send(const Request& request, std::chrono::milliseconds /*timeout*/) {
  if (down) {
    throw ConnectionError(request.method + " " + request.target + ": connection refused");
  }
  const std::string path = request.target.substr(0, request.target.find('?'));
  try {
    if (request.method == "GET" && path == "/v1/files" &&
        query_value(request.target, "action") == "read") {
      return read_files(request.target);
    }
    if (request.method == "GET" && path == "/v1/logs") {
      return {
          .status = 200, .body = log_lines(request.target), .content_type = "application/x-ndjson"};
    }
    if (request.method == "POST" && path == "/v1/services") {
      const Json change = change_services(Json::parse(request.body));
      return json_response(202, {{"type", "async"},
                                 {"status-code", 202},
                                 {"status", "Accepted"},
                                 {"change", change.at("id")},
                                 {"result", nullptr}});
    }
    const Json result = route(request, path);
    const bool unhealthy = path == "/v1/health" && !result.at("healthy").get<bool>();
    return sync_response(unhealthy ? 502 : 200, result);
  } catch (const PebbleRefusal& refusal) {
    return error_response(refusal);
  }
}

Json FakePebble::route(const Request& request, const std::string& path) {
  if (request.method == "POST") {
    return post(request, path);
  }
  if (path == "/v1/system-info") {
    return {{"boot-id", "b"}, {"version", version}};
  }
  if (path == "/v1/files") {
    return list_files(query_value(request.target, "path"),
                      request.target.find("itself=true") != std::string::npos);
  }
  if (path == "/v1/plan") {
    return yaml_text(plan());
  }
  if (path == "/v1/services") {
    return service_list();
  }
  if (path == "/v1/checks") {
    return check_list();
  }
  if (path == "/v1/health") {
    return health(request.target);
  }
  if (path.starts_with("/v1/changes/")) {
    return change(path);
  }
  throw PebbleRefusal{404, "invalid API endpoint requested"};
}

Json FakePebble::post(const Request& request, const std::string& path) {
  if (path == "/v1/files" && request.content_type.starts_with("multipart/form-data")) {
    posts.emplace_back("/v1/files write");
    return write_files(request);
  }
  const Json body = Json::parse(request.body);
  posts.push_back(path + " " + body.value("action", ""));
  if (path == "/v1/layers") {
    return add_layer(body);
  }
  if (path == "/v1/signals") {
    return send_signal(body);
  }
  if (path == "/v1/files") {
    return change_files(body);
  }
  throw PebbleRefusal{404, "invalid API endpoint requested"};
}

void FakePebble::restart_container() {
  *state_ = State{};
  const auto is_lost = [](const auto& entry) { return !entry.first.starts_with(storage); };
  std::erase_if(files, is_lost);
  std::erase_if(directories, is_lost);
  logs.clear();
}

Json FakePebble::check_list() const {
  Json list = Json::array();
  const Json checks = plan().value("checks", Json::object());
  for (const auto& [name, check] : checks.items()) {
    const auto known = check_status.find(name);
    const std::string status = known == check_status.end() ? "up" : known->second;
    const int threshold = check.at("threshold");
    Json item = {
        {"name", name}, {"startup", "enabled"}, {"status", status}, {"threshold", threshold}};
    if (check.contains("level")) {
      item["level"] = check.at("level");
    }
    if (status == "down") {
      item["failures"] = threshold;
    }
    list.push_back(std::move(item));
  }
  return list;
}

Json FakePebble::health(const std::string& target) const {
  const std::string level = query_value(target, "level");
  const Json list = check_list();
  const bool down_check = std::any_of(list.begin(), list.end(), [&level](const Json& check) {
    const std::string own = check.value("level", "");
    const bool counts = level.empty() || own == level || (level == "ready" && own == "alive");
    return counts && check.at("status") == "down";
  });
  return {{"healthy", !down_check}};
}

std::string FakePebble::log_lines(const std::string& target) const {
  const std::string names = query_value(target, "services");
  const std::string wanted = "," + names + ",";
  std::vector<std::string> lines;
  for (const auto& [time, service, message] : logs) {
    if (names.empty() || wanted.find("," + service + ",") != std::string::npos) {
      lines.push_back(Json({{"time", time}, {"service", service}, {"message", message}}).dump() +
                      "\n");
    }
  }
  const auto most = static_cast<std::size_t>(std::stoul(query_value(target, "n")));
  std::string text;
  for (std::size_t i = lines.size() - std::min(most, lines.size()); i < lines.size(); ++i) {
    text += lines[i];
  }
  return text;
}

}  // namespace test
