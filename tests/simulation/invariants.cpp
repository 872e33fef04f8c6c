// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// The invariants of each dispatch, and the state at the end.

#include "charm/handlers/peer_relation.hpp"
#include "rehearsal/model/relations.hpp"
#include "rehearsal/model/secrets.hpp"
#include "tests/simulation/deployment.hpp"

#include <algorithm>
#include <utility>

namespace simulation {

namespace {

constexpr std::int64_t longest_hook = 25;  ///< Seconds: a turn, a start and a rebuild.

/// Fingerprints and digests differ between deployments.
std::string without_digests(const std::string& text) {
  constexpr std::size_t shortest = 40;
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of(digits, i), text.size());
    if (end - i >= shortest) {
      result += "DIGEST";
    } else {
      result.append(text, i, end - i);
    }
    if (end < text.size()) {
      result += text[end];
    }
    i = end + 1;
  }
  return result;
}

void replace_all(std::string& text, const std::string& old, const std::string& fresh) {
  for (auto at = text.find(old); !old.empty() && at != std::string::npos;
       at = text.find(old, at + fresh.size())) {
    text.replace(at, old.size(), fresh);
  }
}

bool names_a_remedy(const std::string& message) {
  const auto has = [&](const std::string& word) { return message.find(word) != std::string::npos; };
  return has("juju ") || has("relation") || has("rotate-admin-key") || has("storage") ||
         std::any_of(our_charm().options.begin(), our_charm().options.end(),
                     [&](const auto& option) { return has(option.first); }) ||
         std::any_of(our_charm().endpoints.begin(), our_charm().endpoints.end(),
                     [&](const auto& endpoint) { return has(endpoint.first); });
}

}  // namespace

Deployment::Before Deployment::before(const std::string& name) {
  const SimulatedUnit& unit = *pods_.at(name);
  return {.service = unit.pebble.current(container),
          .starts = unit.pebble.starts(container),
          .builds = unit.pebble.starts("prefix-tree-build")};
}

/// Whether Juju has told the unit what its leader has written.
bool Deployment::knows_peers(const std::string& name, const rehearsal::Event& event) const {
  const int id = *relation_on("hockeypuck-peers");
  const auto& versions = world_.model.relations.at(id).app_versions;
  const auto written = versions.find(app);
  if (written == versions.end() || (event.relation == id && event.version == written->second)) {
    return true;
  }
  const auto& views = world_.model.unit(name).relations;
  const auto view = views.find(id);
  return view != views.end() && view->second.app_version == written->second;
}

void Deployment::check(const std::string& name, const Ended& ended, const Before& before) {
  SimulatedUnit& unit = *pods_.at(name);
  const std::string where = name + " " + rehearsal::event_name(ended.event) + ": ";
  if (ended.exit == Exit::failed && ended.disturbed != "juju") {
    world_.violate("I6: " + where + ended.error);
  }
  if (world_.figures.longest_hook > longest_hook) {
    world_.violate("I6: " + where + "took " + std::to_string(world_.figures.longest_hook) + " s");
  }
  const int starts = unit.pebble.starts(container) - before.starts;
  world_.figures.restarts += starts;
  const Before after = this->before(name);
  const bool rebuilt = after.builds != before.builds;
  const bool changed =
      std::any_of(unit.pebble.posts.begin(), unit.pebble.posts.end(), [](const std::string& post) {
        return post == "/v1/files write" || post.starts_with("/v1/layers");
      });
  if (starts > 0 && before.service == "active" && !rebuilt && !changed) {
    world_.violate("I7: " + where + "restarted the keyserver without a change");
  }
  // The action may also be the first to find a new password.
  const int most_starts = ended.event.subject == "rotate-admin-key" ? 2 : 1;
  if (starts > most_starts && !rebuilt && !ended.disturbed && !unit.slow_to_start) {
    world_.violate("I7: " + where + "started the keyserver several times");
  }
  if (unit.both_ran) {
    world_.violate("I10: " + where + "the keyserver and the rebuild ran together");
  }
  const rehearsal::StatusInfo& status = world_.model.unit(name).status;
  if (status.status == "blocked" && !names_a_remedy(status.message)) {
    world_.violate("I9: " + where + "the status names no remedy: " + status.message);
  }
  if (!ended.set_active || ended.exit != Exit::succeeded || ended.disturbed) {
    return;
  }
  const auto peers = relation_on("hockeypuck-peers");
  const rehearsal::Bag& bag = world_.model.relations.at(*peers).app_bags[app];
  const auto written = ended.changes.app_settings.find(*peers);
  rehearsal::Bag now = bag;
  if (written != ended.changes.app_settings.end()) {
    for (const auto& [key, value] : written->second) {
      now[key] = value;
    }
  }
  const auto keys = charm::peers::admin_keys(now);
  if (after.service != "active" || unit.slow_to_start) {
    world_.violate("I8: " + where + "active, but the keyserver does not serve");
  } else if (!keys.current || !knows_peers(name, ended.event) ||
             world_.model.unit(name).life != rehearsal::Life::alive) {
    return;  // A unit may serve before the leader has made the first key, before it hears of a new
             // one, or after it has left the peer relation.
  } else if (charm::found(world_.keys, keys.current->fingerprint) !=
             charm::keyserver::StoredKey::present) {
    world_.violate("I8: " + where + "active, but the admin key is not on the keyserver");
  } else if (!unit.takes(keys.current->fingerprint)) {
    world_.violate("I8: " + where + "active, but the keyserver refuses the admin key");
  }
}

/// One key for all units, in one secret, and no other without a reason.
void Deployment::check_admin_key() {
  const auto peers = relation_on("hockeypuck-peers");
  if (!peers) {
    return;
  }
  const auto keys = charm::peers::admin_keys(world_.model.relations.at(*peers).app_bags[app]);
  const std::string fingerprint = keys.current ? keys.current->fingerprint : std::string();
  if (fingerprint.empty() && !known_fingerprint_.empty()) {
    world_.violate("I3: the admin key was lost");
  }
  const bool changed = fingerprint != known_fingerprint_ && !known_fingerprint_.empty();
  if (changed && inputs_.admin_key == 0 && allowed_key_changes_-- == 0) {
    world_.violate("I3: the admin key changed without a reason");
  }
  known_fingerprint_ = fingerprint;
  const auto own = std::count_if(world_.model.secrets.begin(), world_.model.secrets.end(),
                                 [](const auto& entry) { return entry.second.owner == app; });
  if (own > 1) {
    world_.violate("I3: the admin key is stored " + std::to_string(own) + " times");
  }
  if (keys.current &&
      !world_.model.secrets.contains(rehearsal::secret_id_of(keys.current->secret).value_or(""))) {
    world_.violate("I3: the secret of the admin key is gone");
  }
}

std::string Deployment::normal(std::string text) const {
  for (const std::string& name : units()) {
    replace_all(text, world_.model.unit(name).address, "ADDRESS");
  }
  for (const auto& [id, secret] : world_.model.secrets) {
    replace_all(text, id, "SECRET");
  }
  return without_digests(text);
}

EndState Deployment::end_state() const {
  EndState end;
  const rehearsal::Model& model = world_.model;
  for (const std::string& name : units()) {
    const rehearsal::Unit& unit = model.unit(name);
    const SimulatedUnit& simulated = *pods_.at(name);
    end[name + " status"] = normal(unit.status.status + " " + unit.status.message);
    std::string ports;
    for (const std::string& port : unit.ports) {
      ports += port + " ";
    }
    end[name + " ports"] = ports;
    const std::string service = simulated.pebble.current(container);
    end[name + " service"] = service;
    if (service == "active") {
      const auto plan = simulated.pebble.plan();
      end[name + " plan"] = normal(plan.at("services").at(container).dump());
    }
    for (const std::string& path : simulated.files_off_storage()) {
      end[name + " file " + path] = normal(simulated.file(path));
    }
    const bool rebuilds =
        simulated.pebble.files.contains(std::string(charm::prefix_tree::rebuild_path));
    end[name + " rebuild"] = rebuilds ? "yes" : "no";
  }
  for (const auto& [id, relation] : model.relations) {
    const std::string endpoint = rehearsal::end_of(relation, app)->endpoint.name;
    const auto bag = relation.app_bags.find(app);
    for (const auto& [key, value] :
         bag == relation.app_bags.end() ? rehearsal::Bag{} : bag->second) {
      end["relation " + endpoint + " " + normal(key)] = normal(value);
    }
    for (const std::string& name : units()) {
      const auto own = relation.unit_bags.find(name);
      for (const auto& [key, value] :
           own == relation.unit_bags.end() ? rehearsal::Bag{} : own->second) {
        end["relation " + endpoint + " " + name + " " + key] = normal(value);
      }
    }
  }
  const auto& peers = model.relations.at(*relation_on("hockeypuck-peers")).app_bags;
  const auto bag = peers.find(app);
  const auto keys = charm::peers::admin_keys(bag == peers.end() ? rehearsal::Bag{} : bag->second);
  end["admin key of the operator"] =
      keys.current && keys.current->is_brought() ? keys.current->fingerprint : std::string();
  return end;
}

void Deployment::expect_no_more_changes() {
  for (const std::string& name : units()) {
    // The first may do the work of a new hour.
    for (int event = 0; event < 2; ++event) {
      const rehearsal::Millis now = world_.model.now;
      Ended ended =
          pods_.at(name)->dispatch_event({.kind = rehearsal::EventKind::update_status}, {});
      if (event > 0 && ended.writes > 0) {
        world_.violate("I2: another update-status of " + name + " changes something");
      }
      conclude(name, std::move(ended));
      world_.model.now = now;
    }
  }
}

}  // namespace simulation
