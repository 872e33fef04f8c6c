// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "web_server.hpp"

#include <chrono>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

namespace charm::download {

std::string gzipped(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY);
  std::vector<Bytef> input(content.begin(), content.end());
  std::vector<Bytef> output(deflateBound(&stream, content.size()));
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = output.data();
  stream.avail_out = static_cast<uInt>(output.size());
  deflate(&stream, Z_FINISH);
  const std::string packed(output.begin(), output.begin() + static_cast<long>(stream.total_out));
  deflateEnd(&stream);
  return packed;
}

std::string gzipped_zeros(std::size_t count) {
  return gzipped(std::string(count, '\0'));
}

WebServer::~WebServer() {
  routes.stop();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void WebServer::serve(const std::string& path, const std::string& body) {
  routes.Get(path, [body](const httplib::Request&, httplib::Response& response) {
    response.set_content(body, "application/gzip");
  });
}

void WebServer::redirect(const std::string& path, const std::string& to) {
  routes.Get(path, [to](const httplib::Request&, httplib::Response& response) {
    response.set_redirect(to);
  });
}

void WebServer::start() {
  port_ = routes.bind_to_any_port("127.0.0.1");
  thread_ = std::thread([this] { routes.listen_after_bind(); });
  while (!routes.is_running()) {
    std::this_thread::yield();
  }
}

std::string WebServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

DrippingServer::DrippingServer(std::string answer)
    : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  ::bind(socket_, general, size);
  ::listen(socket_, 1);
  ::getsockname(socket_, general, &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { drip(); });
}

DrippingServer::~DrippingServer() {
  ::shutdown(socket_, SHUT_RDWR);
  thread_.join();
  ::close(socket_);
}

void DrippingServer::drip() const {
  const int connection = ::accept(socket_, nullptr, nullptr);
  for (const char byte : answer_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (::send(connection, &byte, 1, MSG_NOSIGNAL) != 1) {
      break;
    }
  }
  ::close(connection);
}

}  // namespace charm::download
