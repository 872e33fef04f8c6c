// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/loki/log_store.hpp"

#include <httplib.h>

#include <atomic>
#include <string>

namespace rehearsal::loki {

/// The HTTP side of the receiver:
///
/// | request | answer |
/// |---|---|
/// | `POST /loki/api/v1/push` | 204, or 400 with the reason; JSON only, else 415 |
/// | `GET /loki/api/v1/query_range?query=…&limit=…` | what was kept; a log query, no metric query |
/// | `GET /ready` | `ready` |
/// | `PUT /rehearsal/answer` | from now on pushes are answered with the status in the body and not
/// kept; 204 mends it | | `GET /rehearsal/statistics` | `lines`, `duplicates`, `pushes`, `refused`
/// | | `GET /files/…` | the files of a folder |
class Server {
 public:
  /// `files` need not exist.
  explicit Server(const std::string& files);

  /// Serves until the process ends. False when the port is not to be had.
  bool listen(int port);

 private:
  void push(const httplib::Request& request, httplib::Response& response);
  void query(const httplib::Request& request, httplib::Response& response) const;
  void set_answer(const httplib::Request& request, httplib::Response& response);
  void show_statistics(httplib::Response& response) const;

  static constexpr int kept = 204;

  LogStore store_;
  std::atomic<int> answer_ = kept;
  std::atomic<int> pushes_ = 0;
  std::atomic<int> refused_ = 0;
  httplib::Server http_;
};

}  // namespace rehearsal::loki
