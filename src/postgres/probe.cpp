// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/postgres/probe.hpp"

#include "connection_string.hpp"
#include "failure.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <exception>

#include <sys/mman.h>
#include <unistd.h>

namespace charm::postgres {
namespace {

/// A text as a file that only this process can open, and that is gone with it.
class PrivateFile {
 public:
  explicit PrivateFile(const std::string& text)
      : descriptor_(::memfd_create("ca", MFD_CLOEXEC)),
        whole_(descriptor_ >= 0 && ::write(descriptor_, text.data(), text.size()) ==
                                       static_cast<ssize_t>(text.size())) {}

  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;

  ~PrivateFile() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }

  /// Empty when the file could not be made.
  std::string path() const {
    return whole_ ? "/proc/self/fd/" + std::to_string(descriptor_) : std::string();
  }

 private:
  int descriptor_;
  bool whole_;
};

/// Asks an open connection whether it may write.
ProbeResult asked(pqxx::connection& connection) {
  pqxx::nontransaction session(connection);
  const pqxx::result rows = session.exec(
      "SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only'), "
      "current_setting('server_version')");
  const bool standby = rows[0][0].as<bool>();
  const bool read_only = rows[0][1].as<std::string>() == "on";
  std::string version = rows[0][2].as<std::string>();
  version.erase(std::min(version.find(' '), version.size()));
  if (standby || read_only) {
    return {Outcome::read_only,
            standby ? "the server is a standby" : "the database takes no writes", version};
  }
  return {Outcome::ready, {}, version};
}

ProbeResult connected(const Target& target, const std::string& ca_file, int timeout_seconds) {
  try {
    pqxx::connection connection(connection_string(target, ca_file, timeout_seconds));
    return asked(connection);
  } catch (const pqxx::broken_connection& fault) {
    return {connection_outcome(fault.what()), one_line(fault.what(), target.password), {}};
  } catch (const pqxx::sql_error& fault) {
    return {query_outcome(fault.sqlstate()), one_line(fault.what(), target.password), {}};
  } catch (const std::exception& fault) {
    return {Outcome::unreachable, one_line(fault.what(), target.password), {}};
  }
}

bool has_nul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

}  // namespace

ProbeResult probe(const Target& target, int timeout_seconds) {
  // libpq would read the connection string up to the NUL only.
  if (has_nul(target.host) || has_nul(target.database) || has_nul(target.user) ||
      has_nul(target.password) || has_nul(target.ssl_mode)) {
    return {Outcome::refused, "the connection's parameters have a NUL byte", {}};
  }
  const int seconds = std::max(timeout_seconds, 2);
  if (target.ssl_mode != "verify-full") {
    return connected(target, {}, seconds);
  }
  if (target.ca.empty()) {
    return {Outcome::untrusted, "there is no certificate authority to trust", {}};
  }
  const PrivateFile ca(target.ca);
  if (ca.path().empty()) {
    return {Outcome::unreachable, "the certificate authority cannot be kept in memory", {}};
  }
  return connected(target, ca.path(), seconds);
}

}  // namespace charm::postgres
