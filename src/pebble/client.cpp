// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/client.hpp"

#include "change.hpp"
#include "exchange.hpp"

#include <sstream>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;

Request get(std::string target) {
  return {.method = "GET", .target = std::move(target)};
}

/// Reads a list whose elements are one kind of object.
template <typename Item>
std::vector<Item> items(const Request& request, const Json& json, Item (*read)(const Json&)) {
  return shaped(request, json, [read](const Json& list) {
    std::vector<Item> values;
    for (const Json& element : list) {
      values.push_back(read(element));
    }
    return values;
  });
}

ServiceInfo service_info(const Json& json) {
  return {.name = json.at("name"), .startup = json.at("startup"), .current = json.at("current")};
}

CheckInfo check_info(const Json& json) {
  return {.name = json.at("name"),
          .level = json.value("level", std::string()),
          .status = json.at("status"),
          .failures = json.value("failures", 0),
          .threshold = json.value("threshold", 0)};
}

LogEntry log_entry(const Json& json) {
  return {.time = json.at("time"), .service = json.at("service"), .message = json.at("message")};
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ",") + percent_encoded(name);
  }
  return text;
}

}  // namespace

Client::Client(Transport& transport) : transport_(&transport) {}

std::string Client::version() const {
  const Request request = get("/v1/system-info");
  return shaped(request, exchange(*transport_, request),
                [](const Json& json) { return json.at("version").get<std::string>(); });
}

bool Client::healthy(std::string_view level) const {
  // Unhealthy is HTTP 502 with an envelope of type `sync`.
  const Request request = get("/v1/health?level=" + percent_encoded(level));
  return shaped(request, exchange(*transport_, request),
                [](const Json& json) { return json.at("healthy").get<bool>(); });
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

std::vector<ServiceInfo> Client::services() const {
  const Request request = get("/v1/services");
  return items(request, exchange(*transport_, request), service_info);
}

std::string Client::service_state(std::string_view name) const {
  for (const ServiceInfo& service : services()) {
    if (service.name == name) {
      return service.current;
    }
  }
  return {};
}

void Client::start(const std::vector<std::string>& names) const {
  change_services("start", names);
}

void Client::stop(const std::vector<std::string>& names) const {
  change_services("stop", names);
}

void Client::restart(const std::vector<std::string>& names) const {
  change_services("restart", names);
}

void Client::replan() const {
  // Pebble refuses names here, even none.
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
  wait_for_change(*transport_, id, change_timeout_);
}

std::vector<CheckInfo> Client::checks() const {
  const Request request = get("/v1/checks");
  return items(request, exchange(*transport_, request), check_info);
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
    entries.push_back(shaped(request, Json::parse(line, nullptr, false), log_entry));
  }
  return entries;
}

}  // namespace charm::pebble
