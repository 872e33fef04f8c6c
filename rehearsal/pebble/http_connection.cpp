// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/http_connection.hpp"

#include "rehearsal/pebble/agent_log.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

namespace rehearsal::pebble {
namespace {

constexpr std::size_t longest_line = 1UL << 20;
constexpr std::size_t largest_body = 1UL << 30;
/// Longer answers are sent in chunks, as Go's HTTP server does.
constexpr std::size_t largest_plain_body = 2048;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char character) {
    return static_cast<char>(std::tolower(character));
  });
  return text;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? ""
                                    : text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string date() {
  const std::time_t time = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text.data();
}

std::string chunk(std::string_view piece) {
  std::array<char, 32> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", piece.size());
  return size.data() + std::string(piece) + "\r\n";
}

std::size_t parse_size(const std::string& text, int base) {
  std::size_t used = 0;
  std::size_t size = 0;
  try {
    size = std::stoul(text, &used, base);
  } catch (const std::exception&) {
    used = 0;
  }
  return used == 0 || size > largest_body ? largest_body + 1 : size;
}

}  // namespace

HttpConnection::HttpConnection(FileHandle socket, std::optional<uid_t> peer,
                               const std::atomic<bool>& stopping)
    : socket_(std::move(socket)), peer_(peer), stopping_(stopping) {}

void HttpConnection::serve(const HttpHandler& handler) {
  while (keep_alive_ && !broken_ && serve_one(handler)) {
  }
}

bool HttpConnection::serve_one(const HttpHandler& handler) {
  try {
    std::optional<HttpRequest> request = read_head();
    if (!request) {
      return false;
    }
    read_body(*request);
    request->peer = peer_;
    respond(*request, handler(*request, *this));
    return true;
  } catch (const Fault& fault) {
    respond_fault(fault);
    return false;
  } catch (const std::exception& error) {
    // An answer that broke off is told to its reader by the end of the connection.
    note(std::string("Cannot finish an answer: ") + error.what());
    return false;
  }
}

bool HttpConnection::fill() {
  std::array<char, 65536> bytes{};
  ssize_t count = 0;
  do {
    count = recv(socket_.get(), bytes.data(), bytes.size(), 0);
  } while (count < 0 && errno == EINTR);
  if (count > 0) {
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return count > 0;
}

std::string HttpConnection::read_line() {
  std::size_t end = buffer_.find('\n');
  while (end == std::string::npos) {
    if (buffer_.size() > longest_line || !fill()) {
      throw Fault{""};
    }
    end = buffer_.find('\n');
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  if (line.ends_with('\r')) {
    line.pop_back();
  }
  return line;
}

std::string HttpConnection::read_bytes(std::size_t count) {
  while (buffer_.size() < count) {
    if (!fill()) {
      throw Fault{""};
    }
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return bytes;
}

std::optional<HttpRequest> HttpConnection::read_head() {
  if (buffer_.empty() && !fill()) {
    return std::nullopt;
  }
  const std::string line = read_line();
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string::npos || first == last || !line.substr(last).starts_with(" HTTP/1.")) {
    throw Fault{""};
  }
  HttpRequest request;
  request.method = line.substr(0, first);
  set_target(request, std::string_view(line).substr(first + 1, last - first - 1));
  for (std::string field = read_line(); !field.empty(); field = read_line()) {
    const std::size_t colon = field.find(':');
    if (colon == std::string::npos) {
      throw Fault{""};
    }
    request.headers[lower(field.substr(0, colon))] = trimmed(field.substr(colon + 1));
  }
  old_protocol_ = line.ends_with("HTTP/1.0");
  const std::string connection = lower(request.header("connection"));
  keep_alive_ = old_protocol_ ? connection == "keep-alive" : connection != "close";
  if (!old_protocol_ && !request.headers.contains("host")) {
    throw Fault{": missing required Host header"};
  }
  if (request.header("host").find('/') != std::string::npos) {
    throw Fault{": malformed Host header"};
  }
  return request;
}

void HttpConnection::read_body(HttpRequest& request) {
  if (lower(request.header("expect")) == "100-continue") {
    send_all("HTTP/1.1 100 Continue\r\n\r\n");
  }
  if (lower(request.header("transfer-encoding")) == "chunked") {
    read_chunks(request);
  } else if (request.headers.contains("content-length")) {
    const std::size_t size = parse_size(request.header("content-length"), 10);
    if (size > largest_body) {
      throw Fault{""};
    }
    request.body = read_bytes(size);
  }
}

void HttpConnection::read_chunks(HttpRequest& request) {
  while (true) {
    const std::size_t size = parse_size(read_line(), 16);
    if (size > largest_body || request.body.size() + size > largest_body) {
      throw Fault{""};
    }
    if (size == 0) {
      break;
    }
    request.body += read_bytes(size);
    read_line();
  }
  while (!read_line().empty()) {
  }
}

void HttpConnection::respond(const HttpRequest& request, const HttpResponse& response) {
  const bool in_chunks =
      !old_protocol_ && (response.stream != nullptr || response.body.size() > largest_plain_body);
  // Without chunks the end of a body of unknown size is the end of the connection.
  keep_alive_ = keep_alive_ && (in_chunks || !response.stream) && !stopping_;
  std::string head =
      "HTTP/1.1 " + std::to_string(response.status) + " " + reason_phrase(response.status) + "\r\n";
  for (const auto& [name, value] : response.headers) {
    head += name + ": " + value + "\r\n";
  }
  head += "Date: " + date() + "\r\n";
  if (in_chunks) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (!response.stream) {
    head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  head += keep_alive_ ? "\r\n" : "Connection: close\r\n\r\n";
  if (request.method == "HEAD") {
    send_all(head);
    return;
  }
  if (response.stream) {
    send_all(head);
    response.stream(*this);
  } else {
    send_all(head + (in_chunks ? chunk(response.body) : response.body));
  }
  if (in_chunks) {
    send_all("0\r\n\r\n");
  }
}

void HttpConnection::respond_fault(const Fault& fault) {
  const std::string text = "400 Bad Request" + fault.reason;
  send_all(
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Connection: close\r\n\r\n" +
      text);
}

bool HttpConnection::write(std::string_view piece) {
  return piece.empty() || send_all(old_protocol_ ? std::string(piece) : chunk(piece));
}

bool HttpConnection::is_closed() const {
  pollfd file{socket_.get(), POLLRDHUP, 0};
  return stopping_ || broken_ || (poll(&file, 1, 0) > 0 && file.revents != 0);
}

bool HttpConnection::send_all(std::string_view bytes) {
  while (!bytes.empty() && !broken_) {
    const ssize_t count = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else {
      broken_ = errno != EINTR;
    }
  }
  return !broken_;
}

}  // namespace rehearsal::pebble
