// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/support/temporary_directory.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace contract {

/// The programs that must satisfy the contract.
enum class Program {
  /// rehearsal-hockeypuck of this build
  rehearsal,
  /// `hockeypuck` on PATH
  hockeypuck,
};

/// "Rehearsal" or "Hockeypuck", which GoogleTest uses in the names of cases.
void PrintTo(Program program, std::ostream* out);

/// The path of the program; nothing if it does not exist.
std::optional<std::filesystem::path> path_of(Program program);

struct Answer {
  int status = 0;
  std::string body = {};
  /// By lower-case name.
  std::map<std::string, std::string> headers = {};
};

using Form = std::vector<std::pair<std::string, std::string>>;

/// Text in the form of a query parameter.
std::string url_encoded(const std::string& text);

/// The contents of a hockeypuck.conf. Sections are lists of
/// `key = value` lines by their name below `hockeypuck`.
struct Settings {
  std::map<std::string, std::map<std::string, std::string>> sections = {};
  /// Appended to the file unchanged.
  std::string more = {};

  std::string text() const;
};

/// A TOML string.
std::string quoted(const std::string& text);

/// A value of a DSN, in quotes.
std::string dsn_quoted(const std::string& text);

/// One keyserver under test. Not started by the constructor.
class Keyserver {
 public:
  /// Makes settings for the cluster, and the role if it does not exist.
  Keyserver(Program program, test::PostgresCluster& cluster);

  /// The next start() reads these.
  Settings settings;
  /// `NAME=value` for the next start().
  std::vector<std::string> environment;

  /// Starts it, and waits until it answers. Throws std::runtime_error with its log if it ends
  /// instead.
  void start();
  /// The exit code of a server that fails to start.
  int exit_code_of_start();
  /// Sends the signal and returns the exit code.
  int stop(int number);
  /// Sends a signal that does not end the server.
  void signal(int number);

  /// Runs the tool of this name ("pbuild", "load") that belongs to the program, with the same
  /// settings and these arguments.
  test::CommandResult run_tool(const std::string& name,
                               const std::vector<std::string>& arguments = {}) const;

  Answer get(const std::string& target) const;
  Answer post(const std::string& path, const Form& form) const;
  Answer post(const std::string& path, const std::string& body,
              const std::string& content_type) const;
  /// The answer of the metrics port.
  Answer metrics() const;
  bool accepts_recon() const;
  /// The size of its prefix tree, from its statistics.
  std::int64_t total() const;

  std::uint16_t port() const { return port_; }

  std::uint16_t recon_port() const { return recon_port_; }

  std::uint16_t metrics_port() const { return metrics_port_; }

  const std::filesystem::path& folder() const { return files_.path(); }

  /// The folder of its prefix tree, unless a test sets a different folder.
  std::filesystem::path tree() const { return files_.path() / "data/ptree"; }

  std::string log() const;

  static constexpr const char* role = "hkp_owner";
  static constexpr const char* password = "correct horse";
  static constexpr const char* database = "postgres";

 private:
  std::filesystem::path write_settings() const;
  void spawn();

  Program program_;
  test::TemporaryDirectory files_;
  std::uint16_t port_;
  std::uint16_t recon_port_;
  std::uint16_t metrics_port_;
  std::chrono::steady_clock::time_point answering_since_;
  std::unique_ptr<test::ChildProcess> process_;
};

}  // namespace contract
