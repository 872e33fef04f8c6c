// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "connection_string.hpp"

namespace charm::postgres {
namespace {

void append(std::string& text, const char* keyword, const std::string& value) {
  text += text.empty() ? "" : " ";
  text += keyword;
  text += "='";
  for (const char byte : value) {
    if (byte == '\'' || byte == '\\') {
      text += '\\';
    }
    text += byte;
  }
  text += '\'';
}

}  // namespace

std::string connection_string(const Target& target, const std::string& ca_file,
                              int timeout_seconds) {
  const std::string seconds = std::to_string(timeout_seconds);
  std::string text;
  append(text, "host", target.host);
  append(text, "port", std::to_string(target.port));
  append(text, "dbname", target.database);
  append(text, "user", target.user);  // Without it libpq asks the operating system for a name.
  append(text, "password", target.password);
  append(text, "sslmode", target.ssl_mode);
  if (!ca_file.empty()) {
    append(text, "sslrootcert", ca_file);
  }
  append(text, "gssencmode", "disable");
  append(text, "connect_timeout", seconds);
  append(text, "tcp_user_timeout", seconds + "000");
  append(text, "application_name", "hockeypuck-k8s");
  return text;
}

}  // namespace charm::postgres
