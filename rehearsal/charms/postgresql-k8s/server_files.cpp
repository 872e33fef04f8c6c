// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "server_files.hpp"

#include "backups.hpp"
#include "charm/domain/error.hpp"

#include <filesystem>

#include <pwd.h>

namespace postgresql {
namespace {

constexpr const char* configuration_directory = "/var/lib/postgresql/conf";

/// PostgreSQL's words for how a file in its configuration is quoted need no escapes here: no value
/// comes from outside but host names.
std::string configuration(const ServerSettings& settings) {
  const std::string directory = configuration_directory;
  return "listen_addresses = '*'\n"
         "port = 5432\n"
         "unix_socket_directories = ''\n"
         "hba_file = '" +
         directory +
         "/pg_hba.conf'\n"
         "password_encryption = 'scram-sha-256'\n"
         "ssl = " +
         (settings.tls ? "on" : "off") +
         "\n"
         "ssl_cert_file = '" +
         certificate_file +
         "'\n"
         "ssl_key_file = '" +
         key_file +
         "'\n"
         "shared_buffers = '32MB'\n"
         "max_connections = 60\n"
         "# A rehearsal's data need not survive the machine.\n"
         "fsync = off\n"
         "full_page_writes = off\n"
         "synchronous_commit = off\n"
         "wal_level = 'replica'\n"
         "max_wal_senders = 5\n"
         "wal_keep_size = '64MB'\n"
         "hot_standby = on\n"
         "primary_conninfo = 'host=" +
         settings.primary_host +
         " port=5432 user=replication sslmode=prefer passfile=" + directory +
         "/pgpass'\n"
         "wal_retrieve_retry_interval = '500ms'\n"
         "log_min_messages = 'warning'\n"
         "log_timezone = 'UTC'\n"
         "timezone = 'UTC'\n";
}

/// With TLS nothing else is let in.
std::string host_rules(const ServerSettings& settings) {
  const std::string kind = settings.tls ? "hostssl" : "host";
  std::string text = kind + " all operator 0.0.0.0/0 scram-sha-256\n" + kind +
                     " replication replication 0.0.0.0/0 scram-sha-256\n";
  for (const auto& [database, user] : settings.accounts) {
    text.append(kind).append(" \"").append(database).append("\" ").append(user);
    text.append(" 0.0.0.0/0 scram-sha-256\n");
  }
  return text;
}

/// Makes the data when it is missing, then runs the server. Pebble stops services with SIGTERM,
/// on which PostgreSQL would wait for its clients; SIGINT does not.
std::string start_script(const ServerSettings& settings) {
  return "#!/bin/sh\n"
         "set -eu\n"
         "cd /\n"
         "programs=" +
         settings.programs +
         "\n"
         "conf=/var/lib/postgresql/conf\n"
         "data=/var/lib/postgresql/data/pgdata\n"
         "umask 077\n"
         "if [ -e " +
         restore_file +
         " ]; then\n"
         "  find $data -mindepth 1 -delete\n"
         "  cp -a " +
         backup_directory + "/$(cat " + restore_file +
         ")/. $data/\n"
         "  rm " +
         restore_file +
         "\n"
         "fi\n"
         "# Left by a container that was killed; the number may now be another process.\n"
         "rm -f $data/postmaster.pid\n"
         "if [ \"$(cat $conf/role)\" = standby ]; then\n"
         "  until [ -e $data/standby.signal ]; do\n"
         "    find $data -mindepth 1 -delete\n"
         "    if PGPASSFILE=$conf/pgpass $programs/pg_basebackup --host=" +
         settings.primary_host +
         " --username=replication --no-password --pgdata=$data --wal-method=stream"
         " --checkpoint=fast --no-sync; then\n"
         "      touch $data/standby.signal\n"
         "    else\n"
         "      sleep 1\n"
         "    fi\n"
         "  done\n"
         "elif [ ! -e $data/PG_VERSION ]; then\n"
         "  $programs/initdb --pgdata=$data --username=operator --pwfile=$conf/operator-password"
         " --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync --no-instructions > "
         "/dev/null\n"
         "else\n"
         "  rm -f $data/standby.signal\n"
         "fi\n"
         "$programs/postgres -D $data --config-file=$conf/postgresql.conf &\n"
         "server=$!\n"
         "trap 'kill -INT $server' TERM INT\n"
         "status=0\n"
         "wait $server || status=$?\n"
         "while kill -0 $server 2> /dev/null; do status=0; wait $server || status=$?; done\n"
         "exit $status\n";
}

}  // namespace

std::vector<charm::File> server_files(const ServerSettings& settings) {
  const std::string directory = configuration_directory;
  std::vector<charm::File> files = {
      {.path = directory + "/postgresql.conf", .content = configuration(settings)},
      {.path = directory + "/pg_hba.conf", .content = host_rules(settings)},
      {.path = password_file,
       .content = "*:*:*:replication:" + settings.replication_password + "\n"},
      {.path = directory + "/operator-password", .content = settings.operator_password + "\n"},
      {.path = certificate_file, .content = settings.certificate.certificate},
      {.path = key_file, .content = settings.certificate.key},
      {.path = role_file, .content = settings.standby ? "standby" : "primary"},
      {.path = directory + "/start.sh", .content = start_script(settings)}};
  for (charm::File& file : files) {
    file.mode = 0600;
    file.user_id = settings.user.user_id;
    file.group_id = settings.user.group_id;
  }
  return files;
}

std::vector<charm::Directory> server_directories(const ServerUser& user) {
  return {
      {.path = configuration_directory,
       .mode = 0700,
       .user_id = user.user_id,
       .group_id = user.group_id},
      {.path = "/var/lib/postgresql/data/pgdata",
       .mode = 0700,
       .user_id = user.user_id,
       .group_id = user.group_id},
      {.path = backup_directory, .mode = 0700, .user_id = user.user_id, .group_id = user.group_id}};
}

charm::Layer server_layer(const ServerUser& user, bool enabled) {
  charm::Layer layer;
  layer.services[service_name] = {
      .summary = "PostgreSQL",
      .command = std::string("/bin/sh ") + configuration_directory + "/start.sh",
      .startup = enabled ? "enabled" : "disabled",
      .environment = {{"LC_ALL", "C.UTF-8"}},
      .backoff_limit = "3s",
      .kill_delay = "10s",
      .user_id = user.user_id,
      .group_id = user.group_id};
  return layer;
}

std::string find_server_programs() {
  namespace fs = std::filesystem;
  int newest = 0;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", missing)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos &&
        fs::exists(entry.path() / "bin/postgres")) {
      newest = std::max(newest, std::stoi(name));
    }
  }
  if (newest == 0) {
    throw charm::Error("there is no PostgreSQL server in /usr/lib/postgresql");
  }
  return "/usr/lib/postgresql/" + std::to_string(newest) + "/bin";
}

ServerUser find_server_user() {
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) {
    throw charm::Error("there is no user postgres");
  }
  return {.user_id = static_cast<int>(user->pw_uid), .group_id = static_cast<int>(user->pw_gid)};
}

}  // namespace postgresql
