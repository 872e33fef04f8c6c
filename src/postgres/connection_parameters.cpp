// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "connection_parameters.hpp"

#include "charm/postgres/key_database.hpp"
#include "connection_string.hpp"

#include <algorithm>

#include <sys/mman.h>
#include <unistd.h>

namespace charm::postgres {
namespace {

/// libpq would read the connection string up to the NUL only.
void refuse_nul(const Target& target) {
  for (const std::string* text :
       {&target.host, &target.database, &target.user, &target.password, &target.ssl_mode}) {
    if (text->find('\0') != std::string::npos) {
      throw DatabaseError(Outcome::refused, "the connection's parameters have a NUL byte");
    }
  }
}

/// Makes a file without a name; -1 when that fails.
int unnamed_file(const std::string& text) {
  const int file = ::memfd_create("ca", MFD_CLOEXEC);
  if (file >= 0 && ::write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    ::close(file);
    return -1;
  }
  return file;
}

int authority_file(const Target& target) {
  if (target.ca.empty()) {
    throw DatabaseError(Outcome::untrusted, "there is no certificate authority to trust");
  }
  const int file = unnamed_file(target.ca);
  if (file < 0) {
    throw DatabaseError(Outcome::unreachable, "the certificate authority cannot be kept in memory");
  }
  return file;
}

}  // namespace

ConnectionParameters::ConnectionParameters(const Target& target, int timeout_seconds) {
  refuse_nul(target);
  std::string ca_file;
  if (target.ssl_mode == "verify-full") {
    authority_ = authority_file(target);
    ca_file = "/proc/self/fd/" + std::to_string(authority_);
  }
  text_ = connection_string(target, ca_file, std::max(timeout_seconds, 2));
}

ConnectionParameters::~ConnectionParameters() {
  if (authority_ >= 0) {
    ::close(authority_);
  }
}

}  // namespace charm::postgres
