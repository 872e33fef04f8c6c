// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/wire.hpp"

#include <filesystem>
#include <functional>
#include <thread>

#include <sys/types.h>

namespace rehearsal {

/// Answers hook tools at a unix socket while it lives, one call at a time, as Juju's agent does.
class ToolServer {
 public:
  using Handler = std::function<wire::Reply(const wire::Request&)>;

  /// `handler` is called on a thread of the server; the socket belongs to `user`. Throws
  /// std::runtime_error when it cannot be made.
  ToolServer(const std::filesystem::path& socket, uid_t user, Handler handler);

  ToolServer(const ToolServer&) = delete;
  ToolServer& operator=(const ToolServer&) = delete;
  /// No call is answered after this.
  ~ToolServer();

 private:
  void serve();

  std::filesystem::path path_;
  Handler handler_;
  int listener_ = -1;
  int wake_ = -1;
  std::thread thread_;
};

}  // namespace rehearsal
