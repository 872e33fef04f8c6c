// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The surroundings of one unit for the real `dispatch`: hook tools, Pebble's socket, the
// keyserver's ports and PostgreSQL. Juju, Pebble and the keyserver are those of the unit tests,
// PostgreSQL is real. sweep.py starts this program with the unit's network and file system, and
// sends one JSON object in each line of standard input. Each gets one line as its answer.
//
// {"change": …}        changes the surroundings, see change()
// {"end": true}        ends a hook; false drops its writes to Juju
// {"dispatch": …}      runs a hook or an action in this process, without the real `dispatch`
// {"journal": true}    answers with the effects on Juju and Pebble since the last question
// {"outcome": true}    answers with the results of the last action, and its failure
// {"state": true}      answers with everything that a dispatch can change
// {"save": true}       keeps this state. The rest of the lines are for a copy of this process
// {"restore": true}    ends the copy, and begins with a new one

#include "rehearsal/model/tools/tool.hpp"
#include "rehearsal/model/wire.hpp"
#include "tests/reliability/kept_database.hpp"
#include "tests/reliability/unit_servers.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <mutex>
#include <optional>
#include <utility>

#include <sys/wait.h>

namespace {

namespace fs = std::filesystem;
using charm::DispatchedUnit;
using Json = nlohmann::json;

charm::ConfigValue config_value(const Json& json) {
  if (json.is_boolean()) {
    return json.get<bool>();
  }
  return json.is_number() ? charm::ConfigValue(json.get<std::int64_t>())
                          : charm::ConfigValue(json.get<std::string>());
}

/// The units of an application with these numbers, and the databag of each.
std::map<std::string, charm::Databag> units_of(const std::string& app, int first, int end,
                                               const charm::Databag& data) {
  std::map<std::string, charm::Databag> units;
  for (int number = first; number < end; ++number) {
    units[app + "/" + std::to_string(number)] = data;
  }
  return units;
}

Json to_json(const std::optional<charm::Status>& status) {
  return status ? Json{std::string(to_string(status->kind)), status->message} : Json();
}

/// A unit that writes down the effects on Juju and Pebble, in their order.
class JournaledUnit final : public DispatchedUnit {
 public:
  charm::juju::CommandResult run(const std::vector<std::string>& argv,
                                 std::string_view input) override {
    std::string line;
    for (const std::string& word : argv) {
      line += word + ' ';
    }
    journal.push_back(line.append(input));
    return DispatchedUnit::run(argv, input);
  }

  charm::pebble::Response send(const charm::pebble::Request& request,
                               std::chrono::milliseconds limit) override {
    if (!pebble.down) {
      journal.push_back(request.method + ' ' + request.target + ' ' + request.body);
    }
    return DispatchedUnit::send(request, limit);
  }

  std::vector<std::string> journal;
};

class Surroundings {
 public:
  Surroundings(fs::path folder, const fs::path& tool) : folder_(std::move(folder)) {
    fs::create_directories(folder_ / "bin");
    for (const std::string& name : rehearsal::tools::tool_names()) {
      fs::create_symlink(tool, folder_ / "bin" / name);
    }
    unit_.servers[database_.host()] = {.outcome = charm::postgres::Outcome::ready};
    unit_.juju.relations[0].remote_app_data = {};
  }

  /// Answers up to the request to save. False means that no request follows.
  bool serve() {
    open_doors();
    return answer_until("save");
  }

  /// Answers up to the request to restore.
  bool serve_copy() {
    open_doors();
    std::cout << "null" << std::endl;
    return answer_until("restore");
  }

  void keep_database() { database_.keep(); }

  void restore_database() { database_.restore(); }

 private:
  bool answer_until(const std::string& last) {
    for (std::string line; std::getline(std::cin, line);) {
      const Json request = Json::parse(line);
      if (request.contains(last)) {
        close_doors();
        return true;
      }
      const std::lock_guard lock(mutex_);
      std::cout << answer(request).dump() << std::endl;
    }
    close_doors();
    return false;
  }

  void open_doors() {
    tools_.emplace(folder_ / "agent.socket", getuid(), [this](const auto& call) {
      const std::lock_guard lock(mutex_);
      return run_tool(call);
    });
    servers_.match();
  }

  void close_doors() {
    tools_.reset();
    servers_.close();
  }

  rehearsal::wire::Reply run_tool(const rehearsal::wire::Request& call) {
    const auto file = std::find(call.arguments.begin(), call.arguments.end(), "--file");
    if (file != call.arguments.end() && *std::next(file) == "-" && !call.inputs.contains("-")) {
      return {.wanted_input = "-"};
    }
    std::vector<std::string> argv = {call.tool};
    argv.insert(argv.end(), call.arguments.begin(), call.arguments.end());
    const auto input = call.inputs.find("-");
    auto result = unit_.run(argv, input == call.inputs.end() ? "" : input->second);
    return {.exit_code = result.exit_code, .out = result.out, .err = result.err};
  }

  Json answer(const Json& request) {
    if (request.contains("end")) {
      if (request["end"]) {
        unit_.juju.commit();
      } else {
        unit_.juju.rollback();
      }
    } else if (request.contains("change")) {
      change(request["change"]);
      servers_.match();
    } else if (request.contains("dispatch")) {
      return dispatch_here(request["dispatch"]);
    } else if (request.contains("journal")) {
      return std::exchange(unit_.journal, {});
    } else if (request.contains("outcome")) {
      return outcome();
    } else {
      return state();
    }
    return {};
  }

  /// Answers with the error; null without one.
  Json dispatch_here(const Json& event) {
    unit_.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    unit_.database = database_.identity();
    const std::string path = event.at("path");
    const std::string name = path.substr(path.find('/') + 1);
    const bool succeeded = path.starts_with("actions/")
                               ? unit_.act(name)
                               : unit_.dispatch(name, event.at("variables"));
    servers_.match();
    return succeeded ? Json() : Json("it failed: " + unit_.last_error);
  }

  void change(const Json& changes) {
    for (const auto& [name, value] : changes.items()) {
      if (name == "leader") {
        unit_.juju.leader = value;
      } else if (name == "config") {
        for (const auto& [option, text] : value.items()) {
          unit_.juju.config[option] = config_value(text);
        }
      } else if (name == "relation") {
        unit_.juju.relations[value.at("id")] = {
            .endpoint = value.at("endpoint"),
            .remote_app = value.at("app"),
            .remote_units = units_of(value.at("app"), 0, value.at("units"), value.at("unit data"))};
      } else if (name == "own units") {
        unit_.juju.relations[0].remote_units = units_of("hockeypuck-k8s", 1, value, {});
      } else if (name == "answer") {
        unit_.juju.relations.at(value.at("id")).remote_app_data = value.at("data");
      } else if (name == "breaking") {
        unit_.juju.relations.at(value).broken = true;
      } else if (name == "removed") {
        unit_.juju.relations.erase(value.get<int>());
      } else if (name == "secret") {
        unit_.juju.secrets[value.at("id")].revisions.push_back(value.at("content"));
      } else if (name == "action") {
        unit_.juju.action.reset();
        if (!value.is_null()) {
          unit_.juju.action = test::FakeAction{.parameters = value.dump()};
        }
      } else if (name == "file") {
        unit_.pebble.files[value.at("path")] = {.path = value.at("path"),
                                                .content = value.at("content")};
      } else if (name == "pebble") {
        unit_.pebble.down = value == "down";
      } else if (name == "frozen keyserver") {
        servers_.freeze_keyserver(value.get<bool>());
      } else if (name == "new container") {
        unit_.pebble.restart_container();
      } else if (name == "sql") {
        database_.sql("postgres", value);
      } else {
        throw std::runtime_error("unknown change " + name);
      }
    }
  }

  Json state() {
    const test::FakeJuju& juju = unit_.juju;
    Json state = {{"port", database_.port()},
                  {"status", to_json(juju.unit_status)},
                  {"app status", to_json(juju.app_status)},
                  {"version", juju.version},
                  {"ports", juju.ports},
                  {"stored", juju.state},
                  {"plan", unit_.pebble.plan()},
                  {"database", database_.content()},
                  {"requests", unit_.pebble.posts},
                  {"calls", juju.calls},
                  {"log", juju.log}};
    if (const auto related = juju.relations.find(DispatchedUnit::database_relation);
        related != juju.relations.end()) {
      state["answer"] = {{"id", related->first}, {"data", related->second.remote_app_data}};
    }
    for (const auto& [id, relation] : juju.relations) {
      state["databags"][std::to_string(id)] = {relation.local_app_data, relation.local_unit_data};
    }
    for (const auto& [id, secret] : juju.secrets) {
      state["secrets"][id] = {secret.own, secret.label, secret.revisions};
    }
    for (const auto& [path, file] : unit_.pebble.files) {
      state["files"][path] = {file.content, file.mode, file.user_id, file.group_id};
    }
    for (const auto& [path, directory] : unit_.pebble.directories) {
      state["files"][path] = {"", directory.mode, directory.user_id, directory.group_id};
    }
    for (const char* service : {"hockeypuck", "prefix-tree-build"}) {
      state["services"][service] = unit_.pebble.current(service);
    }
    for (const auto& [fingerprint, key] : unit_.keys) {
      state["keys"][fingerprint] = {unit_.takes(fingerprint), key.revoked};
    }
    if (juju.action) {
      state["action"] = outcome();
    }
    return state;
  }

  /// The results of the action, and its failure.
  [[nodiscard]] Json outcome() const {
    const test::FakeAction action = unit_.juju.action.value_or(test::FakeAction{});
    return {action.results, action.failure.value_or("")};
  }

  fs::path folder_;
  KeptDatabase database_;
  JournaledUnit unit_;
  std::mutex mutex_;
  std::optional<rehearsal::ToolServer> tools_;
  UnitServers servers_{unit_, database_, mutex_};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "surroundings FOLDER HOOK-TOOL\n";
    return 2;
  }
  Surroundings surroundings(argv[1], argv[2]);
  if (!surroundings.serve()) {
    return 0;
  }
  surroundings.keep_database();
  for (;;) {
    const pid_t copy = fork();
    if (copy == 0) {
      _exit(surroundings.serve_copy() ? 0 : 1);
    }
    int status = 0;
    waitpid(copy, &status, 0);
    if (status != 0) {
      return WIFEXITED(status) ? 0 : 1;
    }
    surroundings.restore_database();
  }
}
