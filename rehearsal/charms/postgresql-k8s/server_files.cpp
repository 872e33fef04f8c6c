// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "server_files.hpp"

#include "charm/domain/error.hpp"

#include <filesystem>

#include <pwd.h>

namespace postgresql {
namespace {

constexpr const char* configuration_directory = "/var/lib/postgresql/conf";

/// Quotes need no escapes here: host names are the only values from outside.
std::string configuration(const ServerSettings& settings) {
  return std::string("ssl = ") + (settings.tls ? "on" : "off") +
         "\nprimary_conninfo = 'host=" + settings.primary_host +
         " port=5432 user=replication sslmode=prefer passfile=" + password_file + "'\n" +
         R"(listen_addresses = '*'
port = 5432
unix_socket_directories = ''
hba_file = '/var/lib/postgresql/conf/pg_hba.conf'
password_encryption = 'scram-sha-256'
ssl_cert_file = '/var/lib/postgresql/conf/server.crt'
ssl_key_file = '/var/lib/postgresql/conf/server.key'
shared_buffers = '32MB'
max_connections = 60
# A rehearsal's data need not survive the machine.
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = 'replica'
max_wal_senders = 5
wal_keep_size = '64MB'
hot_standby = on
wal_retrieve_retry_interval = '500ms'
log_min_messages = 'warning'
log_timezone = 'UTC'
timezone = 'UTC'
)";
}

std::string host_rules(const ServerSettings& settings) {
  const std::string kind = settings.tls && !settings.plain ? "hostssl" : "host";
  std::string text = kind + " all operator 0.0.0.0/0 scram-sha-256\n" + kind +
                     " replication replication 0.0.0.0/0 scram-sha-256\n";
  for (const auto& [database, user] : settings.accounts) {
    text.append(kind).append(" \"").append(database).append("\" ").append(user);
    text.append(" 0.0.0.0/0 scram-sha-256\n");
  }
  return text;
}

/// Makes the data if it is missing, then runs the server. Pebble stops services with SIGTERM, after
/// which PostgreSQL would wait for its clients; with SIGINT it does not.
std::string start_script(const ServerSettings& settings) {
  return "#!/bin/sh\n# Copyright 2026 The hockeypuck-k8s authors\n"
         "# SPDX-License-Identifier: Apache-2.0\nprograms=" +
         settings.programs + "\nprimary=" + settings.primary_host + R"script(
conf=/var/lib/postgresql/conf
storage=/var/lib/postgresql/data
data=$storage/pgdata
set -eu
cd /
umask 077
if [ -e $conf/restore ]; then
  find $data -mindepth 1 -delete
  cp -a $storage/backups/$(cat $conf/restore)/. $data/
  rm $conf/restore
fi
# Left by a container that was killed; the number may now be another process.
rm -f $data/postmaster.pid
if [ "$(cat $conf/role)" = standby ]; then
  until [ -e $data/standby.signal ]; do
    find $data -mindepth 1 -delete
    if PGPASSFILE=$conf/pgpass $programs/pg_basebackup --host=$primary --username=replication \
        --no-password --pgdata=$data --wal-method=stream --checkpoint=fast --no-sync; then
      touch $data/standby.signal
    else
      sleep 1
    fi
  done
elif [ ! -e $data/PG_VERSION ]; then
  $programs/initdb --pgdata=$data --username=operator --pwfile=$conf/operator-password \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync --no-instructions > /dev/null
else
  rm -f $data/standby.signal
fi
$programs/postgres -D $data --config-file=$conf/postgresql.conf &
server=$!
trap 'kill -INT $server' TERM INT
status=0
wait $server || status=$?
while kill -0 $server 2> /dev/null; do status=0; wait $server || status=$?; done
exit $status
)script";
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
    throw charm::Error(
        "no PostgreSQL server in /usr/lib/postgresql: install the package postgresql");
  }
  return "/usr/lib/postgresql/" + std::to_string(newest) + "/bin";
}

ServerUser find_server_user() {
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) {
    throw charm::Error("no user postgres: install the package postgresql");
  }
  return {.user_id = static_cast<int>(user->pw_uid), .group_id = static_cast<int>(user->pw_gid)};
}

}  // namespace postgresql
