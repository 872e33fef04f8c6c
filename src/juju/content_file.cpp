// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "content_file.hpp"

#include "charm/json/json_text.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include <unistd.h>

namespace charm::juju {

ContentFile::ContentFile(const Databag& content) : path_("/tmp/secret.XXXXXX") {
  const std::string text = json_text(nlohmann::json(content));  // JSON is YAML.
  const int file = mkstemp(path_.data());
  if (file < 0) {
    throw std::system_error(errno, std::generic_category(), path_);
  }
  const ssize_t written = write(file, text.data(), text.size());
  const int reason = errno;
  close(file);
  if (written != static_cast<ssize_t>(text.size())) {
    unlink(path_.c_str());
    throw std::system_error(written < 0 ? reason : ENOSPC, std::generic_category(), path_);
  }
}

ContentFile::~ContentFile() {
  unlink(path_.c_str());
}

}  // namespace charm::juju
