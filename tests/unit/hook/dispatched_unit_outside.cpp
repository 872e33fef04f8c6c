// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The surroundings of the unit: the programs in its container, the database and the keyserver.
#include "charm/domain/text.hpp"
#include "charm/download/download.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "tests/unit/hook/outside.hpp"

#include <array>
#include <ctime>

namespace charm {

namespace {

const std::string tree_file = std::string(prefix_tree::path) + "/CURRENT";

}  // namespace

std::string DispatchedUnit::serve(const Download& wanted, const Egress& egress) {
  touch();
  asked_for.push_back(wanted.url);
  download_egress = egress;
  const auto found = downloads.find(wanted.url);
  if (found == downloads.end()) {
    throw download::DownloadError("from loki: HTTP 404");
  }
  return found->second;
}

Doors DispatchedUnit::Outside::doors(const juju::HookTools& tools, const pebble::Client& client) {
  return {.juju = tools,
          .pebble = client,
          .keyserver = *this,
          .databases = *this,
          .downloads = *this,
          .clock = *this,
          .keys = *this};
}

std::string DispatchedUnit::Outside::version() const {
  return unit_.look() == KeyserverHealth::serving ? std::string(hockeypuck::version) : "";
}

keyserver::Answer DispatchedUnit::Outside::statistics() const {
  const std::string total = unit_.digests < 0 ? "" : ",\"total\":" + std::to_string(unit_.digests);
  return {.status = 200, .body = R"({"version":"2.3.3")" + total + "}", .error = {}};
}

keyserver::Answer DispatchedUnit::Outside::add(const std::string& armor) const {
  unit_.add(armor);
  return {};
}

keyserver::Answer DispatchedUnit::Outside::remove(const std::string& /*request*/,
                                                  const std::string& signature) const {
  unit_.touch();
  if (unit_.look() == KeyserverHealth::unreachable) {
    return {.status = 0, .body = {}, .error = "connection refused"};
  }
  const bool accepted = unit_.takes(issuer_of(signature)) && !unit_.refuses_requests;
  return {.status = accepted ? 404 : 422, .body = {}, .error = {}};
}

postgres::ProbeResult DispatchedUnit::Outside::probe(const Database& server) {
  unit_.touch();
  unit_.now += unit_.probe_time;
  unit_.probed.push_back(server.host);
  const auto found = unit_.servers.find(server.host);
  return found == unit_.servers.end() ? postgres::ProbeResult{.cause = "connection refused"}
                                      : found->second;
}

prefix_tree::DatabaseContent DispatchedUnit::Outside::prepare(const Database& server) {
  unit_.touch();
  unit_.fail_if_told();
  if (unit_.servers.at(server.host).outcome != postgres::Outcome::ready) {
    throw postgres::DatabaseError(postgres::Outcome::read_only, "the server is read-only");
  }
  unit_.prepared.insert(server.host);
  return {.identity = unit_.database, .has_keys = unit_.key_count > 0};
}

postgres::KeptUploads DispatchedUnit::Outside::keep_uploads(const Database& /*server*/,
                                                            const UploadPolicy& policy) {
  unit_.touch();
  unit_.fail_if_told();
  ++unit_.kept_uploads;
  unit_.uploads = policy;
  // The keyserver makes its tables when it first serves.
  unit_.has_tables = unit_.has_tables || unit_.look() == KeyserverHealth::serving;
  return {.enforced = unit_.has_tables || unit_.key_count > 0};
}

postgres::KeyCount DispatchedUnit::Outside::count_keys(const Database& /*server*/,
                                                       std::chrono::seconds /*settling*/) {
  unit_.touch();
  ++unit_.counts;
  unit_.fail_if_told();
  if (unit_.counting_fails) {
    throw postgres::DatabaseError(postgres::Outcome::unreachable,
                                  "ERROR: canceling statement due to statement timeout");
  }
  return {.keys = unit_.key_count, .settled = unit_.key_count};
}

void DispatchedUnit::Outside::pause() {
  // Ten pauses are a second.
  unit_.now += std::chrono::seconds(++unit_.pauses % 10 == 0 ? 1 : 0);
}

openpgp::AdminKey DispatchedUnit::Outside::admin_key(const std::string& /*user_id*/,
                                                     std::chrono::sys_seconds /*created*/) {
  return DispatchedUnit::admin_key(unit_.keys_made++);
}

/// Like Hockeypuck: lookups also work on a standby.
KeyserverHealth DispatchedUnit::look() const {
  if (pebble.current("hockeypuck") != "active" || slow_to_start) {
    return KeyserverHealth::unreachable;
  }
  const std::string text = configuration();
  for (const auto& [host, result] : servers) {
    const bool answers = result.outcome == postgres::Outcome::ready ||
                         result.outcome == postgres::Outcome::read_only;
    if (answers && text.find("host='" + host + "'") != std::string::npos) {
      return KeyserverHealth::serving;
    }
  }
  return KeyserverHealth::database_failing;
}

keyserver::StoredKey DispatchedUnit::find(const std::string& fingerprint) const {
  return look() == KeyserverHealth::serving ? found(keys, fingerprint)
                                            : keyserver::StoredKey::unknown;
}

void DispatchedUnit::add(const std::string& armor) {
  touch();
  if (look() == KeyserverHealth::serving && !refuses_uploads) {
    store(keys, armor);
  }
}

bool DispatchedUnit::takes(const std::string& fingerprint) const {
  const std::string text = configuration();
  const auto line = text.find("adminKeys");
  return find(fingerprint) == keyserver::StoredKey::present && line != std::string::npos &&
         text.substr(line, text.find('\n', line) - line).find(fingerprint) != std::string::npos;
}

void DispatchedUnit::touch() {
  if (touches_left_ && (*touches_left_)-- == 0) {
    throw Killed{};
  }
}

juju::CommandResult DispatchedUnit::run(const std::vector<std::string>& argv,
                                        std::string_view input) {
  touch();
  arguments.insert(arguments.end(), argv.begin(), argv.end());
  return juju.run(argv, input);
}

pebble::Response DispatchedUnit::send(const pebble::Request& request,
                                      std::chrono::milliseconds limit) {
  touch();
  if (exchanges_left_ && *exchanges_left_ == 0) {
    if (time_ends_) {
      throw pebble::OutOfTime("no time is left for " + request.target);
    }
    throw pebble::ConnectionError(request.target + ": connection reset by peer");
  }
  if (exchanges_left_) {
    --*exchanges_left_;
  }
  const int starts = pebble.starts("hockeypuck");
  if (is_damaged()) {
    pebble.exits_quickly["hockeypuck"] = {damage_};
  } else if (!damage_.empty() && !spoils_trees) {
    pebble.exits_quickly.erase("hockeypuck");
    damage_.clear();
  }
  pebble::Response response = pebble.send(request, limit);
  if (is_damaged() && pebble.starts("hockeypuck") != starts) {
    now += std::chrono::seconds(1);
    say("hockeypuck", damage_);
  }
  run_programs();
  return response;
}

/// Does the work of the workload's programs as soon as Pebble has started them.
void DispatchedUnit::run_programs() {
  both_ran = both_ran || (builds() && pebble.current("hockeypuck") == "active");
  if (pebble.current("hockeypuck") == "active" && pebble.files.try_emplace(tree_file).second) {
    digests = 0;
  }
  if (builds() && !slow_build) {
    end_build();
  }
}

/// A keyserver with a damaged tree exits within its first second.
void DispatchedUnit::damage_tree(const std::string& words) {
  damage_ = words;
  pebble.files[tree_file].content = "damaged";
  pebble.end("hockeypuck", 1);
  say("hockeypuck", words);
}

void DispatchedUnit::add_layer(const std::string& label, const Layer& layer) {
  pebble::Client(pebble).add_layer(label, layer);
}

void DispatchedUnit::say(const std::string& service, const std::string& words) {
  const std::time_t time = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&time, &parts));
  pebble.logs.push_back({text.data(), service, words});
}

bool DispatchedUnit::is_damaged() const {
  const auto tree = pebble.files.find(tree_file);
  return tree != pebble.files.end() && tree->second.content == "damaged";
}

void DispatchedUnit::end_build(int exit_code) {
  if (exit_code == 0) {
    digests = key_count;
    pebble.files[tree_file].content = spoils_trees ? "damaged" : database;
    pebble.files[std::string(prefix_tree::statistics_path)].content = "{}";
  }
  pebble.end("prefix-tree-build", exit_code);
}

void DispatchedUnit::fail_if_told() const {
  if (database_fails) {
    throw postgres::DatabaseError(postgres::Outcome::unreachable, "the database does not answer");
  }
}

}  // namespace charm
