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

#include "charm/domain/text.hpp"
#include "charm/openpgp/armor.hpp"
#include "rehearsal/keyserver/storage.hpp"
#include "rehearsal/model/tools/tool.hpp"
#include "rehearsal/model/wire.hpp"
#include "tests/support/postgres_cluster.hpp"
#include "tests/support/socket_server.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <httplib.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include <atomic>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <sys/wait.h>

namespace {

namespace fs = std::filesystem;
using charm::DispatchedUnit;
using Json = nlohmann::json;

constexpr const char* database_role = "relation_id_3";
constexpr const char* live = "keys";
constexpr const char* kept = "kept_keys";

/// Answers requests on one connection until the client hangs up.
void answer_requests(
    int connection,
    const std::function<charm::pebble::Response(const charm::pebble::Request&)>& answer) {
  for (std::string text = test::received(connection); !text.empty();
       text = test::received(connection)) {
    const std::size_t head = text.find("\r\n\r\n") + 4;
    std::istringstream lines(text.substr(0, head));
    charm::pebble::Request request;
    std::string line;
    lines >> request.method >> request.target;
    std::size_t size = 0;
    for (std::getline(lines, line); std::getline(lines, line) && line.size() > 1;) {
      const std::string name = charm::lower_case(line.substr(0, line.find(':')));
      const std::string value = line.substr(line.find(':') + 2, line.size() - name.size() - 3);
      size = name == "content-length" ? std::stoul(value) : size;
      request.content_type = name == "content-type" ? value : request.content_type;
      request.accept = name == "accept" ? value : request.accept;
    }
    request.body = text.substr(head);
    std::array<char, 65536> buffer{};
    while (request.body.size() < size) {
      const auto count = ::recv(connection, buffer.data(), buffer.size(), 0);
      if (count <= 0) {
        return;
      }
      request.body.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const charm::pebble::Response response = answer(request);
    if (!test::send_text(connection,
                         "HTTP/1.1 " + std::to_string(response.status) +
                             " -\r\nContent-Type: " + response.content_type +
                             "\r\nContent-Length: " + std::to_string(response.body.size()) +
                             "\r\n\r\n" + response.body)) {
      return;
    }
  }
}

httplib::Params parameters(const std::string& text) {
  httplib::Params params;
  httplib::detail::parse_query_text(text, params);
  return params;
}

std::string value_of(const httplib::Params& params, const std::string& name) {
  const auto found = params.find(name);
  return found == params.end() ? std::string() : found->second;
}

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
    cluster_.create_role(database_role, "first-password");
    cluster_.create_database(live, database_role);
    unit_.servers[cluster_.host()] = {.outcome = charm::postgres::Outcome::ready};
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

  void keep_database() {
    content_ = database_content();
    oid_ = sql(live, "SELECT oid FROM pg_database WHERE datname = current_database()");
    sql("postgres", "CREATE DATABASE " + std::string(kept) + " TEMPLATE " + live);
  }

  void restore_database() {
    if (database_content() != content_) {
      sql("postgres", "DROP DATABASE " + std::string(live) + " WITH (FORCE)");
      // The charm notices a database with a different OID.
      sql("postgres", "CREATE DATABASE " + std::string(live) + " TEMPLATE " + kept + " OWNER " +
                          database_role + " OID " + oid_);
    }
  }

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
    match_servers();
  }

  void close_doors() {
    tools_.reset();
    for (auto* server : {&pebble_, &keyserver_, &metrics_}) {
      server->reset();
    }
  }

  /// Lets the programs listen that run.
  void match_servers() {
    const std::string socket = "/charm/containers/hockeypuck/pebble.socket";
    if (unit_.pebble.down) {
      pebble_.reset();
      fs::remove(socket);
    } else if (!pebble_) {
      fs::remove(socket);
      pebble_ = std::make_unique<test::SocketServer>(socket, [this](int connection) {
        answer_requests(connection, [this](const auto& request) { return answer_pebble(request); });
      });
    }
    match_keyserver();
  }

  void match_keyserver() {
    constexpr int hkp_port = 11371;
    constexpr int metrics_port = 9626;
    const bool runs = unit_.pebble.current("hockeypuck") == "active";
    if (!runs) {
      keyserver_.reset();
      metrics_.reset();
    } else if (!keyserver_) {
      make_tables();
      keyserver_ = std::make_unique<test::SocketServer>(
          AF_INET,
          [this](int connection) {
            if (keyserver_is_frozen_) {
              static_cast<void>(test::received(connection));
              static_cast<void>(test::received(connection));  // Until the client hangs up.
            } else {
              answer_requests(connection,
                              [this](const auto& request) { return answer_hkp(request); });
            }
          },
          hkp_port);
      metrics_ = std::make_unique<test::SocketServer>(
          AF_INET,
          [](int connection) {
            answer_requests(connection, [](const auto& /*request*/) {
              return charm::pebble::Response{.status = 200};
            });
          },
          metrics_port);
    }
  }

  /// What the keyserver does when it starts for the first time. PostgreSQL may be frozen later.
  void make_tables() {
    if (!has_tables_) {
      const rehearsal::keyserver::Storage tables(
          connection_to(live) + " options='-c role=" + std::string(database_role) + "'", 1);
      has_tables_ = true;
    }
  }

  charm::pebble::Response answer_pebble(const charm::pebble::Request& request) {
    const std::lock_guard lock(mutex_);
    auto response = unit_.send(request, {});
    match_keyserver();
    return response;
  }

  charm::pebble::Response answer_hkp(const charm::pebble::Request& request) {
    const std::lock_guard lock(mutex_);
    const auto form = parameters(request.body);
    if (request.target == "/pks/add") {
      charm::store(unit_.keys, value_of(form, "keytext"));
      return {.status = 200, .body = "{}"};
    }
    if (request.target == "/pks/delete") {
      return {.status = unit_.takes(charm::issuer_of(value_of(form, "keysig"))) ? 404 : 422};
    }
    const auto query = parameters(request.target.substr(request.target.find('?') + 1));
    if (value_of(query, "op") == "stats") {
      return {.status = 200, .body = Json({{"version", "2.3.3"}, {"total", unit_.digests}}).dump()};
    }
    const std::string search = value_of(query, "search");
    const std::string fingerprint = search.substr(std::min<std::size_t>(2, search.size()));
    const auto key = charm::found(unit_.keys, fingerprint);
    if (key == charm::keyserver::StoredKey::absent) {
      return {.status = 404};
    }
    const bool revoked = key == charm::keyserver::StoredKey::revoked;
    return {.status = 200,
            .body = "info:1:1\npub:" + fingerprint + ":22:256:0::" + (revoked ? "r" : "") + "\n"};
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
      match_servers();
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
    unit_.database = sql(live,
                         "SELECT system_identifier || '/' || d.oid FROM pg_control_system(), "
                         "pg_database d WHERE datname = current_database()");
    const std::string path = event.at("path");
    const std::string name = path.substr(path.find('/') + 1);
    const bool succeeded = path.starts_with("actions/")
                               ? unit_.act(name)
                               : unit_.dispatch(name, event.at("variables"));
    match_servers();
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
        keyserver_is_frozen_ = value.get<bool>();
      } else if (name == "new container") {
        unit_.pebble.restart_container();
      } else if (name == "sql") {
        sql("postgres", value);
      } else {
        throw std::runtime_error("unknown change " + name);
      }
    }
  }

  Json state() {
    const test::FakeJuju& juju = unit_.juju;
    Json state = {{"port", cluster_.port()},
                  {"status", to_json(juju.unit_status)},
                  {"app status", to_json(juju.app_status)},
                  {"version", juju.version},
                  {"ports", juju.ports},
                  {"stored", juju.state},
                  {"plan", unit_.pebble.plan()},
                  {"database", database_content()},
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

  [[nodiscard]] std::string connection_to(const std::string& database) const {
    return "host=" + cluster_.socket_directory().string() +
           " port=" + std::to_string(cluster_.port()) + " user=postgres dbname=" + database;
  }

  std::string sql(const std::string& database, const std::string& statement) const {
    pqxx::connection connection(connection_to(database));
    pqxx::nontransaction session(connection);
    const pqxx::result rows = session.exec(statement);
    return rows.empty() || rows.columns() == 0 ? std::string() : rows[0][0].as<std::string>("");
  }

  /// All rows and all triggers.
  [[nodiscard]] std::string database_content() const {
    return sql(live,
               "SELECT database_to_xml(true, false, '')::text || "
               "coalesce((SELECT string_agg(tgrelid::regclass || ' ' || tgname, ', ' ORDER BY 1) "
               "FROM pg_trigger WHERE NOT tgisinternal), '')");
  }

  fs::path folder_;
  test::PostgresCluster cluster_;
  JournaledUnit unit_;
  std::mutex mutex_;
  bool has_tables_ = false;
  std::atomic<bool> keyserver_is_frozen_ = false;
  std::optional<rehearsal::ToolServer> tools_;
  std::unique_ptr<test::SocketServer> pebble_;
  std::unique_ptr<test::SocketServer> keyserver_;
  std::unique_ptr<test::SocketServer> metrics_;
  std::string content_;  ///< Of the kept database.
  std::string oid_;
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
