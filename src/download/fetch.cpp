// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"
#include "charm/domain/digest.hpp"
#include "charm/download/download.hpp"
#include "gunzip.hpp"

namespace charm::download {

namespace {

void check(const std::string& content, const std::string& digest, const std::string& what) {
  if (sha256(content) != digest) {
    throw DownloadError("the SHA-256 of the " + what + " is not the declared one");
  }
}

}  // namespace

std::string fetch(const Download& download, const Databag& proxies, const Limits& limits) {
  const std::string archive = fetch_body(download.url, proxies, limits);
  check(archive, download.archive_sha256, "downloaded file");
  std::string content = gunzip(archive, limits.content);
  check(content, download.content_sha256, "unpacked program");
  return content;
}

std::string fetch(const Checksum& file, const Databag& proxies, const Limits& limits) {
  std::string content = fetch_body(file.name, proxies, limits);
  check(content, file.sha256, "downloaded file");
  const bool is_gzip = content.starts_with("\x1F\x8B");
  return is_gzip ? gunzip(content, limits.content) : content;
}

}  // namespace charm::download
