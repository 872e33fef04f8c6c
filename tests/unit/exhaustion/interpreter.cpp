// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The effect of each step on the state, and what the hook sees afterwards.

#include "charm/domain/promtail.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "charm/prefix_tree/tree.hpp"
#include "tests/unit/exhaustion/unit_model.hpp"

#include <string_view>
#include <utility>
#include <variant>

namespace charm::exhaustion {

namespace {

using keyserver::StoredKey;

void stop(Process& process) {
  if (process == Process::active || process == Process::backoff) {
    process = Process::inactive;
  }
}

template <typename Kind>
bool is(const Step& step) {
  return std::holds_alternative<Kind>(step.what);
}

/// Whether the plan depends on the step: as run_hook() has it, but only for steps that change the
/// admin keys.
bool changes_plan(const Step& step) {
  return step.concern == Concern::admin_key &&
         (is<step::MakeAdminKey>(step) || is<step::KeepAdminKey>(step) ||
          is<step::SetDatabags>(step) || is<step::ReadAdminKey>(step));
}

}  // namespace

/// One function for each kind of step, as perform() has it. An effect that succeeds has no answer.
struct Place::Interpreter {
  Place& place;
  Dispatch& dispatch;
  State& state;

  [[nodiscard]] bool serves() const { return place.health(state) == KeyserverHealth::serving; }

  [[nodiscard]] bool queries_fail() const { return place.where_.server == Server::failing; }

  static Refusal failed_query() { return {Refusal::By::database, "the database does not answer"}; }

  Answer operator()(const step::SetPort& set) const {
    if (set.open) {
      dispatch.ports.insert(set.port);
    } else {
      dispatch.ports.erase(set.port);
    }
    return {};
  }

  Answer operator()(const step::SetDatabags& set) const {
    for (const Publication& change : set.changes) {
      if (change.relation != peers_relation) {
        continue;
      }
      for (const auto& [key, value] : change.data) {
        if (value.empty()) {
          dispatch.peers.erase(key);
        } else {
          dispatch.peers[key] = value;
        }
      }
    }
    return {};
  }

  Answer operator()(const step::SetVersion& /*set*/) const { return {}; }

  Answer operator()(const step::Remember& keep) const {
    dispatch.memory = keep.memory;
    return {};
  }

  Answer operator()(const step::SetStatus& /*set*/) const { return {}; }

  Answer operator()(const step::KeepAdminKey& keep) const {
    const auto key = key_of(keep.key.private_key, &Material::secret);
    return reference_to(key.value());
  }

  Answer operator()(const step::ForgetAdminKey& /*forget*/) const { return {}; }

  Answer operator()(const step::ReadAdminKey& read) const {
    const auto key = key_of(read.key.fingerprint, &Material::fingerprint);
    return PrivateKey{material(key.value()).secret};
  }

  Answer operator()(const step::MakeAdminKey& /*make*/) const {
    const Material& made = material(Key::next);
    return NextAdminKey{.private_key = made.secret, .fingerprint = made.fingerprint};
  }

  Answer operator()(const step::PlaceFiles& placing) const {
    for (const File& file : placing.files) {
      if (file.path == prefix_tree::record_path) {
        const auto record = prefix_tree::read_record(file.content);
        state.record = bits_of(record.value(), beginning_of_hook(place.where_.leader));
      } else if (file.path == prefix_tree::rebuild_path) {
        state.rebuild = place.rebuilds.number(prefix_tree::read_rebuild(file.content));
      } else if (file.path == uploads_path) {
        state.uploads = place.texts.number(file.content);
      } else {
        std::uint8_t& number =
            file.path.starts_with(promtail::directory) ? state.promtail_files : state.files;
        Files all = place.files[number];
        all[file.path] = file.content;
        number = place.files.number(all);
      }
    }
    return {};
  }

  Answer operator()(const step::RemovePaths& remove) const {
    for (const std::string& path : remove.paths) {
      if (path == prefix_tree::path) {
        state.tree = Tree::missing;
      } else if (path == prefix_tree::statistics_path) {
        state.closed = false;
      } else if (path == prefix_tree::rebuild_path) {
        state.rebuild = 0;
      } else if (path == uploads_path) {
        state.uploads = 0;
      } else if (path == promtail::directory) {
        state.promtail_files = 0;
      } else if (Files all = place.files[state.files]; all.erase(path) > 0) {
        state.files = all.empty() ? std::uint8_t{0} : place.files.number(all);
      }
    }
    return {};
  }

  Answer operator()(const step::Install& install) const {
    if (!place.where_.programs_work) {
      return Refusal{Refusal::By::download_source, "from loki: HTTP 404"};
    }
    Files all = place.files[state.promtail_files];
    all[install.program.receipt] = install.program.content_sha256;
    state.promtail_files = place.files.number(all);
    return {};
  }

  Answer operator()(const step::AddLayer& add) const {
    state.plan = place.with_layer(state.plan, add.layer);
    const auto define = [&](std::string_view name, Process& process) {
      if (process == Process::unknown && add.layer.services.contains(std::string(name))) {
        process = Process::inactive;
      }
    };
    define(hockeypuck::service, state.keyserver);
    define(prefix_tree::service, state.build);
    define(promtail::service, state.promtail);
    return {};
  }

  Answer operator()(const step::StartService& start) const {
    if (start.service == hockeypuck::service) {
      return start_keyserver();
    }
    if (start.service == prefix_tree::service) {
      return build();
    }
    state.promtail = Process::active;
    return {};
  }

  [[nodiscard]] Answer start_keyserver() const {
    if (state.keyserver == Process::active) {
      return {};  // Pebble does not start a running service again.
    }
    if (state.tree == Tree::damaged || !place.where_.programs_work) {
      state.keyserver = Process::backoff;
      state.runs_with = 0;
      return Refusal{Refusal::By::program, "exited quickly with code 1"};
    }
    state.keyserver = Process::active;
    state.runs_with = state.files;
    state.tree = state.tree == Tree::missing ? Tree::partial : state.tree;
    return {};
  }

  /// A rebuild of few keys ends before the charm looks again.
  [[nodiscard]] Answer build() const {
    if (!place.where_.programs_work) {
      state.build = Process::error;
      state.tree = state.tree == Tree::missing ? Tree::partial : state.tree;
      return Refusal{Refusal::By::program, "exited quickly with code 1"};
    }
    state.build = Process::inactive;
    state.closed = true;
    state.tree = Tree::whole;
    return {};
  }

  Answer operator()(const step::StopServices& stopping) const {
    for (const std::string& service : stopping.services) {
      Process& process = service == hockeypuck::service    ? state.keyserver
                         : service == prefix_tree::service ? state.build
                                                           : state.promtail;
      stop(process);
    }
    state.runs_with = state.keyserver == Process::active ? state.runs_with : std::uint8_t{0};
    return {};
  }

  Answer operator()(const step::SendSignal& /*send*/) const { return {}; }

  Answer operator()(const step::ListDirectory& /*list*/) const {
    return state.tree == Tree::missing ? Names{} : Names{{"CURRENT", "LOCK", "LOG"}};
  }

  Answer operator()(const step::ReadLastOutput& read) const {
    const std::int64_t a_minute_ago =
        beginning_of_hook(place.where_.leader).time_since_epoch().count() - 60;
    if (read.service == prefix_tree::service || state.tree != Tree::damaged) {
      return Text{place.where_.programs_work && read.after >= a_minute_ago ? "" : crash};
    }
    return Text{damage};
  }

  Answer operator()(const step::ProbeDatabase& /*probe*/) const {
    return probe_of(place.where_.server);
  }

  /// Needs a server that accepts writes.
  Answer operator()(const step::PrepareDatabase& /*prepare*/) const {
    return place.where_.server == Server::ready
               ? prefix_tree::DatabaseContent{identity_of_database, true}
               : Answer(failed_query());
  }

  Answer operator()(const step::KeepUploads& /*keep*/) const {
    if (queries_fail()) {
      return failed_query();
    }
    state.policy = true;
    return postgres::KeptUploads{.enforced = true};
  }

  Answer operator()(const step::CountKeys& /*count*/) const {
    return queries_fail() ? Answer(failed_query())
                          : postgres::KeyCount{keys_in_database, keys_in_database};
  }

  Answer operator()(const step::BlockKeys& /*block*/) const { return {}; }

  Answer operator()(const step::UnblockKeys& /*unblock*/) const { return {}; }

  Answer operator()(const step::ImportBlockList& /*list*/) const { return {}; }

  Answer operator()(const step::CountDigests& /*count*/) const {
    return Number{state.tree == Tree::whole ? keys_in_database : 10};
  }

  Answer operator()(const step::AskVersion& /*ask*/) const {
    return Text{serves() ? std::string(hockeypuck::version) : ""};
  }

  Answer operator()(const step::FindKey& find) const {
    const Key key = key_of(find.fingerprint, &Material::fingerprint).value();
    return serves() ? state.found(key) : StoredKey::unknown;
  }

  Answer operator()(const step::UploadKey& upload) const {
    const Key key = key_of(upload.fingerprint, &Material::fingerprint).value();
    if (serves() && upload.armor != material(key).certificate) {
      state.store(key, StoredKey::revoked);
    } else if (serves() && state.found(key) == StoredKey::absent) {
      state.store(key, StoredKey::present);
    }
    return {};
  }

  Answer operator()(const step::UploadKeys& /*upload*/) const { return {}; }

  Answer operator()(const step::DeleteKeys& /*request*/) const { return {}; }

  Answer operator()(const step::TryAdminKey& attempt) const {
    const Key key = key_of(attempt.private_key, &Material::secret).value();
    if (state.keyserver != Process::active) {
      return keyserver::Answer{.status = 0, .body = {}, .error = "connection refused"};
    }
    const bool accepted =
        state.found(key) == StoredKey::present && place.lists(state.runs_with, key);
    return keyserver::Answer{.status = accepted ? 404 : 422, .body = {}, .error = {}};
  }

  Answer operator()(const step::WaitUntil& wait) const {
    dispatch.snapshot.now = wait.time;
    return {};
  }

  Answer operator()(const step::Pause& /*pause*/) const { return {}; }
};

/// Reads again the parts that the step can have changed, as look_again() does.
void Place::look(const Step& step, Dispatch& dispatch) const {
  Workload* workload = dispatch.snapshot.workload ? &*dispatch.snapshot.workload : nullptr;
  if (workload == nullptr) {
    return;
  }
  const State& state = dispatch.state;
  if (is<step::AddLayer>(step)) {
    workload->plan = plans[state.plan].plan;
    read_services(dispatch);
  } else if (is<step::PlaceFiles>(step) || is<step::RemovePaths>(step) || is<step::Install>(step)) {
    read_files(dispatch);
  } else if (is<step::StartService>(step) || is<step::StopServices>(step) ||
             is<step::WaitUntil>(step) || is<step::Pause>(step)) {
    read_services(dispatch);
    dispatch.snapshot.keyserver = health(state);
  } else {
    return;
  }
  workload->tree_is_closed = workload->rebuild && state.build == Process::inactive && state.closed;
}

void Place::take(const Step& step, Dispatch& dispatch) {
  Answer answer = std::visit(Interpreter{*this, dispatch, dispatch.state}, step.what);
  if (changes_plan(step)) {
    dispatch.plan_key += static_cast<char>(step.what.index());
    dispatch.plan_key += static_cast<char>(answer.index());
  }
  dispatch.snapshot.history.add({step, std::move(answer)});
  look(step, dispatch);
  if (changes_plan(step)) {
    dispatch.plan = plan_of(dispatch);
  }
}

}  // namespace charm::exhaustion
