// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/store.hpp"

#include "rehearsal/model/model.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nlohmann {

template <typename Value>
struct adl_serializer<std::optional<Value>> {
  static void to_json(json& out, const std::optional<Value>& value) {
    out = value ? json(*value) : json(nullptr);
  }

  static void from_json(const json& in, std::optional<Value>& value) {
    if (in.is_null()) {
      value.reset();
    } else {
      value = in.get<Value>();
    }
  }
};

template <>
struct adl_serializer<rehearsal::ConfigValue> {
  static void to_json(json& out, const rehearsal::ConfigValue& value) {
    std::visit([&out](const auto& held) { out = held; }, value);
  }

  static void from_json(const json& in, rehearsal::ConfigValue& value) {
    if (in.is_boolean()) {
      value = in.get<bool>();
    } else if (in.is_number_integer()) {
      value = in.get<std::int64_t>();
    } else if (in.is_number()) {
      value = in.get<double>();
    } else {
      value = in.get<std::string>();
    }
  }
};

template <>
struct adl_serializer<rehearsal::EventKind> {
  static void to_json(json& out, rehearsal::EventKind kind) {
    out = std::string(rehearsal::kind_name(kind));
  }

  static void from_json(const json& in, rehearsal::EventKind& kind) {
    kind = rehearsal::kind_named(in.get<std::string>());
  }
};

}  // namespace nlohmann

namespace rehearsal {
namespace {

namespace fs = std::filesystem;

std::uint64_t seed_of_the_day() {
  const char* given = std::getenv("REHEARSAL_SEED");
  return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}

std::string new_uuid(Model& model) {
  std::string uuid;
  for (int digit = 0; digit < 36; ++digit) {
    const bool dash = digit == 8 || digit == 13 || digit == 18 || digit == 23;
    uuid += dash ? '-' : "0123456789abcdef"[draw(model, 16)];
  }
  // Version 4, variant 1: charms check both.
  uuid[14] = '4';
  uuid[19] = "89ab"[uuid[19] % 4];
  return uuid;
}

/// The lowest that no other model of the folder has.
int free_subnet(const fs::path& models) {
  constexpr int most = 126;
  std::set<int> taken;
  for (const fs::directory_entry& entry : fs::directory_iterator(models)) {
    std::ifstream file(entry.path() / "model.json");
    const auto json = nlohmann::json::parse(file, nullptr, false);
    if (json.is_object()) {
      taken.insert(json.value("subnet", 1));
    }
  }
  int subnet = 1;
  while (taken.count(subnet) > 0) {
    ++subnet;
  }
  if (subnet > most) {
    throw UserError("too many models: destroy one first");
  }
  return subnet;
}

Model new_model(const std::string& name) {
  Model model{.name = name, .seed = seed_of_the_day(), .now = wall_clock()};
  if (const char* version = std::getenv("REHEARSAL_JUJU_VERSION"); version != nullptr) {
    model.juju_version = version;
  }
  const char* clock = std::getenv("REHEARSAL_CHARM_CLOCK");
  model.moves_charms = clock != nullptr && std::string_view(clock) == "model";
  model.random = model.seed;
  model.uuid = new_uuid(model);
  return model;
}

void append_line(const fs::path& file, const std::string& line) {
  std::ofstream(file, std::ios::app) << line << "\n";
}

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void write_durably(const fs::path& file, const std::string& text) {
  const fs::path next = file.string() + ".new";
  const int descriptor = open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    fail("open " + next.string());
  }
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t size = write(descriptor, text.data() + written, text.size() - written);
    if (size < 0) {
      close(descriptor);
      fail("write " + next.string());
    }
    written += static_cast<std::size_t>(size);
  }
  close(descriptor);
  fs::rename(next, file);
}

}  // namespace

NLOHMANN_JSON_SERIALIZE_ENUM(Life, {{Life::alive, "alive"}, {Life::dying, "dying"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Role, {{Role::provider, "provider"},
                                    {Role::requirer, "requirer"},
                                    {Role::peer, "peer"}})

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Event, kind, subject, relation, remote_app,
                                                remote_unit, departing_unit, version, notice_id,
                                                notice_key, check, storage_id, secret_id,
                                                secret_revision, action_id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Endpoint, name, interface, role, limit)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StatusInfo, status, message, since)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(FailedHook, event, attempts, retry_at)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RelationView, created, broken, members, app_version,
                                                changed_pending)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ContainerView, boot_id, notices_after)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(WorkloadEvent, event, not_before)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(StorageInstance, id, name, location)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Unit, name, app, life, revision, address, pod,
                                                replace_pod, stop_skipped, installed, started,
                                                stopped, upgrade_pending, agent_restarted,
                                                leader_announced, config_seen, queued, failed,
                                                relations, storage, attached, containers,
                                                workload_events, state, ports, status, status_set,
                                                agent, update_status_due)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Application, name, source, revision, life, scale,
                                                trust, config, resources, leader, status,
                                                workload_version, volumes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(RelationEnd, app, endpoint)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Relation, id, life, ends, scope, unit_bags,
                                                app_bags, unit_versions, app_versions)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SecretRevision, content, remove_announced, created)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SecretConsumer, label, tracked, announced)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(SecretGrant, relation, target)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Secret, id, owner, name, label, description, rotate,
                                                created, revisions, grants, consumers)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Task, id, unit, action, params, status, message,
                                                results, log, enqueued, completed)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Model, name, uuid, juju_version, moves_charms, seed,
                                                random, now, update_status_interval,
                                                automatically_retry_hooks, settings, constraints,
                                                looked_at, next_relation, next_storage, next_task,
                                                subnet, next_address, next_record, applications,
                                                units, relations, secrets, tasks, services)

std::string model_to_json(const Model& model) {
  return nlohmann::json(model).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Model model_from_json(const std::string& text) {
  return nlohmann::json::parse(text).get<Model>();
}

FileLock::FileLock(const fs::path& file)
    : descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (descriptor_ < 0) {
    fail("open " + file.string());
  }
  while (flock(descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) {
      close(descriptor_);
      fail("lock " + file.string());
    }
  }
}

FileLock::~FileLock() {
  close(descriptor_);
}

Store::Store(fs::path directory) : directory_(std::move(directory)) {
  fs::create_directories(directory_);
  // The model contains secrets.
  chmod(directory_.c_str(), 0700);
  lock_.emplace(directory_ / "lock");
}

Model Store::load(const std::string& name) const {
  std::ifstream file(directory_ / "model.json");
  if (!file) {
    return make(name);
  }
  std::ostringstream text;
  text << file.rdbuf();
  Model model = model_from_json(text.str());
  for (auto& [app_name, app] : model.applications) {
    app.charm = read_charm(charm_directory(app_name, app.revision));
  }
  return model;
}

Model Store::make(const std::string& name) const {
  const fs::path models = directory_.parent_path();
  const FileLock lock(models / ".lock");
  Model model = new_model(name);
  model.subnet = free_subnet(models);
  save(model);
  return model;
}

void Store::save(const Model& model) const {
  write_durably(directory_ / "model.json", model_to_json(model));
}

void Store::append_log(const LogLine& line) const {
  append_line(log_file(), format_log_line(line));
}

void Store::append_record(const DispatchRecord& record) const {
  append_line(record_file(), record_to_json(record));
}

fs::path Store::charm_directory(const std::string& app, int revision) const {
  return directory_ / "charms" / (app + "-" + std::to_string(revision));
}

void Store::keep_charm(const fs::path& source, const std::string& app, int revision) const {
  const fs::path place = charm_directory(app, revision);
  fs::remove_all(place);
  fs::create_directories(place.parent_path());
  fs::create_directory(place);
  for (const auto& entry : fs::directory_iterator(source)) {
    const std::string name = entry.path().filename().string();
    // A charm that was built in place contains CMake's files.
    if (name != "CMakeFiles" && !name.ends_with(".cmake")) {
      fs::copy(entry.path(), place / name,
               fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    }
  }
}

void Store::remove() const {
  fs::remove_all(directory_);
}

fs::path models_directory() {
  if (const char* directory = std::getenv("REHEARSAL_DIR"); directory != nullptr) {
    return fs::absolute(directory);
  }
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0') {
    return fs::path(state) / "rehearsal";
  }
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "/root" : home) / ".local/state/rehearsal";
}

}  // namespace rehearsal
