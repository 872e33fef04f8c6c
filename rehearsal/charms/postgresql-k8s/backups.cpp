// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "backups.hpp"

#include "server_files.hpp"

#include <array>
#include <ctime>
#include <sstream>

namespace postgresql {

std::string backup_id(std::chrono::system_clock::time_point moment) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(moment);
  std::tm fields{};
  gmtime_r(&seconds, &fields);
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &fields);
  return {text.data(), length};
}

// The server itself runs the program: a charm has no other way to run one in a container and to
// wait for its end without a websocket.
void make_backup(Database& database, const std::string& id) {
  (void)database.run("COPY (SELECT) TO PROGRAM $program$PGPASSFILE=" + std::string(password_file) +
                     " " + find_server_programs() +
                     "/pg_basebackup --host=127.0.0.1 --username=replication --no-password"
                     " --checkpoint=fast --no-sync --pgdata=" +
                     backup_directory + "/" + id + "$program$");
}

std::vector<std::string> backups(Database& database) {
  std::istringstream stream(database.run("SELECT pg_ls_dir('" + std::string(backup_directory) +
                                         "', true, false) AS id ORDER BY id"));
  std::vector<std::string> ids;
  for (std::string id; std::getline(stream, id);) {
    ids.push_back(id);
  }
  return ids;
}

}  // namespace postgresql
