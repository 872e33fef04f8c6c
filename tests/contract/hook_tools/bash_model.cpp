// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/hook_tools/bash_model.hpp"

#include "rehearsal/model/hook_context.hpp"
#include "rehearsal/model/pod_spec.hpp"
#include "rehearsal/model/relations.hpp"

#include <fstream>
#include <sstream>

namespace rehearsal::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* dispatch_script = R"(#!/bin/bash
script="$CHARM_DIR/../../../../../../script"
if [ -f "$script" ]; then . "$script"; fi
)";

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::string read(const fs::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const ToolResult& result) {
  return out << "exit " << result.exit_code << ", out \"" << result.out << "\", err \""
             << result.err << "\"";
}

BashModel::BashModel(std::uint64_t seed)
    : model_{.name = "test",
             .uuid = "0b8a6b6e-0000-4000-8000-000000000001",
             .seed = seed,
             .random = seed,
             .now = 1'700'000'000'000},
      machine_(directory_.path() / "units"),
      journal_(make_journal()),
      controller_(model_, machine_, journal_,
                  {.hook_tool = fs::path(BUILD_DIR) / "rehearsal/model/rehearsal-hook-tool",
                   .charm = [this](const std::string& app, int) { return charm_folder(app); },
                   .image = [](const Application&, const std::string&) { return fs::path(); }}),
      agent_(model_, machine_, journal_, [this] { controller_.publish_names(); }) {}

Journal BashModel::make_journal() {
  return {
      .log = [this](const LogLine& line) { log_.push_back(line); },
      .begin = [this](const std::string& unit,
                      const Event& event) { events_.push_back(unit + " " + event_name(event)); },
      .end = [this](const DispatchRecord& record) { records_.push_back(record); }};
}

fs::path BashModel::charm_folder(const std::string& app) const {
  return directory_.path() / "charms" / app;
}

fs::path BashModel::script_file(const std::string& unit) const {
  return machine_.charm_root(unit) / "script";
}

void BashModel::deploy(const std::string& app, const std::string& metadata, int scale,
                       const std::string& script) {
  const fs::path folder = charm_folder(app);
  add_file(app, "metadata.yaml", "name: " + app + "\n" + metadata);
  add_file(app, "dispatch", dispatch_script);
  fs::permissions(folder / "dispatch", fs::perms::owner_all);
  Application application{.name = app, .source = folder.string()};
  application.charm = read_charm(folder);
  model_.applications[app] = application;
  for (const auto& [name, endpoint] : application.charm.endpoints) {
    if (endpoint.role == Role::peer) {
      add_relation(model_, {{app, endpoint}});
    }
  }
  add_units(model_, app, scale);
  for (const std::string& unit : model_.units_of(app)) {
    write(script_file(unit), script);
  }
}

void BashModel::add_file(const std::string& app, const std::string& name, const std::string& text) {
  write(charm_folder(app) / name, text);
  if (model_.applications.count(app) > 0) {
    model_.application(app).charm = read_charm(charm_folder(app));
  }
}

int BashModel::integrate(const std::string& first, const std::string& other) {
  return add_relation(model_, resolve_endpoints(model_, first, other));
}

void BashModel::set_script(const std::string& unit, const std::string& script) {
  write(script_file(unit), script);
}

DispatchRecord BashModel::dispatch(const std::string& unit, const Event& event,
                                   const std::string& script) {
  const std::string own = read(script_file(unit));
  set_script(unit, script);
  const DispatchRecord record = agent_.dispatch(unit, event);
  set_script(unit, own);
  return record;
}

ToolResult BashModel::tool(const std::string& unit, const std::string& command,
                           const Event& event) {
  dispatch(unit, event, command + " >out 2>err; echo -n $? >code");
  return {std::stoi("0" + charm_file(unit, "code")), charm_file(unit, "out"),
          charm_file(unit, "err")};
}

std::string BashModel::charm_file(const std::string& unit, const std::string& name) const {
  return read(machine_.charm_root(unit) / fs::path(charm_directory(unit)).relative_path() / name);
}

HookTools::HookTools() {
  world.deploy("hk",
               "requires: {db: {interface: pg}, spare: {interface: other}}\n"
               "peers: {peers: {interface: hk}}\n"
               "storage: {data: {type: filesystem}}\n"
               "resources: {tool: {type: file, filename: tool.bin}}\n",
               2);
  world.add_file("hk", "config.yaml",
                 "options:\n  port: {type: int, default: 80}\n  name: {type: string}\n"
                 "  ratio: {type: float, default: 2}\n  debug: {type: boolean, default: false}\n");
  world.deploy("pg", "provides: {db: {interface: pg}}\n");
  peers = 0;
  db = world.integrate("hk:db", "pg:db");
  world.settle();
  world.forget_events();
}

Event HookTools::db_event(EventKind kind, const std::string& remote_unit) const {
  return {.kind = kind,
          .subject = "db",
          .relation = db,
          .remote_app = "pg",
          .remote_unit = remote_unit};
}

}  // namespace rehearsal::test
