// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "gunzip.hpp"

#include "charm/download/download.hpp"

#include <vector>

#include <zlib.h>

namespace charm::download {

namespace {

constexpr std::size_t piece_size = 1UL << 18U;

/// zlib's inflate with a gzip header.
class Inflation {
 public:
  explicit Inflation(const std::string& archive) {
    constexpr int gzip_only = 16;
    if (inflateInit2(&stream_, MAX_WBITS + gzip_only) != Z_OK) {
      throw DownloadError("there is no memory to unpack the downloaded file");
    }
    // zlib reads only.
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

}  // namespace

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

}  // namespace charm::download
