// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/http_client.hpp"

#include "rehearsal/pebble/tcp_dial.hpp"

#include <httplib.h>

#include <regex>

namespace rehearsal::pebble {
namespace {

constexpr const char* default_http_port = "80";
constexpr const char* default_https_port = "443";

struct Url {
  std::string origin;
  std::string host;
  std::string port;
  std::string target;
};

Url parse_url(const std::string& url) {
  const std::regex pattern(
      R"((https?)://(\[[0-9a-fA-F:.]+\]|[^/:?#\[\]]+)(:([0-9]+))?([/?][^#]*)?(#.*)?)");
  std::smatch match;
  if (!std::regex_match(url, match, pattern)) {
    throw HttpClientError("unsupported protocol scheme or malformed URL " + go_quoted(url), false);
  }
  const std::string host = match[2];
  const std::string port = match[4].matched           ? match[4].str()
                           : match[1].str() == "http" ? default_http_port
                                                      : default_https_port;
  const std::string target = match[5];
  return {match[1].str() + "://" + host + ":" + port,
          host.front() == '[' ? host.substr(1, host.size() - 2) : host, port,
          target.starts_with("/") ? target : "/" + target};
}

httplib::Headers to_headers(const TextMap& headers) {
  return {headers.begin(), headers.end()};
}

}  // namespace

struct HttpClient::Parts {
  Parts(std::string whole, Duration exchange_timeout)
      : url(std::move(whole)),
        parsed(parse_url(url)),
        timeout(exchange_timeout),
        client(parsed.origin) {
    client.set_connection_timeout(timeout);
    client.set_read_timeout(timeout);
    client.set_write_timeout(timeout);
  }

  HttpReply reply(const char* verb, const httplib::Result& result) const {
    if (result) {
      return {result->status, result->body};
    }
    const std::string prefix = std::string(verb) + " " + go_quoted(url) + ": ";
    if (result.error() != httplib::Error::Connection) {
      const bool slow = result.error() == httplib::Error::Read;
      throw HttpClientError(prefix + (slow ? "EOF" : httplib::to_string(result.error())), slow);
    }
    // The library does not say why it could not connect; asking once more does.
    try {
      dial_tcp(parsed.host, parsed.port, timeout);
    } catch (const DialError& error) {
      throw HttpClientError(prefix + error.what(), error.timed_out);
    }
    throw HttpClientError(prefix + "connection lost", false);
  }

  std::string url;
  Url parsed;
  Duration timeout;
  httplib::Client client;
};

HttpClient::HttpClient(const std::string& url, Duration timeout)
    : parts_(std::make_unique<Parts>(url, timeout)) {}

HttpClient::~HttpClient() = default;

HttpReply HttpClient::get(const TextMap& headers) {
  parts_->client.set_follow_location(true);
  return parts_->reply("Get", parts_->client.Get(parts_->parsed.target, to_headers(headers)));
}

HttpReply HttpClient::post(const TextMap& headers, const std::string& body,
                           const std::string& content_type) {
  parts_->client.set_keep_alive(true);
  return parts_->reply(
      "Post", parts_->client.Post(parts_->parsed.target, to_headers(headers), body, content_type));
}

}  // namespace rehearsal::pebble
