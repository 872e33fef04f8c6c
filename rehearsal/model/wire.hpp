// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

/// The protocol of a hook tool and the model over the agent's socket: one request and one reply for
/// each connection. (Juju's own protocol between the two is internal and not imitated.)
namespace rehearsal::wire {

struct Request {
  std::string context_id;
  std::string tool;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> inputs;  ///< Content of requested files; `-` is stdin.

  bool operator==(const Request&) const = default;
};

struct Reply {
  int exit_code = 0;
  std::string out;
  std::string err;
  std::string out_path;                     ///< If set, `out` must be written to this path.
  std::optional<std::string> wanted_input;  ///< The call must be repeated with this file.

  bool operator==(const Reply&) const = default;
};

/// Returns false if the other side is gone.
bool send(int socket, const Request& request);
bool send(int socket, const Reply& reply);
/// Returns nothing if the other side is gone or its data cannot be read.
[[nodiscard]] std::optional<Request> receive_request(int socket);
[[nodiscard]] std::optional<Reply> receive_reply(int socket);

/// A unix socket that listens at, or is connected to, a path of any length. Returns -1 with errno
/// on failure.
[[nodiscard]] int listen_at(const std::filesystem::path& path);
[[nodiscard]] int connect_to(const std::filesystem::path& path);

}  // namespace rehearsal::wire

namespace rehearsal {

/// Answers hook tools at a unix socket during its lifetime, one call at a time, like Juju's agent.
class ToolServer {
 public:
  using Handler = std::function<wire::Reply(const wire::Request&)>;

  /// A thread of the server calls `handler`. `user` owns the socket. Throws std::runtime_error if
  /// the socket cannot be made.
  ToolServer(const std::filesystem::path& socket, uid_t user, Handler handler);

  ToolServer(const ToolServer&) = delete;
  ToolServer& operator=(const ToolServer&) = delete;
  /// Answers no more calls after this.
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
