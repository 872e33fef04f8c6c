// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/app/endpoint.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace charm {

namespace {

constexpr std::size_t max_probed_endpoints = 3;

std::string_view libpq_word(SslMode mode) {
  switch (mode) {
    case SslMode::disable:
      return "disable";
    case SslMode::require:
      return "require";
    case SslMode::verify_full:
      break;
  }
  return "verify-full";
}

Status status_of(const Database& database, const postgres::ProbeResult& result) {
  const std::string server = "PostgreSQL at " + endpoint_of(database);
  switch (result.outcome) {
    case postgres::Outcome::ready:
      return {};
    case postgres::Outcome::read_only:
      return {StatusKind::waiting, "waiting for " + server + " to accept writes"};
    case postgres::Outcome::refused:
      return {StatusKind::waiting, "waiting for " + server + " to let us in: " + result.reason};
    case postgres::Outcome::not_ours:
      return {StatusKind::blocked,
              server + ": " + result.reason + "; remove the database relation and integrate again"};
    case postgres::Outcome::untrusted:
      return {StatusKind::blocked, server + " is not trusted: " + result.reason +
                                       "; check the CA of the database relation"};
    case postgres::Outcome::unreachable:
      break;
  }
  return {StatusKind::waiting, "waiting for " + server + " to answer: " + result.reason};
}

}  // namespace

std::string endpoint_of(const Database& database) {
  const bool is_ipv6 = database.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + database.host + "]" : database.host) + ":" +
         std::to_string(database.port);
}

postgres::Target target_of(const Database& database) {
  return {.host = database.host,
          .port = database.port,
          .database = database.name,
          .user = database.user,
          .password = database.password,
          .ssl_mode = std::string(libpq_word(database.ssl_mode)),
          .ca = database.ca};
}

Status waiting_for(const Database& database, const postgres::DatabaseError& error) {
  return {StatusKind::waiting, "waiting for PostgreSQL at " + endpoint_of(database) +
                                   " to take the block list: " + error.what()};
}

Choice choose(const std::vector<WorkloadPlan>& workloads, const World& world) {
  Choice choice;
  for (std::size_t i = 0; i < std::min(workloads.size(), max_probed_endpoints); ++i) {
    const auto result = world.probe(target_of(workloads[i].database), probe_seconds);
    if (result.outcome == postgres::Outcome::ready) {
      choice.workload = &workloads[i];
      return choice;
    }
    choice.refusals.push_back(status_of(workloads[i].database, result));
    spdlog::info("{}", choice.refusals.back().message);
  }
  return choice;
}

}  // namespace charm
