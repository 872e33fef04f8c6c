// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/wire.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace rehearsal::wire {
namespace {

using Fields = std::vector<std::string>;

constexpr std::uint32_t largest_message = 128U * 1024U * 1024U;

void append_number(std::string& bytes, std::size_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>(number >> shift & 0xffU);
  }
}

bool send_all(int socket, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t size = ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size <= 0) {
      return false;
    }
    sent += static_cast<std::size_t>(size);
  }
  return true;
}

bool receive_all(int socket, char* bytes, std::size_t wanted) {
  std::size_t received = 0;
  while (received < wanted) {
    const ssize_t size = ::recv(socket, bytes + received, wanted - received, 0);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size <= 0) {
      return false;
    }
    received += static_cast<std::size_t>(size);
  }
  return true;
}

std::optional<std::uint32_t> receive_number(int socket) {
  std::array<char, 4> bytes{};
  if (!receive_all(socket, bytes.data(), bytes.size())) {
    return std::nullopt;
  }
  std::uint32_t number = 0;
  for (std::size_t index = bytes.size(); index > 0; --index) {
    number = number << 8U | static_cast<unsigned char>(bytes[index - 1]);
  }
  return number > largest_message ? std::nullopt : std::optional(number);
}

bool send_fields(int socket, const Fields& fields) {
  std::string bytes;
  append_number(bytes, fields.size());
  for (const std::string& field : fields) {
    append_number(bytes, field.size());
    bytes += field;
  }
  return send_all(socket, bytes);
}

std::optional<Fields> receive_fields(int socket) {
  const auto count = receive_number(socket);
  if (!count) {
    return std::nullopt;
  }
  Fields fields;
  for (std::uint32_t index = 0; index < *count; ++index) {
    const auto size = receive_number(socket);
    if (!size) {
      return std::nullopt;
    }
    fields.emplace_back(*size, '\0');
    if (!receive_all(socket, fields.back().data(), *size)) {
      return std::nullopt;
    }
  }
  return fields;
}

/// Names the socket through its directory, because sun_path holds only 107 characters.
sockaddr_un address_in(int directory, const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name =
      "/proc/self/fd/" + std::to_string(directory) + "/" + path.filename().string();
  std::strncpy(address.sun_path, name.c_str(), sizeof address.sun_path - 1);
  return address;
}

using SocketCall = int (*)(int, const sockaddr*, socklen_t);

int open_socket(const std::filesystem::path& path, SocketCall call) {
  const int directory = open(path.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return -1;
  }
  const sockaddr_un address = address_in(directory, path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor >= 0 &&
      call(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int reason = errno;
    close(descriptor);
    descriptor = -1;
    errno = reason;
  }
  const int reason = errno;
  close(directory);
  errno = reason;
  return descriptor;
}

}  // namespace

bool send(int socket, const Request& request) {
  Fields fields{request.context_id, request.tool, std::to_string(request.arguments.size())};
  fields.insert(fields.end(), request.arguments.begin(), request.arguments.end());
  for (const auto& [path, content] : request.inputs) {
    fields.push_back(path);
    fields.push_back(content);
  }
  return send_fields(socket, fields);
}

bool send(int socket, const Reply& reply) {
  Fields fields{std::to_string(reply.exit_code), reply.out, reply.err, reply.out_path};
  if (reply.wanted_input) {
    fields.push_back(*reply.wanted_input);
  }
  return send_fields(socket, fields);
}

std::optional<Request> receive_request(int socket) {
  const auto fields = receive_fields(socket);
  if (!fields || fields->size() < 3) {
    return std::nullopt;
  }
  Request request{(*fields)[0], (*fields)[1], {}, {}};
  const auto count = static_cast<std::size_t>(std::strtoul((*fields)[2].c_str(), nullptr, 10));
  if (count > fields->size() - 3 || (fields->size() - 3 - count) % 2 != 0) {
    return std::nullopt;
  }
  const auto arguments = fields->begin() + 3;
  request.arguments.assign(arguments, arguments + static_cast<std::ptrdiff_t>(count));
  for (std::size_t index = 3 + count; index < fields->size(); index += 2) {
    request.inputs[(*fields)[index]] = (*fields)[index + 1];
  }
  return request;
}

std::optional<Reply> receive_reply(int socket) {
  const auto fields = receive_fields(socket);
  if (!fields || fields->size() < 4) {
    return std::nullopt;
  }
  Reply reply{static_cast<int>(std::strtol((*fields)[0].c_str(), nullptr, 10)),
              (*fields)[1],
              (*fields)[2],
              (*fields)[3],
              {}};
  if (fields->size() > 4) {
    reply.wanted_input = (*fields)[4];
  }
  return reply;
}

int listen_at(const std::filesystem::path& path) {
  unlink(path.c_str());
  const int descriptor = open_socket(path, ::bind);
  if (descriptor >= 0 && listen(descriptor, SOMAXCONN) != 0) {
    close(descriptor);
    return -1;
  }
  return descriptor;
}

int connect_to(const std::filesystem::path& path) {
  return open_socket(path, ::connect);
}

}  // namespace rehearsal::wire

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
