// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/tool_server.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

namespace rehearsal {
namespace {

constexpr time_t longest_silence_seconds = 10;

void answer(int connection, const ToolServer::Handler& handler) {
  const timeval limit{.tv_sec = longest_silence_seconds, .tv_usec = 0};
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (const auto request = wire::receive_request(connection)) {
    wire::send(connection, handler(*request));
  }
}

}  // namespace

ToolServer::ToolServer(const std::filesystem::path& socket, uid_t user, Handler handler)
    : path_(socket), handler_(std::move(handler)), listener_(wire::listen_at(path_)) {
  if (listener_ < 0) {
    throw std::runtime_error("cannot listen at " + path_.string() + ": " + std::strerror(errno));
  }
  wake_ = eventfd(0, EFD_CLOEXEC);
  const bool owned = geteuid() != 0 || chown(path_.c_str(), user, user) == 0;
  if (wake_ < 0 || !owned || chmod(path_.c_str(), 0700) != 0) {
    const std::string reason = std::strerror(errno);
    close(listener_);
    throw std::runtime_error("cannot set up " + path_.string() + ": " + reason);
  }
  thread_ = std::thread([this] { serve(); });
}

ToolServer::~ToolServer() {
  const std::uint64_t one = 1;
  static_cast<void>(!write(wake_, &one, sizeof one));
  thread_.join();
  close(listener_);
  close(wake_);
  unlink(path_.c_str());
}

void ToolServer::serve() {
  std::array<pollfd, 2> events{
      pollfd{.fd = listener_, .events = POLLIN, .revents = 0},
      pollfd{.fd = wake_, .events = POLLIN, .revents = 0},
  };
  while (true) {
    if (poll(events.data(), events.size(), -1) < 0 && errno != EINTR) {
      return;
    }
    if (events[1].revents != 0) {
      return;
    }
    if ((events[0].revents & POLLIN) == 0) {
      continue;
    }
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) {
      answer(connection, handler_);
      close(connection);
    }
  }
}

}  // namespace rehearsal
