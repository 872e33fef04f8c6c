// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/key_load.hpp"

#include "charm/hockeypuck/hockeypuck.hpp"
#include "configuration_text.hpp"

#include <algorithm>

namespace charm::key_load {
namespace {

constexpr std::string_view binary = "/hockeypuck/bin/hockeypuck-load";
constexpr std::string_view config_name = "hockeypuck-load.conf";
constexpr std::string_view ca_name = "postgresql-ca.pem";
/// Hockeypuck stores statistics next to its tree.
constexpr std::string_view tree_directory = "/hockeypuck/data/key-load/tree";

std::string path_of(std::string_view name) {
  return std::string(directory).append("/").append(name);
}

/// Has the same limits as the keyserver.
std::string configuration(const Settings& settings, const Database& database) {
  hockeypuck::TomlDocument document;
  document.table("hockeypuck");
  document.text("loglevel", "info");
  document.table("hockeypuck.openpgp");
  document.number("maxKeyLength", settings.max_key_length);
  document.number("maxPacketLength", settings.max_packet_length);
  document.table("hockeypuck.openpgp.db");
  document.text("driver", "postgres-jsonb");
  document.text("dsn", hockeypuck::data_source_name(database, path_of(ca_name)));
  document.table("hockeypuck.conflux.recon.leveldb");
  document.text("path", std::string(tree_directory) + "/ptree");
  return document.content();
}

bool is_plain(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') ||
         std::string_view("/._-+,=@").find(byte) != std::string_view::npos;
}

}  // namespace

File readable_file(const std::string& name, std::string content) {
  return hockeypuck::private_file(path_of(name), std::move(content));
}

KeyLoadPlan plan(const Settings& settings, const Database& database) {
  KeyLoadPlan plan{
      .directories = {hockeypuck::private_directory(directory),
                      hockeypuck::private_directory(tree_directory)},
      .files = {readable_file(std::string(config_name), configuration(settings, database))},
      .max_key_length = settings.max_key_length};
  if (database.ssl_mode == SslMode::verify_full) {
    plan.files.push_back(readable_file(std::string(ca_name), database.ca));
  }
  return plan;
}

bool is_plain_path(std::string_view path) {
  return path.starts_with('/') && std::ranges::all_of(path, is_plain);
}

Layer layer(const std::vector<std::string>& paths) {
  Service load{.summary = "Load of OpenPGP keys",
               .command = std::string(binary) + " -config " + path_of(config_name),
               .startup = "disabled",
               .working_dir = std::string(tree_directory),
               .on_success = "ignore",
               .on_failure = "ignore",
               .kill_delay = "10s",
               .user_id = hockeypuck::user_id,
               .group_id = hockeypuck::user_id};
  for (const std::string& path : paths) {
    load.command += " " + path;
  }
  return {.services = {{std::string(service), load}}};
}

}  // namespace charm::key_load
