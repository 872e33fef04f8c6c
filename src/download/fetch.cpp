// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/deadline.hpp"
#include "charm/domain/digest.hpp"
#include "charm/download/download.hpp"
#include "charm/socket/alarm.hpp"
#include "location.hpp"

#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <csignal>
#include <memory>
#include <optional>
#include <vector>

#include <zlib.h>

namespace charm::download {
namespace {

constexpr int status_ok = 200;

/// The answer to one request.
struct Answer {
  int status = 0;
  std::string location;  ///< The target of a redirect.
  std::string body;
};

bool is_redirect(int status) {
  constexpr int first = 300;
  constexpr int last = 399;
  return status >= first && status <= last;
}

void add_to(X509_STORE* store, const std::string& certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(
      BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())), BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> one(
      PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), X509_free);
  if (!one || X509_STORE_add_cert(store, one.get()) != 1) {
    throw DownloadError("a received certificate cannot be used");
  }
}

/// The library adds the system's certificates when it connects.
std::unique_ptr<httplib::ClientImpl> client_for(const Location& location,
                                                const Certificates& certificates) {
  if (!location.secure) {
    return std::make_unique<httplib::ClientImpl>(location.host, location.port);
  }
  auto client = std::make_unique<httplib::SSLClient>(location.host, location.port);
  X509_STORE* store = SSL_CTX_get_cert_store(client->ssl_context());
  for (const std::string& certificate : certificates) {
    add_to(store, certificate);
  }
  return client;
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

/// The time limits of one download. The alarm also ends a read that waits.
class Pace {
 public:
  explicit Pace(const Limits& limits)
      : limits_(&limits), end_(limits.total), alarm_(std::min(limits.unhurried, limits.total)) {}

  /// A download that has had so many bytes continues until it would be too slow.
  void received(std::size_t bytes) {
    constexpr std::size_t least_bytes_per_second = 64UL << 10U;
    const std::chrono::milliseconds earned(bytes * 1000 / least_bytes_per_second);
    const auto used = limits_->total - end_.left(limits_->total);
    if (earned > limits_->unhurried) {
      alarm_.set(std::min(earned - used, end_.left(limits_->total)));
    }
  }

  socket::Alarm& alarm() { return alarm_; }

 private:
  const Limits* limits_;
  Deadline end_;
  socket::Alarm alarm_;
};

/// One request. It reads no more of the answer than the caller needs.
class Exchange {
 public:
  Exchange(const Location& location, const Egress& egress, const Limits& limits, Pace& pace)
      : location_(&location),
        limits_(&limits),
        pace_(&pace),
        client_(client_for(location, egress.certificates)) {
    client_->set_connection_timeout(std::min(limits.connecting, pace.alarm().left()));
    client_->set_read_timeout(limits.total);
    client_->set_write_timeout(limits.total);
    client_->set_follow_location(false);
    client_->set_url_encode(false);
    client_->set_decompress(false);
    client_->set_socket_options([&pace](socket_t socket) { pace.alarm().watch(socket); });
    use_proxy(*client_, location, egress.proxies);
  }

  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  ~Exchange() { pace_->alarm().unwatch(); }

  Answer run() {
    const httplib::Result result = client_->Get(
        location_->target,
        [this](const httplib::Response& response) { return accepts_head(response); },
        [this](const char* data, std::size_t size) { return accepts_piece(data, size); });
    if (refusal_) {
      fail(*refusal_);
    }
    if (pace_->alarm().passed()) {
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

  bool accepts_head(const httplib::Response& response) {
    answer_.status = response.status;
    answer_.location = response.get_header_value("Location");
    return answer_.status == status_ok;
  }

  bool accepts_piece(const char* data, std::size_t size) {
    if (answer_.body.size() + size > limits_->archive) {
      refusal_ = "the file has more than " + std::to_string(limits_->archive) + " bytes";
    } else {
      answer_.body.append(data, size);
      pace_->received(answer_.body.size());
    }
    return !refusal_ && !pace_->alarm().passed();
  }

  const Location* location_;
  const Limits* limits_;
  Pace* pace_;
  std::unique_ptr<httplib::ClientImpl> client_;
  Answer answer_;
  std::optional<std::string> refusal_;
};

Location follow(const Location& from, const Answer& answer) {
  const auto to = redirected(from, answer.location);
  if (!to) {
    throw DownloadError("from " + from.host + ": it redirects to an address that is not valid");
  }
  if (from.secure && !to->secure) {
    throw DownloadError("from " + from.host + ": it redirects from https to http");
  }
  return *to;
}

/// Returns the body at an http or https URL. Follows redirects, but not from https to http. Throws
/// DownloadError, whose text quotes neither query nor credentials.
std::string fetch_body(const std::string& url, const Egress& egress, const Limits& limits) {
  // The library writes without MSG_NOSIGNAL: a server that hangs up would kill this process.
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
  auto location = parse_location(url);
  if (!location) {
    throw DownloadError("the address is not an http or https URL");
  }
  Pace pace(limits);
  for (int hop = 0; hop <= limits.redirects; ++hop) {
    Answer answer = Exchange(*location, egress, limits, pace).run();
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

constexpr std::size_t piece_size = 1UL << 18U;

/// zlib's inflate with a gzip header.
class Inflation {
 public:
  explicit Inflation(const std::string& archive) {
    constexpr int gzip_only = 16;
    if (inflateInit2(&stream_, MAX_WBITS + gzip_only) != Z_OK) {
      throw DownloadError("there is no memory to unpack the downloaded file");
    }
    // zlib does not write here.
    stream_.next_in = const_cast<Bytef*>(  // NOLINT(cppcoreguidelines-pro-type-const-cast)
        reinterpret_cast<const Bytef*>(archive.data()));  // NOLINT(*-reinterpret-cast)
    stream_.avail_in = static_cast<uInt>(archive.size());
  }

  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;

  ~Inflation() { inflateEnd(&stream_); }

  /// Appends the next piece; false at the end.
  bool append_to(std::string& content) {
    stream_.next_out = piece_.data();
    stream_.avail_out = static_cast<uInt>(piece_.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END) {
      throw DownloadError("the downloaded file is not a whole gzip file");
    }
    content.append(piece_.begin(), piece_.end() - static_cast<std::ptrdiff_t>(stream_.avail_out));
    return result == Z_OK;
  }

  [[nodiscard]] bool has_rest() const { return stream_.avail_in != 0; }

 private:
  z_stream stream_{};
  std::vector<Bytef> piece_ = std::vector<Bytef>(piece_size);
};

/// Unpacks a gzip file (RFC 1952) of one member, and ignores its name and comment. Throws
/// DownloadError for any other data, and as soon as there are more than `limit` bytes.
std::string gunzip(const std::string& archive, std::size_t limit) {
  Inflation inflation(archive);
  std::string content;
  while (inflation.append_to(content)) {
    if (content.size() > limit) {
      break;
    }
  }
  if (content.size() > limit) {
    throw DownloadError("the downloaded file unpacks to more than " + std::to_string(limit) +
                        " bytes");
  }
  if (inflation.has_rest()) {
    throw DownloadError("the downloaded file is not one gzip file");
  }
  return content;
}

void check(const std::string& content, const std::string& digest, const std::string& what) {
  if (sha256(content) != digest) {
    throw DownloadError("the SHA-256 of the " + what + " is not the declared one");
  }
}

}  // namespace

std::string fetch(const Download& download, const Egress& egress, const Limits& limits) {
  const std::string archive = fetch_body(download.url, egress, limits);
  check(archive, download.archive_sha256, "downloaded file");
  std::string content = gunzip(archive, limits.content);
  check(content, download.content_sha256, "unpacked program");
  return content;
}

std::string fetch(const Checksum& file, const Egress& egress, const Limits& limits) {
  std::string content = fetch_body(file.name, egress, limits);
  check(content, file.sha256, "downloaded file");
  const bool is_gzip = content.starts_with("\x1F\x8B");
  return is_gzip ? gunzip(content, limits.content) : content;
}

}  // namespace charm::download
