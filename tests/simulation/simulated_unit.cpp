// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulated_unit.hpp"

#include "charm/download/download.hpp"
#include "charm/hook/hook.hpp"
#include "charm/openpgp/armor.hpp"
#include "src/app/run_action.hpp"
#include "src/openpgp/packet.hpp"
#include "src/openpgp/transferable_key.hpp"
#include "tests/unit/hook/log_to_juju.hpp"
#include "tests/unit/hook/outside.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <utility>

namespace simulation {

namespace {

using charm::juju::CommandResult;

constexpr std::array<std::string_view, 5> disturbances = {"error", "lost answer", "kill before",
                                                          "kill after", "stale read"};

/// A part of every secret that the partners and the charm make.
constexpr std::array<std::string_view, 2> canaries = {"canary", "PRIVATE KEY BLOCK"};

bool has_canary(std::string_view text) {
  return std::any_of(canaries.begin(), canaries.end(), [text](std::string_view canary) {
    return text.find(canary) != std::string_view::npos;
  });
}

/// The journal has the beginning of each answer of Juju.
constexpr std::size_t longest_answer = 200;

/// Answers of Juju that may be older than the last event: those about others.
bool may_be_stale(const std::vector<std::string>& argv, const std::string& unit) {
  static const std::set<std::string> tools = {"config-get", "is-leader", "relation-get",
                                              "relation-list"};
  const std::string& subject = argv.back();
  return tools.contains(argv.front()) && subject != unit && subject != rehearsal::app_of(unit);
}

bool writes(const std::string& tool) {
  static const std::set<std::string> tools = {"close-port", "open-port",   "relation-set",
                                              "secret-add", "secret-set",  "secret-remove",
                                              "state-set",  "state-delete"};
  return tools.contains(tool);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += word + " ";
  }
  return text;
}

}  // namespace

std::string_view name_of(Disturbance disturbance) {
  return disturbances.at(static_cast<std::size_t>(disturbance));
}

void Journal::add(std::string_view line) {
  for (const char character : line) {
    digest_ = (digest_ ^ static_cast<unsigned char>(character)) * 0x100000001b3ULL;
  }
  if (keeps_lines_) {
    lines_.append(line).append("\n");
  }
}

template <typename Act, typename Fail>
auto SimulatedUnit::affect(const char* door, const std::string& what, Act act, Fail fail) {
  const auto disturbance = next_disturbance(door, what);
  if (killed_ || disturbance == Disturbance::kill_before) {
    killed_ = true;
    throw charm::Killed{};
  }
  if (disturbance == Disturbance::error) {
    return decltype(act())(fail());
  }
  auto answer = act();
  if (disturbance == Disturbance::kill_after) {
    killed_ = true;
    throw charm::Killed{};
  }
  if (disturbance == Disturbance::lost_answer) {
    return decltype(act())(fail());
  }
  return answer;
}

/// The doors of one unit, with faults.
class SimulatedUnit::Doors final : public charm::DispatchedUnit::Outside {
 public:
  explicit Doors(SimulatedUnit& unit) : Outside(unit), unit_(unit) {}

  [[nodiscard]] charm::KeyserverHealth health() const override {
    return unit_.affect(
        keyserver, "health", [this] { return Outside::health(); },
        [] { return charm::KeyserverHealth::unreachable; });
  }

  [[nodiscard]] std::string version() const override {
    return unit_.affect(
        keyserver, "version", [this] { return Outside::version(); }, [] { return std::string(); });
  }

  [[nodiscard]] charm::keyserver::Answer statistics() const override {
    return unit_.affect(
        keyserver, "statistics", [this] { return Outside::statistics(); }, no_answer);
  }

  [[nodiscard]] charm::keyserver::StoredKey find(const std::string& fingerprint) const override {
    return unit_.affect(
        keyserver, "find " + fingerprint, [&] { return Outside::find(fingerprint); },
        [] { return charm::keyserver::StoredKey::unknown; });
  }

  [[nodiscard]] charm::keyserver::Answer add(const std::string& armor) const override {
    return unit_.affect(
        keyserver, "add", [&] { return Outside::add(armor); }, no_answer);
  }

  [[nodiscard]] charm::keyserver::Answer remove(const std::string& request,
                                                const std::string& signature) const override {
    return unit_.affect(
        keyserver, "remove", [&] { return Outside::remove(request, signature); }, no_answer);
  }

  [[nodiscard]] charm::postgres::ProbeResult probe(const charm::Database& server) override {
    return unit_.affect(
        database, "probe " + server.host, [&] { return Outside::probe(server); },
        [] { return charm::postgres::ProbeResult{.cause = "connection refused"}; });
  }

  [[nodiscard]] charm::prefix_tree::DatabaseContent prepare(
      const charm::Database& server) override {
    return unit_.affect(
        database, "prepare " + server.host, [&] { return Outside::prepare(server); },
        refused<charm::prefix_tree::DatabaseContent>);
  }

  charm::postgres::KeptUploads keep_uploads(const charm::Database& server,
                                            const charm::UploadPolicy& policy) override {
    return unit_.affect(
        database, "keep uploads " + server.host,
        [&] { return Outside::keep_uploads(server, policy); },
        refused<charm::postgres::KeptUploads>);
  }

  [[nodiscard]] charm::postgres::KeyCount count_keys(const charm::Database& server,
                                                     std::chrono::seconds settling) override {
    return unit_.affect(
        database, "count keys " + server.host,
        [&] { return Outside::count_keys(server, settling); }, refused<charm::postgres::KeyCount>);
  }

  using Outside::fetch;

  [[nodiscard]] std::string fetch(const charm::Download& program,
                                  const charm::Egress& egress) override {
    return unit_.affect(
        "download", program.url, [&] { return Outside::fetch(program, egress); },
        []() -> std::string { throw charm::download::DownloadError("connection reset"); });
  }

  [[nodiscard]] charm::openpgp::AdminKey admin_key(const std::string& /*user_id*/,
                                                   std::chrono::sys_seconds /*created*/) override {
    return key_number(unit_.keys_made++);
  }

 private:
  static constexpr const char* keyserver = "keyserver";
  static constexpr const char* database = "database";

  static charm::keyserver::Answer no_answer() {
    return {.status = 0, .body = {}, .error = "timed out"};
  }

  template <typename Answer>
  static Answer refused() {
    throw charm::postgres::DatabaseError(charm::postgres::Outcome::unreachable,
                                         "the connection was lost");
  }

  SimulatedUnit& unit_;
};

SimulatedUnit::SimulatedUnit(World& world, std::string name)
    : world_(world), name_(std::move(name)) {}

const charm::openpgp::AdminKey& SimulatedUnit::key_number(std::size_t number) {
  using namespace charm::openpgp;
  static std::deque<AdminKey> keys;  // A deque keeps references to its elements valid.
  constexpr std::chrono::sys_seconds created{std::chrono::days(20'000)};
  while (keys.size() <= number) {
    std::string seed = "admin key " + std::to_string(keys.size());
    seed.resize(32, '.');
    const TransferableKey key = new_transferable_key(seed, "Administrator", created);
    const Octets octets = octets_of(secret_packets(key));
    const Octets armor = armored_text(ArmorType::private_key, octets);
    keys.push_back(AdminKey::from_armor(std::string_view(armor), created));
  }
  return keys[number];
}

rehearsal::HookContext SimulatedUnit::context_of(const rehearsal::Event& event) {
  return {.model = world_.model,
          .unit_name = name_,
          .event = event,
          .id = rehearsal::new_context_id(world_.model, name_, event),
          .leader = world_.model.is_leader(name_),
          .random = rehearsal::draw(world_.model, 1'000'000'007),
          .log = [](const std::string&, const std::string&, const std::string&) {},
          .names_changed = [] {}};
}

Ended SimulatedUnit::dispatch_event(const rehearsal::Event& event, std::optional<Fault> fault) {
  Ended ended{.event = event};
  rehearsal::HookContext hook = context_of(event);
  if (event.kind == rehearsal::EventKind::action) {
    ended.task = world_.model.tasks.at(event.action_id);
    hook.task = &ended.task;
  }
  world_.journal.add(name_ + " " + rehearsal::event_name(event));
  share_world();
  hook_ = &hook;
  ended_ = &ended;
  fault_ = fault;
  effects_ = 0;
  killed_ = false;
  told_leader_ = false;
  try {
    run_charm(event, hook.id);
  } catch (const charm::Killed&) {
    killed_ = true;
  } catch (const std::exception& error) {
    ended.exit = Exit::failed;
    ended.error = error.what();
  }
  if (killed_) {
    ended.exit = Exit::killed;
  }
  give_back();
  world_.figures.effects += effects_;
  ended.action_failed = hook.task_failed;
  ended.changes = std::move(hook.changes);
  world_.journal.add("outcome " + std::to_string(static_cast<int>(ended.exit)) + ended.error);
  return ended;
}

/// As the process of the charm does it.
void SimulatedUnit::run_charm(const rehearsal::Event& event, const std::string& context_id) {
  const auto context = charm::juju::Context::from(
      rehearsal::dispatch_environment(world_.model, name_, event, context_id));
  const charm::juju::HookTools tools(*this);
  const charm::pebble::Client client(*this);
  const charm::LogToJuju log(tools);
  Doors outside(*this);
  const charm::Doors doors = outside.doors(tools, client);
  if (event.kind == rehearsal::EventKind::action) {
    charm::run_action(context, doors);
  } else {
    charm::run_hook(context, doors, charm::observe(context, doors));
  }
  log.flush();
}

void SimulatedUnit::share_world() {
  now = std::chrono::sys_seconds(std::chrono::seconds(world_.model.now / rehearsal::one_second));
  servers = world_.servers;
  keys = world_.keys;
  keys_made = world_.keys_made;
  key_count = world_.key_count;
  uploads = world_.uploads;
  has_tables = world_.has_tables;
  database_fails = world_.database_fails;
  probed.clear();
  arguments.clear();
  asked_for.clear();
  pebble.posts.clear();
  pebble.signals.clear();
}

void SimulatedUnit::give_back() {
  const auto end = now.time_since_epoch().count() * rehearsal::one_second;
  const auto lasted = (end - world_.model.now) / rehearsal::one_second;
  world_.figures.longest_hook = std::max(world_.figures.longest_hook, lasted);
  world_.model.now = std::max(world_.model.now, end);
  world_.keys = keys;
  world_.keys_made = keys_made;
  world_.uploads = uploads;
  world_.has_tables = has_tables;
}

std::optional<Disturbance> SimulatedUnit::next_disturbance(const char* door,
                                                           const std::string& what) {
  world_.journal.add(std::string(door) + " " + what);
  const int effect = effects_++;
  if (!fault_ || fault_->effect != effect) {
    return std::nullopt;
  }
  const std::string name(name_of(fault_->disturbance));
  ++world_.figures.faults[name + ", " + door];
  world_.journal.add("fault: " + name);
  ended_->disturbed = door;
  return fault_->disturbance;
}

CommandResult SimulatedUnit::run(const std::vector<std::string>& argv, std::string_view input) {
  const std::string& tool = argv.front();
  const bool is_stale = fault_ && fault_->effect == effects_ &&
                        fault_->disturbance == Disturbance::stale && may_be_stale(argv, name_) &&
                        last_answers_.contains(argv);
  const CommandResult failure{.exit_code = 1, .out = {}, .err = "ERROR connection is shut down"};
  CommandResult result = affect(
      "juju", tool == "secret-add" ? tool : joined(argv),  // It names a temporary file.
      [&] { return is_stale ? last_answers_.at(argv) : test::run_hook_tool(*hook_, argv, input); },
      [&] { return failure; });
  world_.journal.add(result.out.substr(0, longest_answer));
  watch_tool(argv, input);
  if (tool == "is-leader") {
    told_leader_ = result.out.find("true") != std::string::npos;
  }
  if (may_be_stale(argv, name_)) {
    last_answers_[argv] = result;
  }
  return result;
}

void SimulatedUnit::watch_tool(const std::vector<std::string>& argv, std::string_view input) {
  const std::string& tool = argv.front();
  const std::string words = joined(argv);
  ended_->writes += writes(tool) ? 1 : 0;
  if (tool == "status-set") {
    ended_->set_active = std::find(argv.begin(), argv.end(), "active") != argv.end();
  }
  const bool of_app = words.find("--app") != std::string::npos && tool == "relation-set";
  if ((of_app || tool.starts_with("secret-add") || tool == "secret-remove") && !told_leader_) {
    world_.violate("I5: a unit that is not the leader wrote with " + tool);
  }
  if (has_canary(words) || (tool != "secret-add" && has_canary(input))) {
    world_.violate("I4: a secret was passed to " + tool);
  }
}

charm::pebble::Response SimulatedUnit::send(const charm::pebble::Request& request,
                                            std::chrono::milliseconds limit) {
  watch_request(request);
  return affect(
      "pebble",
      request.method + " " + request.target + " " +
          std::to_string(std::hash<std::string>{}(request.body)),
      [&] { return DispatchedUnit::send(request, limit); },
      [&]() -> charm::pebble::Response {
        throw charm::pebble::ConnectionError(request.target + ": connection reset by peer");
      });
}

void SimulatedUnit::watch_request(const charm::pebble::Request& request) {
  if (request.method != "POST") {
    return;
  }
  const bool is_file = request.target == "/v1/files";
  if (!is_file && has_canary(request.body)) {
    world_.violate("I4: a secret was passed to Pebble in " + request.target);
  }
  ++ended_->writes;
  const bool removes_tree = is_file && request.body.find("\"remove\"") != std::string::npos &&
                            request.body.find(charm::prefix_tree::path) != std::string::npos;
  if (removes_tree && !pebble.files.contains(std::string(charm::prefix_tree::rebuild_path))) {
    world_.violate("I10: the prefix tree was removed without a rebuild");
  }
}

}  // namespace simulation
