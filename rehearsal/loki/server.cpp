// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/server.hpp"

#include "rehearsal/loki/push.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace rehearsal::loki {
namespace {

using httplib::Request;
using httplib::Response;
using nlohmann::json;

constexpr const char* json_type = "application/json";
constexpr int bad_request = 400;
constexpr int unsupported_type = 415;
constexpr std::size_t usual_limit = 100;

void refuse(Response& response, int status, const std::string& reason) {
  response.status = status;
  response.set_content(reason + "\n", "text/plain");
}

std::size_t limit_of(const Request& request) {
  return request.has_param("limit") ? std::stoul(request.get_param_value("limit")) : usual_limit;
}

}  // namespace

Server::Server(const std::string& files) {
  http_.Post("/loki/api/v1/push",
             [this](const Request& request, Response& response) { push(request, response); });
  http_.Get("/loki/api/v1/query_range",
            [this](const Request& request, Response& response) { query(request, response); });
  http_.Get("/ready", [](const Request&, Response& response) {
    response.set_content("ready\n", "text/plain");
  });
  http_.Put("/rehearsal/answer",
            [this](const Request& request, Response& response) { set_answer(request, response); });
  http_.Get("/rehearsal/statistics",
            [this](const Request&, Response& response) { show_statistics(response); });
  std::filesystem::create_directories(files);
  http_.set_mount_point("/files", files);
}

bool Server::listen(int port) {
  return http_.listen("::", port) || http_.listen("0.0.0.0", port);
}

void Server::push(const Request& request, Response& response) {
  ++pushes_;
  if (answer_ != kept) {
    ++refused_;
    refuse(response, answer_, "told to answer so");
    return;
  }
  if (request.get_header_value("Content-Type").rfind(json_type, 0) != 0) {
    ++refused_;
    refuse(response, unsupported_type, "this receiver reads JSON only");
    return;
  }
  try {
    for (const Stream& stream : parse_push(request.body)) {
      store_.add(stream);
    }
    response.status = kept;
  } catch (const PushError& error) {
    ++refused_;
    refuse(response, bad_request, error.what());
  }
}

void Server::query(const Request& request, Response& response) const {
  try {
    const LogQuery wanted = parse_log_query(request.get_param_value("query"));
    response.set_content(query_answer(store_.select(wanted, limit_of(request))).dump(), json_type);
  } catch (const std::exception& error) {
    refuse(response, bad_request, error.what());
  }
}

void Server::set_answer(const Request& request, Response& response) {
  try {
    answer_ = std::stoi(request.body);
    response.status = kept;
  } catch (const std::exception&) {
    refuse(response, bad_request, "not a status");
  }
}

void Server::show_statistics(Response& response) const {
  const Statistics statistics = store_.statistics();
  const json answer = {{"lines", statistics.lines},
                       {"duplicates", statistics.duplicates},
                       {"pushes", pushes_.load()},
                       {"refused", refused_.load()}};
  response.set_content(answer.dump(), json_type);
}

}  // namespace rehearsal::loki
