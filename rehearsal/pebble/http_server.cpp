// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/http_server.hpp"

#include "rehearsal/pebble/go_text.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace rehearsal::pebble {
namespace {

constexpr int backlog = 128;
constexpr int accept_poll_milliseconds = 100;
constexpr std::chrono::milliseconds answer_grace{1000};

[[noreturn]] void cannot_listen(const std::string& where, int error) {
  throw std::runtime_error("when trying to listen on " + where + ": bind: " + errno_text(error));
}

FileHandle new_socket(int family) {
  return FileHandle(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/// The kernel's address structures are all passed as the same type.
const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

std::optional<uid_t> peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return std::nullopt;
  }
  return credentials.uid;
}

}  // namespace

HttpServer::~HttpServer() {
  stop();
}

void HttpServer::listen_on(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path) {
    cannot_listen(path, EINVAL);
  }
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (const FileHandle other = new_socket(AF_UNIX);
      connect(other.get(), generic(address), sizeof address) == 0) {
    throw std::runtime_error("when trying to listen on " + path.string() + ": socket " +
                             go_quoted(path.string()) + " already in use");
  }
  std::filesystem::remove(path);
  FileHandle listener = new_socket(AF_UNIX);
  if (bind(listener.get(), generic(address), sizeof address) != 0 ||
      chmod(path.c_str(), 0666) != 0 || listen(listener.get(), backlog) != 0) {
    cannot_listen(path, errno);
  }
  accept_from(std::move(listener), true);
}

void HttpServer::listen_on_tcp(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  const std::string host = colon == std::string::npos ? "" : address.substr(0, colon);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (colon == std::string::npos ||
      getaddrinfo(host.empty() ? nullptr : host.c_str(), address.substr(colon + 1).c_str(), &hints,
                  &found) != 0) {
    throw std::runtime_error("cannot listen on " + go_quoted(address) + ": invalid address");
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
  FileHandle listener = new_socket(found->ai_family);
  const int yes = 1;
  setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      listen(listener.get(), backlog) != 0) {
    throw std::runtime_error("cannot listen on " + go_quoted(address) + ": " + errno_text(errno));
  }
  accept_from(std::move(listener), false);
}

void HttpServer::accept_from(FileHandle listener, bool local) {
  const int descriptor = listeners_.emplace_back(std::move(listener)).get();
  acceptors_.emplace_back([this, descriptor, local] { accept_loop(descriptor, local); });
}

void HttpServer::accept_loop(int listener, bool local) {
  while (!stopping_) {
    pollfd file{listener, POLLIN, 0};
    if (poll(&file, 1, accept_poll_milliseconds) <= 0) {
      continue;
    }
    FileHandle socket(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    if (socket.is_open()) {
      serve(std::move(socket), local);
    }
  }
}

void HttpServer::serve(FileHandle socket, bool local) {
  join_finished();
  const std::scoped_lock held(connections_mutex_);
  Connection& connection = connections_.emplace_back();
  // The list keeps a duplicate, so that the number stays valid for the shutdown at the end.
  connection.descriptor = fcntl(socket.get(), F_DUPFD_CLOEXEC, 0);
  auto shared = std::make_shared<FileHandle>(std::move(socket));
  connection.thread = std::thread([this, shared, local, &connection] {
    const std::optional<uid_t> peer = local ? peer_of(shared->get()) : std::nullopt;
    HttpConnection(std::move(*shared), peer, stopping_).serve(handler_);
    shutdown(connection.descriptor, SHUT_RDWR);
    connection.over = true;
  });
}

void HttpServer::join_finished() {
  const std::scoped_lock held(connections_mutex_);
  for (auto connection = connections_.begin(); connection != connections_.end();) {
    if (connection->over) {
      connection->thread.join();
      close(connection->descriptor);
      connection = connections_.erase(connection);
    } else {
      ++connection;
    }
  }
}

void HttpServer::stop() {
  stopping_ = true;
  for (std::thread& acceptor : acceptors_) {
    acceptor.join();
  }
  acceptors_.clear();
  listeners_.clear();
  const std::scoped_lock held(connections_mutex_);
  // No more requests; answers under way may be finished, if their readers are quick.
  for (const Connection& connection : connections_) {
    shutdown(connection.descriptor, SHUT_RD);
  }
  const auto deadline = std::chrono::steady_clock::now() + answer_grace;
  for (Connection& connection : connections_) {
    while (!connection.over && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    shutdown(connection.descriptor, SHUT_RDWR);
    connection.thread.join();
    close(connection.descriptor);
  }
  connections_.clear();
}

}  // namespace rehearsal::pebble
