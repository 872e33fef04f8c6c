// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"

#include "deadline.hpp"
#include "location.hpp"
#include "proxy.hpp"

#include <httplib.h>

#include <csignal>
#include <memory>
#include <optional>

namespace charm::download {

namespace {

constexpr int status_ok = 200;

/// What one request gave.
struct Answer {
  int status = 0;
  std::string location;  ///< Of a redirect.
  std::string body;
};

bool is_redirect(int status) {
  constexpr int first = 300;
  constexpr int last = 399;
  return status >= first && status <= last;
}

std::unique_ptr<httplib::ClientImpl> client_for(const Location& location) {
  if (location.secure) {
    return std::make_unique<httplib::SSLClient>(location.host, location.port);
  }
  return std::make_unique<httplib::ClientImpl>(location.host, location.port);
}

void use_proxy(httplib::ClientImpl& client, const Location& location, const Databag& proxies) {
  const auto proxy = proxy_for(location, proxies);
  if (!proxy) {
    return;
  }
  client.set_proxy(proxy->host, proxy->port);
  if (!proxy->user.empty()) {
    client.set_proxy_basic_auth(proxy->user, proxy->password);
  }
}

/// One request, of whose answer no more is taken than is of use.
class Exchange {
 public:
  Exchange(const Location& location, const Databag& proxies, const Limits& limits,
           Deadline& deadline)
      : location_(&location),
        limits_(&limits),
        deadline_(&deadline),
        client_(client_for(location)) {
    client_->set_connection_timeout(std::min(limits.connecting, deadline.left()));
    client_->set_read_timeout(deadline.left());
    client_->set_write_timeout(deadline.left());
    client_->set_follow_location(false);
    client_->set_url_encode(false);
    client_->set_decompress(false);
    client_->set_socket_options([&deadline](socket_t socket) { deadline.watch(socket); });
    use_proxy(*client_, location, proxies);
  }

  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  ~Exchange() { deadline_->unwatch(); }

  Answer run() {
    const httplib::Result result = client_->Get(
        location_->target,
        [this](const httplib::Response& response) { return takes_head(response); },
        [this](const char* data, std::size_t size) { return takes_piece(data, size); });
    if (refusal_) {
      fail(*refusal_);
    }
    if (deadline_->passed()) {
      fail("it took too long");
    }
    const bool has_body = answer_.status == status_ok;
    if (!result && (has_body || answer_.status == 0)) {
      fail(httplib::to_string(result.error()));
    }
    return std::move(answer_);
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    throw DownloadError("from " + location_->host + ": " + reason);
  }

  bool takes_head(const httplib::Response& response) {
    answer_.status = response.status;
    answer_.location = response.get_header_value("Location");
    return answer_.status == status_ok;
  }

  bool takes_piece(const char* data, std::size_t size) {
    if (answer_.body.size() + size > limits_->archive) {
      refusal_ = "the file has more than " + std::to_string(limits_->archive) + " bytes";
    } else {
      answer_.body.append(data, size);
    }
    return !refusal_ && !deadline_->passed();
  }

  const Location* location_;
  const Limits* limits_;
  Deadline* deadline_;
  std::unique_ptr<httplib::ClientImpl> client_;
  Answer answer_;
  std::optional<std::string> refusal_;
};

Location follow(const Location& from, const Answer& answer) {
  const auto to = redirected(from, answer.location);
  if (!to) {
    throw DownloadError("from " + from.host + ": it redirects to something that is no address");
  }
  if (from.secure && !to->secure) {
    throw DownloadError("from " + from.host + ": it redirects from https to http");
  }
  return *to;
}

}  // namespace

std::string fetch_body(const std::string& url, const Databag& proxies, const Limits& limits) {
  // The library writes without MSG_NOSIGNAL: a server that hangs up would end us.
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
  auto location = parse_location(url);
  if (!location) {
    throw DownloadError("the address is no http or https URL");
  }
  Deadline deadline(limits.total);
  for (int hop = 0; hop <= limits.redirects; ++hop) {
    Answer answer = Exchange(*location, proxies, limits, deadline).run();
    if (answer.status == status_ok) {
      return std::move(answer.body);
    }
    if (!is_redirect(answer.status)) {
      throw DownloadError("from " + location->host + ": HTTP " + std::to_string(answer.status));
    }
    location = follow(*location, answer);
  }
  throw DownloadError("from " + location->host + ": more than " + std::to_string(limits.redirects) +
                      " redirects");
}

}  // namespace charm::download
