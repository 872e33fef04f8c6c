// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "charm/domain/promtail.hpp"
#include "charm/domain/publication.hpp"
#include "charm/handlers/peer_relation.hpp"
#include "charm/hockeypuck/hockeypuck.hpp"
#include "tests/unit/exhaustion/properties.hpp"

#include <algorithm>
#include <variant>

namespace charm::exhaustion {

namespace {

bool runs(Process process) {
  return process == Process::active || process == Process::backoff;
}

/// Returns the rule if it does not hold.
std::string unless(bool holds, const char* rule) {
  return holds ? std::string() : std::string(rule);
}

/// One rule for each kind of step. The model's state is the truth, and the Snapshot is what the
/// charm knows.
struct Rules {
  const Step& step;
  const Place& place;
  const Dispatch& dispatch;
  const State& state = dispatch.state;
  const Snapshot& snapshot = dispatch.snapshot;
  const History& history = dispatch.snapshot.history;
  const Plan& plan = *dispatch.plan;
  bool leader = place.surroundings().leader;
  bool runs_hook = place.surroundings().goal == Goal::run;

  [[nodiscard]] bool serves() const { return place.health(state) == KeyserverHealth::serving; }

  /// Whether the last hook that ended knew that Juju has the version.
  [[nodiscard]] bool remembers_version() const {
    return snapshot.memory && snapshot.memory->has_version && snapshot.memory->plan &&
           snapshot.workload &&
           snapshot.memory->plan->text_digest == snapshot.workload->plan.digest;
  }

  /// Whether this dispatch knows that the server accepts writes.
  [[nodiscard]] bool accepts_writes(const Database& database) const {
    const Performed* asked = history.last(step::ProbeDatabase{database});
    const auto* result =
        asked == nullptr ? nullptr : std::get_if<postgres::ProbeResult>(&asked->answer);
    return result != nullptr && result->outcome == postgres::Outcome::ready;
  }

  [[nodiscard]] bool any_accepts_writes() const {
    return std::ranges::any_of(plan.workloads, [&](const WorkloadPlan& workload) {
      return accepts_writes(workload.database);
    });
  }

  [[nodiscard]] bool is_planned(const Place::Files& files) const {
    return std::ranges::any_of(plan.workloads, [&](const WorkloadPlan& workload) {
      return std::ranges::all_of(workload.files, [&](const File& file) {
        const auto found = files.find(file.path);
        return found != files.end() && found->second == file.content;
      });
    });
  }

  [[nodiscard]] bool is_prepared() const {
    const auto* done = history.last_of<step::PrepareDatabase>();
    return done != nullptr && refusal_of(done) == nullptr;
  }

  [[nodiscard]] bool is_defined(std::string_view service) const {
    return place.plans[state.plan].layer.services.contains(std::string(service));
  }

  template <typename Kind>
  [[nodiscard]] bool was_done() const {
    return history.last_of<Kind>() != nullptr;
  }

  [[nodiscard]] bool accepts(const std::string& private_key) const {
    const Performed* tried = history.last(step::TryAdminKey{private_key});
    return tried != nullptr && std::get<keyserver::Answer>(tried->answer).status == 404;
  }

  std::string operator()(const step::SetPort& set) const {
    return unless(set.open != dispatch.ports.contains(set.port),
                  "a port is opened only if it is closed");
  }

  std::string operator()(const step::SetDatabags& set) const {
    for (const Publication& change : set.changes) {
      const auto relation = std::ranges::find(snapshot.relations, change.relation, &Relation::id);
      if (relation == snapshot.relations.end() || change.data.empty()) {
        return "a databag is written only if its relation exists and something changes";
      }
      if (change.scope == Scope::app && !leader) {
        return "only the leader writes the application's databag";
      }
    }
    return unless(!set.changes.empty(), "a step changes at least one databag");
  }

  std::string operator()(const step::SetVersion& set) const {
    return unless(!set.version.empty() && serves(), "the version is set once it is known");
  }

  std::string operator()(const step::Remember& /*keep*/) const {
    return unless(runs_hook && !was_done<step::Remember>(), "a hook remembers once");
  }

  std::string operator()(const step::SetStatus& /*set*/) const {
    return unless(runs_hook, "Juju sets the status of a unit that stops");
  }

  std::string operator()(const step::KeepAdminKey& keep) const {
    if (!leader || !runs_hook || was_done<step::KeepAdminKey>()) {
      return "the leader puts one key into use, once in a hook";
    }
    const bool must_go = plan.admin_keys.current && plan.admin_keys.current->is_brought() &&
                         place.surroundings().brought == Option::unset;
    return unless(!plan.admin_keys.current || must_go || accepts(keep.key.private_key),
                  "a key replaces another once the keyserver accepts its requests");
  }

  std::string operator()(const step::ForgetAdminKey& forget) const {
    const AdminKeys published = peers::admin_keys(dispatch.peers);
    return unless(leader && published.current && *published.current != forget.key,
                  "a key is forgotten once another is published");
  }

  std::string operator()(const step::ReadAdminKey& read) const {
    return unless(peers::admin_keys(dispatch.peers).current == read.key,
                  "the key that is read is the published one");
  }

  std::string operator()(const step::MakeAdminKey& /*make*/) const {
    return unless(leader && runs_hook && !was_done<step::MakeAdminKey>(),
                  "the leader makes one key in a hook");
  }

  std::string operator()(const step::PlaceFiles& placing) const {
    for (const File& file : placing.files) {
      if (file.path == hockeypuck::config_path &&
          (plan.workload_goal != WorkloadGoal::run || !any_accepts_writes())) {
        return "a configuration is written once its database accepts writes";
      }
      if (file.path == prefix_tree::record_path && state.rebuild != 0 &&
          (!state.closed || state.tree != Tree::whole)) {
        return "a rebuild is recorded once its tree is complete";
      }
      if (file.path == prefix_tree::rebuild_path && state.rebuild != 0 &&
          place.rebuilds[state.rebuild] == prefix_tree::Rebuild{}) {
        return "a rebuild is written once";
      }
      if (file.path == uploads_path && (!leader || !state.policy)) {
        return "the digest of the policy is written once the database has the policy";
      }
    }
    return unless(!placing.files.empty() || !placing.directories.empty(),
                  "a step places something");
  }

  std::string operator()(const step::RemovePaths& removal) const {
    for (const std::string& path : removal.paths) {
      if (path == prefix_tree::path && (runs(state.keyserver) || runs(state.build))) {
        return "a tree is removed only while no program has it open";
      }
      if (path == prefix_tree::path && state.rebuild == 0) {
        return "a tree is removed only while a rebuild is requested";
      }
      if (path == prefix_tree::rebuild_path && (!state.closed || state.tree != Tree::whole)) {
        return "a rebuild ends with a complete tree";
      }
      if (path == hockeypuck::config_path && runs(state.keyserver)) {
        return "a configuration is removed only while the keyserver is stopped";
      }
      if (path == promtail::directory && runs(state.promtail)) {
        return "promtail is removed only while it is stopped";
      }
      if (path == uploads_path && (!leader || state.uploads == 0)) {
        return "the leader removes the digest of the policy, if there is one";
      }
    }
    return unless(!removal.paths.empty(), "a step removes something");
  }

  std::string operator()(const step::Install& install) const {
    const auto& files = place.files[state.promtail_files];
    return unless(files.contains(std::string(promtail::config_path)) &&
                      !files.contains(install.program.receipt) && !was_done<step::Install>(),
                  "promtail is installed once, after its configuration");
  }

  std::string operator()(const step::AddLayer& add) const {
    const auto is_safe = [&](std::string_view name, Process process) {
      return !add.layer.services.contains(std::string(name)) || !runs(process);
    };
    return unless(is_safe(hockeypuck::service, state.keyserver) &&
                      is_safe(prefix_tree::service, state.build) &&
                      is_safe(promtail::service, state.promtail),
                  "a service gets another definition only while it is stopped");
  }

  std::string operator()(const step::StartService& start) const {
    if (start.service == promtail::service) {
      const auto& files = place.files[state.promtail_files];
      return unless(files.size() == 2 && is_defined(start.service) && !runs(state.promtail),
                    "promtail is started once it is installed and defined");
    }
    if (!is_defined(start.service) || !is_planned(place.files[state.files])) {
      return "a program is started once it is defined and its files are in place";
    }
    if (!any_accepts_writes() || !is_prepared()) {
      return "a program is started once its database accepts writes and is prepared";
    }
    if (start.service == prefix_tree::service) {
      return unless(state.rebuild != 0 && state.tree == Tree::missing && !runs(state.keyserver) &&
                        !runs(state.build),
                    "a rebuild is started without a tree, while no program has it open");
    }
    return unless(state.rebuild == 0 && state.tree != Tree::missing && !runs(state.build) &&
                      (state.keyserver != Process::active || state.runs_with == state.files),
                  "the keyserver is started with a tree, while no rebuild has it open");
  }

  std::string operator()(const step::StopServices& stopping) const {
    for (const std::string& service : stopping.services) {
      const Process process = service == hockeypuck::service    ? state.keyserver
                              : service == prefix_tree::service ? state.build
                                                                : state.promtail;
      if (!runs(process)) {
        return "a service is stopped only if it runs";
      }
      if (service == promtail::service) {
        continue;
      }
      if (plan.workload_goal == WorkloadGoal::leave) {
        return "a wrong option stops nothing";
      }
      if (plan.workload_goal == WorkloadGoal::run && !any_accepts_writes()) {
        return "a database that does not accept writes stops nothing";
      }
      if (step.concern == Concern::keyserver && plan.workload_goal == WorkloadGoal::run &&
          serves() && !is_turn_to_restart()) {
        return "a keyserver that serves is restarted in its turn";
      }
    }
    return unless(!stopping.services.empty(), "a step stops at least one service");
  }

  /// There are two units, and each turn lasts four seconds.
  [[nodiscard]] bool is_turn_to_restart() const {
    return snapshot.now.time_since_epoch().count() / 4 % 2 == (leader ? 0 : 1);
  }

  std::string operator()(const step::SendSignal& /*send*/) const {
    return unless(state.keyserver == Process::active, "only a process gets a signal");
  }

  std::string operator()(const step::ListDirectory& /*list*/) const {
    return unless(!runs(state.build), "a tree is inspected while no rebuild has it open");
  }

  std::string operator()(const step::ReadLastOutput& read) const {
    return unless(
        (read.service == hockeypuck::service ? state.keyserver : state.build) != Process::active,
        "the last output is read of a program that ended");
  }

  std::string operator()(const step::ProbeDatabase& probe) const {
    const bool is_wanted = std::ranges::any_of(plan.workloads, [&](const WorkloadPlan& workload) {
      return workload.database == probe.database;
    });
    return unless(is_wanted && !history.contains(probe), "a planned database is asked once");
  }

  std::string operator()(const step::PrepareDatabase& prepare) const {
    return unless((accepts_writes(prepare.database) || serves()) && !history.contains(prepare),
                  "a database that accepts writes is prepared once");
  }

  std::string operator()(const step::KeepUploads& keep) const {
    const bool removed =
        state.uploads == 0 || !snapshot.workload;  // Other units serve without this container.
    return unless(leader && accepts_writes(keep.database) && removed,
                  "the leader changes the policy after it removed the digest");
  }

  std::string operator()(const step::CountKeys& count) const {
    return unless(accepts_writes(count.database) || serves(), "a database that answers is counted");
  }

  std::string operator()(const step::CountDigests& /*count*/) const {
    return unless(serves(), "a keyserver that serves is asked");
  }

  std::string operator()(const step::AskVersion& /*ask*/) const {
    return unless(serves() && (was_done<step::StartService>() || !remembers_version()),
                  "the version is asked after a start, or if Juju may not have it");
  }

  std::string operator()(const step::FindKey& /*find*/) const {
    return unless(serves(), "a keyserver that serves is asked for a key");
  }

  std::string operator()(const step::UploadKey& upload) const {
    const bool revokes = std::ranges::any_of(
        plan.admin_keys.retired,
        [&](const RetiredAdminKey& key) { return key.revocation == upload.armor; });
    if (!revokes) {
      return unless(serves(), "a key is uploaded to a keyserver that serves");
    }
    const Performed* tried = history.last_of<step::TryAdminKey>();
    return unless(leader && serves() && !was_done<step::KeepAdminKey>() && tried != nullptr &&
                      std::get<keyserver::Answer>(tried->answer).status == 404,
                  "a key is revoked once Juju has committed another one that works");
  }

  std::string operator()(const step::TryAdminKey& /*attempt*/) const {
    return unless(serves(), "a key is tried on a keyserver that serves");
  }

  std::string operator()(const step::WaitUntil& wait) const {
    return unless(serves() && wait.time > snapshot.now &&
                      wait.time <= snapshot.now + longest_wait && !was_done<step::WaitUntil>(),
                  "a keyserver that serves waits once for its turn");
  }

  std::string operator()(const step::Pause& /*pause*/) const {
    return unless(was_done<step::StartService>(), "a hook pauses only after a start");
  }

  template <typename OfAnAction>
  std::string operator()(const OfAnAction& /*step*/) const {
    return "no hook does the step of an action";
  }
};

bool needs_pebble(const Step::What& what) {
  return std::holds_alternative<step::PlaceFiles>(what) ||
         std::holds_alternative<step::RemovePaths>(what) ||
         std::holds_alternative<step::Install>(what) ||
         std::holds_alternative<step::AddLayer>(what) ||
         std::holds_alternative<step::StartService>(what) ||
         std::holds_alternative<step::StopServices>(what) ||
         std::holds_alternative<step::SendSignal>(what) ||
         std::holds_alternative<step::ListDirectory>(what) ||
         std::holds_alternative<step::ReadLastOutput>(what);
}

}  // namespace

std::string broken_rule(const Step& step, const Place& place, const Dispatch& dispatch) {
  if (needs_pebble(step.what) && !dispatch.snapshot.workload) {
    return "Pebble is asked only if it answers";
  }
  return std::visit(Rules{.step = step, .place = place, .dispatch = dispatch}, step.what);
}

}  // namespace charm::exhaustion
