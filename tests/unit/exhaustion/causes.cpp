// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/hockeypuck/hockeypuck.hpp"
#include "tests/unit/exhaustion/properties.hpp"

#include <algorithm>
#include <utility>

namespace charm::exhaustion {

namespace {

using keyserver::StoredKey;

/// What the operator must know of a server that does not accept the charm's writes.
Cause cause_of(Server server) {
  switch (server) {
    case Server::refusing:
      return {StatusKind::waiting, "waiting for PostgreSQL to accept the login"};
    case Server::read_only:
      return {StatusKind::waiting, "waiting for a PostgreSQL server that accepts writes"};
    case Server::not_ours:
      return {StatusKind::blocked, "re-create the database relation"};
    case Server::untrusted:
      return {StatusKind::blocked, "PostgreSQL is not trusted"};
    case Server::absent:
    case Server::asleep:
    case Server::failing:
    case Server::ready:
      break;
  }
  return {StatusKind::waiting, "waiting for PostgreSQL to answer"};
}

bool accepts_login(Server server) {
  return server == Server::ready || server == Server::failing;
}

/// The container at the end of a hook, compared with the plan.
struct Container {
  bool files = false;       ///< They are as planned.
  bool definition = false;  ///< The service is as planned.
  bool serves = false;      ///< Its process runs as planned, and serves.
};

Container container_of(const Place& place, const Dispatch& done) {
  const State& state = done.state;
  const WorkloadPlan& wanted = done.plan->workloads.front();
  const auto& files = place.files[state.files];
  const auto& services = place.plans[state.plan].layer.services;
  const std::string name(hockeypuck::service);
  Container found;
  found.files = std::ranges::all_of(wanted.files, [&](const File& file) {
    const auto one = files.find(file.path);
    return one != files.end() && one->second == file.content;
  });
  found.definition = services.contains(name) && services.at(name) == wanted.layer.services.at(name);
  found.serves = found.files && found.definition && state.rebuild == 0 &&
                 state.runs_with == state.files && place.health(state) == KeyserverHealth::serving;
  return found;
}

std::optional<Cause> cause_of_rebuild(const Place& place, const State& state) {
  const Server server = place.surroundings().server;
  if (state.build == Process::active) {
    return Cause{StatusKind::maintenance, "rebuilding the prefix tree"};
  }
  if (!accepts_login(server)) {
    return cause_of(server);
  }
  if (server == Server::failing) {
    return Cause{StatusKind::waiting, "waiting for PostgreSQL to create the block list"};
  }
  return Cause{StatusKind::blocked, "cannot rebuild the prefix tree"};
}

std::optional<Cause> cause_of_keyserver(const Place& place, const Dispatch& done) {
  const State& state = done.state;
  const Server server = place.surroundings().server;
  const Container container = container_of(place, done);
  if (state.rebuild != 0) {
    return cause_of_rebuild(place, state);
  }
  if (container.serves) {
    return std::nullopt;
  }
  if (!accepts_login(server)) {
    return cause_of(server);
  }
  const bool in_place = container.files && container.definition;
  if (server == Server::failing && !(in_place && state.keyserver == Process::backoff)) {
    return Cause{StatusKind::waiting, "waiting for PostgreSQL to create the block list"};
  }
  return Cause{StatusKind::blocked, "hockeypuck does not start"};
}

std::optional<Cause> cause_of_uploads(Place& place, const State& end, const Dispatch& done) {
  const Surroundings& where = place.surroundings();
  // The policy accepts a key of the operator before it becomes the current one. The model gives the
  // retired key a new name only afterwards.
  const State& kept =
      where.brought == Option::readable && end.current != done.state.current ? done.state : end;
  const std::string& digest = place.wanted(kept.current, kept.retired).uploads;
  const auto& memory = done.snapshot.memory;
  const bool known = where.pebble && place.texts[done.state.uploads] == digest && memory &&
                     memory->uploads == digest;
  if (!where.leader || known || where.server == Server::ready) {
    return std::nullopt;
  }
  return where.server == Server::failing
             ? Cause{StatusKind::waiting, "waiting for PostgreSQL to apply the option uploads"}
             : cause_of(where.server);
}

}  // namespace

/// The order is that of the ranking: the first of the most urgent causes is shown.
Cause cause_in(Place& place, const State& end, const Dispatch& done) {
  const Surroundings& where = place.surroundings();
  std::vector<Cause> causes;
  const auto add = [&](bool holds, StatusKind kind, const char* phrase) {
    if (holds) {
      causes.push_back({kind, phrase});
    }
  };
  add(!where.right_settings, StatusKind::blocked, "option query-limit: must be from 1 to 100000");
  add(where.server == Server::absent, StatusKind::blocked, "no database: run juju integrate");
  add(!where.pebble, StatusKind::waiting, "waiting for Pebble in the hockeypuck container");
  add(where.leader && where.brought == Option::unreadable, StatusKind::blocked,
      "option admin-key-secret: not readable, run juju grant-secret");
  if (done.plan->workload_goal == WorkloadGoal::run) {
    if (const auto cause = cause_of_uploads(place, end, done)) {
      causes.push_back(*cause);
    }
    if (where.pebble) {
      if (const auto cause = cause_of_keyserver(place, done)) {
        causes.push_back(*cause);
      } else {
        add(end.record != 0 && record_of(end.record, done.snapshot.now).is_far, StatusKind::active,
            "the prefix tree is out of sync");
        add(end.current == Current::charms && end.found(Key::charms) == StoredKey::revoked,
            StatusKind::blocked, "the admin key is revoked, run rotate-admin-key on the leader");
      }
    }
  }
  add(where.pebble && where.logs == Logs::promtail && !where.programs_work, StatusKind::active,
      "logs are not sent: promtail");
  add(true, StatusKind::active, "uploads: updates only");
  return *std::ranges::max_element(causes, {}, &Cause::kind);
}

std::string fault_of_end(Place& place, const State& end) {
  const Surroundings& where = place.surroundings();
  if (!where.pebble) {
    return {};
  }
  if (where.goal == Goal::stop || where.server == Server::absent) {
    const bool stopped = end.keyserver != Process::active && end.keyserver != Process::backoff &&
                         end.build != Process::active && end.files == 0;
    return stopped ? "" : "a program runs or a file is left";
  }
  if (!where.right_settings || where.server != Server::ready || !where.programs_work) {
    return {};
  }
  if (end.keyserver != Process::active || end.rebuild != 0 ||
      (end.tree != Tree::whole && end.tree != Tree::damaged) ||
      end.files != place.wanted(end.current, end.retired).files || end.runs_with != end.files) {
    return "the keyserver does not run as planned";
  }
  if (!end.settled || (where.leader && !end.policy)) {
    return "Juju or the database is not as planned";
  }
  if (where.leader &&
      (end.current == Current::none || end.retired != Retired::none ||
       (where.brought == Option::readable) != (end.current == Current::operators))) {
    return "the admin key is not as planned";
  }
  const Key key = end.current == Current::operators ? Key::operators : Key::charms;
  return end.current == Current::none || end.found(key) != StoredKey::absent
             ? ""
             : "the keyserver does not have the admin key";
}

}  // namespace charm::exhaustion
