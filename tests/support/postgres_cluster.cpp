// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/postgres_cluster.hpp"

#include "tests/support/certificate_authority.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/free_port.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <unistd.h>

namespace test {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

/// Client authentication: the superuser over the socket, everyone else by password.
constexpr const char* socket_rules =
    "local all postgres trust\n"
    "local all all scram-sha-256\n"
    "host all postgres all reject\n";

int version_of(const fs::path& installation) {
  return std::atoi(installation.filename().c_str());  // NOLINT(cert-err34-c): 0 is "not a version"
}

/// The programs of the newest PostgreSQL installed, as Debian and Ubuntu lay them out.
fs::path server_programs() {
  fs::path newest;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql")) {
    const bool usable = fs::exists(entry.path() / "bin/initdb");
    if (usable && (newest.empty() || version_of(entry.path()) > version_of(newest))) {
      newest = entry.path();
    }
  }
  if (newest.empty()) {
    throw std::runtime_error("no PostgreSQL server in /usr/lib/postgresql (package postgresql)");
  }
  return newest / "bin";
}

void must_run(const Command& command) {
  const CommandResult result = run(command);
  if (result.status != 0) {
    throw std::runtime_error(command.arguments.front() + ": " + result.error + result.output);
  }
}

/// Changes the owner of files to the server's user, because root must not run the server.
void give_to_postgres(const fs::path& root) {
  if (geteuid() != 0) {
    return;
  }
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) {
    throw std::runtime_error("no user postgres (package postgresql)");
  }
  const auto give = [user](const fs::path& path) {
    if (lchown(path.c_str(), user->pw_uid, user->pw_gid) != 0) {
      throw std::runtime_error("cannot give " + path.string() + " to postgres");
    }
  };
  give(root);
  if (fs::is_directory(root)) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      give(entry.path());
    }
  }
}

class FileLock {
 public:
  explicit FileLock(const fs::path& path)
      : number_(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600)) {
    if (number_ < 0 || flock(number_, LOCK_EX) != 0) {
      throw std::runtime_error("cannot lock " + path.string());
    }
  }

  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  ~FileLock() { close(number_); }

 private:
  int number_;
};

std::string quoted(const std::string& text, char quote) {
  std::string result(1, quote);
  for (const char letter : text) {
    if (letter == quote) {
      result += quote;
    }
    result += letter;
  }
  return result + quote;
}

}  // namespace

PostgresCluster::PostgresCluster() : files_("pg"), port_(free_port()) {
  initialise();
  constexpr int attempts = 4;
  for (int attempt = 1;; ++attempt) {
    try {
      start();
      return;
    } catch (const std::runtime_error&) {
      // Another test may have taken the port in the meantime.
      if (attempt == attempts) {
        throw;
      }
      port_ = free_port();
    }
  }
}

PostgresCluster::~PostgresCluster() {
  if (server_) {
    // "Immediate", because its data is no longer needed.
    server_->signal(SIGQUIT);
    server_->wait(std::chrono::seconds(5));
  }
}

void PostgresCluster::initialise() {
  const fs::path programs = server_programs();
  // initdb takes over a second, so the build folder keeps its result for copies.
  const fs::path kept =
      fs::path(BUILD_DIR) / ("postgres_template-" + programs.parent_path().filename().string());
  fs::permissions(files_.path(), fs::perms(0755));
  give_to_postgres(files_.path());
  {
    const FileLock lock(kept.string() + ".lock");
    if (!fs::exists(kept)) {
      must_run({.arguments = {programs / "initdb", "-N", "-U", "postgres", "-A", "trust",
                              "--wal-segsize=1", "--locale=C.UTF-8", "-D", data()},
                .user = "postgres"});
      fs::remove_all(kept.string() + ".new");
      fs::copy(data(), kept.string() + ".new", fs::copy_options::recursive);
      fs::rename(kept.string() + ".new", kept);
    } else {
      fs::copy(kept, data(), fs::copy_options::recursive);
    }
  }
  std::ofstream(data() / "pg_hba.conf") << socket_rules << "host all all all scram-sha-256\n";
  configure("listen_addresses = '127.0.0.1'\nunix_socket_directories = '" +
            socket_directory().string() +
            "'\nunix_socket_permissions = 0700\npassword_encryption = 'scram-sha-256'\n"
            "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_wal_size = 64MB\n"
            "shared_buffers = 16MB\n");
  give_to_postgres(data());
  fs::permissions(data(), fs::perms(0700));
}

void PostgresCluster::start() {
  using namespace std::chrono_literals;
  server_ = std::make_unique<ChildProcess>(
      Command{
          .arguments = {server_programs() / "postgres", "-D", data(), "-p", std::to_string(port_)},
          .user = "postgres"},
      files_.path() / "log");
  const auto end = steady_clock::now() + 30s;
  while (!ready()) {
    if (!server_->running() || steady_clock::now() > end) {
      server_.reset();
      throw std::runtime_error("PostgreSQL does not start: " + log());
    }
    std::this_thread::sleep_for(5ms);
  }
}

void PostgresCluster::stop() {
  if (!server_) {
    return;
  }
  server_->signal(SIGINT);
  if (!server_->wait(std::chrono::seconds(30))) {
    throw std::runtime_error("PostgreSQL does not stop: " + log());
  }
  server_.reset();
}

/// The postmaster writes its state to the eighth line of postmaster.pid, which pg_ctl reads as
/// well.
bool PostgresCluster::ready() const {
  std::ifstream file(data() / "postmaster.pid");
  std::string line;
  std::string pid;
  for (int number = 1; number <= 8 && std::getline(file, line); ++number) {
    if (number == 1) {
      pid = line;
    }
  }
  return pid == std::to_string(server_->pid()) && line.starts_with("ready");
}

void PostgresCluster::reload() const {
  const std::string query = "SELECT pg_conf_load_time()";
  const std::string before = psql(query);
  server_->signal(SIGHUP);
  // The server handles the signal with a delay; a new session shows the result.
  const auto end = steady_clock::now() + std::chrono::seconds(30);
  while (psql(query) == before) {
    if (steady_clock::now() > end) {
      throw std::runtime_error("PostgreSQL does not reload: " + log());
    }
  }
}

void PostgresCluster::make_tls(const std::vector<std::string>& names) {
  if (!fs::exists(ca_certificate())) {
    make_authority(files_.path(), "ca");
    // It has the same name, so only the key differs.
    make_authority(files_.path(), "wrong-ca");
  }
  make_server_certificate(files_.path(), names);
  for (const char* name : {"server.crt", "server.key"}) {
    fs::copy_file(files_.path() / name, data() / name, fs::copy_options::overwrite_existing);
    fs::permissions(data() / name, fs::perms(0600));
    give_to_postgres(data() / name);
  }
  configure("ssl = on\n");
  reload();
}

void PostgresCluster::require_tls() {
  std::ofstream(data() / "pg_hba.conf") << socket_rules << "hostssl all all all scram-sha-256\n";
  reload();
}

void PostgresCluster::configure(const std::string& lines) {
  std::ofstream(data() / "postgresql.conf", std::ios::app) << lines;
}

void PostgresCluster::create_role(const std::string& name, const std::string& password) {
  psql("CREATE ROLE " + quoted(name, '"') + " LOGIN PASSWORD " + quoted(password, '\''));
}

void PostgresCluster::create_database(const std::string& name, const std::string& owner) {
  psql("CREATE DATABASE " + quoted(name, '"') + " OWNER " + quoted(owner, '"'));
}

std::string PostgresCluster::psql(const std::string& sql, const std::string& database) const {
  // On standard input, because a statement may contain a password.
  CommandResult result =
      run({.arguments = {server_programs() / "psql", "-X", "-q", "-A", "-t", "-v",
                         "ON_ERROR_STOP=1", "-h", socket_directory(), "-p", std::to_string(port_),
                         "-U", "postgres", "-d", database},
           .input = sql + "\n;\n"});
  if (result.status != 0) {
    throw std::runtime_error("psql: " + result.error);
  }
  if (result.output.ends_with('\n')) {
    result.output.pop_back();
  }
  return result.output;
}

std::string PostgresCluster::log() const {
  return file_text(files_.path() / "log");
}

}  // namespace test
