// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rehearsal::promtail {

/// What one Loki has still to get of one file's lines. A Loki that does not answer holds up no
/// other.
class PushQueue {
 public:
  using Labels = std::map<std::string, std::string>;

  /// Throws std::invalid_argument when the URL is not `http://host[:port]/path`.
  PushQueue(const std::string& url, Labels labels);

  /// The time is nanoseconds since 1970, in decimal.
  void add(const std::string& time, const std::string& line);
  /// Sends what is there; it stays when Loki is not reached, busy or broken (429, 5xx).
  void flush();

 private:
  std::string host_;
  std::string path_;
  Labels labels_;
  std::vector<std::pair<std::string, std::string>> entries_;
};

}  // namespace rehearsal::promtail
