// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/push_queue.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <stdexcept>

namespace rehearsal::promtail {
namespace {

using nlohmann::json;

constexpr const char* scheme = "http://";
constexpr int bad_request = 400;
constexpr int too_many_requests = 429;
constexpr int server_errors = 500;

}  // namespace

PushQueue::PushQueue(const std::string& url, Labels labels) : labels_(std::move(labels)) {
  const std::size_t start = std::string(scheme).size();
  const std::size_t slash = url.find('/', start);
  if (url.rfind(scheme, 0) != 0 || slash == std::string::npos) {
    throw std::invalid_argument("no http URL: " + url);
  }
  host_ = url.substr(0, slash);
  path_ = url.substr(slash);
}

void PushQueue::add(const std::string& time, const std::string& line) {
  entries_.emplace_back(time, line);
}

void PushQueue::flush() {
  if (entries_.empty()) {
    return;
  }
  json values = json::array();
  for (const auto& [time, line] : entries_) {
    values.push_back(json::array({time, line}));
  }
  const json body = {
      {"streams", json::array({{{"stream", labels_}, {"values", std::move(values)}}})}};
  httplib::Client client(host_);
  client.set_connection_timeout(2);
  client.set_read_timeout(2);
  const auto result = client.Post(path_, body.dump(-1, ' ', false, json::error_handler_t::replace),
                                  "application/json");
  if (!result || result->status == too_many_requests || result->status >= server_errors) {
    return;
  }
  if (result->status >= bad_request) {
    std::cerr << host_ << " refused " << entries_.size() << " lines: " << result->body << '\n';
  }
  entries_.clear();
}

}  // namespace rehearsal::promtail
