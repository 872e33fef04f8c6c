// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/log_store.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

namespace rehearsal::loki {
namespace {

using httplib::Request;
using httplib::Response;

constexpr const char* json_type = "application/json";
constexpr int kept = 204;
constexpr int bad_request = 400;
constexpr int unsupported_type = 415;
constexpr std::size_t usual_limit = 100;

void refuse(Response& response, int status, const std::string& reason) {
  response.status = status;
  response.set_content(reason + "\n", "text/plain");
}

/// The pushed logs, and the status with which pushes are answered.
struct Receiver {
  LogStore store;
  std::atomic<int> answer = kept;
};

void push(Receiver& receiver, const Request& request, Response& response) {
  if (receiver.answer != kept) {
    refuse(response, receiver.answer, "set by PUT /rehearsal/answer");
    return;
  }
  if (request.get_header_value("Content-Type").rfind(json_type, 0) != 0) {
    refuse(response, unsupported_type, "only JSON is supported");
    return;
  }
  try {
    for (const Stream& stream : parse_push(request.body)) {
      receiver.store.add(stream);
    }
    response.status = kept;
  } catch (const PushError& error) {
    refuse(response, bad_request, error.what());
  }
}

void query(const Receiver& receiver, const Request& request, Response& response) {
  try {
    const LogQuery wanted = parse_log_query(request.get_param_value("query"));
    const std::size_t limit =
        request.has_param("limit") ? std::stoul(request.get_param_value("limit")) : usual_limit;
    response.set_content(query_answer(receiver.store.select(wanted, limit)).dump(), json_type);
  } catch (const std::exception& error) {
    refuse(response, bad_request, error.what());
  }
}

void set_answer(Receiver& receiver, const Request& request, Response& response) {
  try {
    receiver.answer = std::stoi(request.body);
    response.status = kept;
  } catch (const std::exception&) {
    refuse(response, bad_request, "not a status");
  }
}

/// Serves until the process ends:
///
/// | request | answer |
/// |---|---|
/// | `POST /loki/api/v1/push` | 204, or 400 with the reason; 415 for any type other than JSON |
/// | `GET /loki/api/v1/query_range?query=…&limit=…` | the stored logs; only for a log query |
/// | `GET /ready` | `ready` |
/// | `PUT /rehearsal/answer` | 204; later pushes get the status in the body, 204 stores them again
/// | | `GET /files/…` | the files of a folder |
///
/// Returns false if the port is in use.
bool serve(int port, const std::string& files) {
  Receiver receiver;
  httplib::Server http;
  http.Post("/loki/api/v1/push",
            [&](const Request& request, Response& response) { push(receiver, request, response); });
  http.Get("/loki/api/v1/query_range",
           [&](const Request& request, Response& response) { query(receiver, request, response); });
  http.Get("/ready", [](const Request&, Response& response) {
    response.set_content("ready\n", "text/plain");
  });
  http.Put("/rehearsal/answer", [&](const Request& request, Response& response) {
    set_answer(receiver, request, response);
  });
  std::filesystem::create_directories(files);
  http.set_mount_point("/files", files);
  return http.listen("::", port) || http.listen("0.0.0.0", port);
}

int usage() {
  std::cerr << "usage: rehearsal-loki PORT FOLDER\n"
               "Stores the logs that it receives, and serves the files of FOLDER.\n";
  return 2;
}

}  // namespace
}  // namespace rehearsal::loki

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
  if (argc != 3) {
    return rehearsal::loki::usage();
  }
  const std::string_view text = argv[1];
  int port = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc{}) {
    return rehearsal::loki::usage();
  }
  try {
    std::cout << "listening on port " << port << std::endl;
    return rehearsal::loki::serve(port, argv[2]) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
