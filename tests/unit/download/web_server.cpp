// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "web_server.hpp"

#include <vector>

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

test::SocketServer::Talk pausing(const std::string& body, std::size_t first,
                                 std::chrono::milliseconds pause) {
  return [=](int connection) {
    static_cast<void>(test::received(connection));
    test::send_text(connection,
                    "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                        "\r\n\r\n" + body.substr(0, first));
    std::this_thread::sleep_for(pause);
    test::send_text(connection, body.substr(first));
  };
}

}  // namespace charm::download
