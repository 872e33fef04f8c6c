// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "configuration.hpp"
#include "rehearsal/charms/partner/partner.hpp"
#include "rehearsal/charms/partner/proxy.hpp"
#include "requests.hpp"
#include "translation.hpp"

#include <algorithm>

namespace traefik {
namespace {

using charm::Scope;
using charm::StatusKind;
using nlohmann::json;
using rehearsal::partner::Dispatch;
using rehearsal::partner::text_option;

const rehearsal::partner::ProxyProgram haproxy = {
    .name = "haproxy",
    .command = "haproxy -W -db -f /run/proxy.conf -p /run/proxy.pid",
    .reload = "USR2"};

/// Holds data that the original keeps in Traefik's files, and is lost with the container.
constexpr const char* state_file = "/opt/traefik/juju.json";

/// One dispatch of the charm. A relation's own event updates that relation. update-status and all
/// other events rebuild everything, as in the original.
class Charm {
 public:
  explicit Charm(const Dispatch& dispatch) : dispatch_(&dispatch) {}

  /// Throws charm::Error for a failed hook, in the cases in which the original's hook fails.
  void handle() {
    everything_ = !dispatch_->context.relation_id;
    leader_ = dispatch_->tools.is_leader();
    read_state();
    if (!configure()) {
      return;
    }
    for (const charm::Relation& relation : read_relations(*dispatch_, "ingress")) {
      answer_ingress(relation);
    }
    const auto routes = read_relations(*dispatch_, "traefik-route");
    for (const charm::Relation& relation : routes) {
      answer_route(relation);
    }
    const json before = static_;
    merge_static_blocks(routes);
    route(static_ != before);
    write_state();
    report();
  }

 private:
  [[nodiscard]] bool configure() {
    const auto config = dispatch_->tools.config_get();
    const std::string mode = text_option(config, "routing_mode");
    const std::string name = text_option(config, "external_hostname");
    edge_ = {.host = name.empty() ? dispatch_->tools.bind_address("ingress") : name,
             .subdomain = mode == "subdomain"};
    std::string problem;
    if (mode != "path" && mode != "subdomain") {
      problem = "invalid routing mode: " + mode + "; see logs.";
    } else if (edge_.subdomain && name.empty()) {
      problem = "routing_mode subdomain needs external_hostname";
    } else if (edge_.host.empty()) {
      problem = "Traefik load balancer is unable to obtain an IP or hostname from the cluster.";
    }
    if (!problem.empty()) {
      dispatch_->tools.status_set(Scope::unit, {StatusKind::blocked, problem});
    }
    return problem.empty();
  }

  [[nodiscard]] bool concerns(const charm::Relation& relation) const {
    return everything_ || dispatch_->context.relation_id == relation.id;
  }

  /// The file of a removed relation is deleted immediately. Its entry points stay until the next
  /// update of everything.
  void read_state() {
    const auto found = dispatch_->pebble.read({state_file});
    if (found.empty()) {
      everything_ = true;
      return;
    }
    const json state = json::parse(found.begin()->second);
    static_ = state.at("static");
    loaded_ = state.at("loaded");
    if (everything_) {
      return;
    }
    files_ = state.at("files").get<Files>();
    const auto broken = dispatch_->context.broken_relation;
    for (auto file = files_.begin(); broken && file != files_.end();) {
      file = is_of_relation(file->first, *broken) ? files_.erase(file) : std::next(file);
    }
  }

  void write_state() const {
    const json state = {{"static", static_}, {"loaded", loaded_}, {"files", files_}};
    (void)rehearsal::partner::write_changed(dispatch_->pebble,
                                            {{.path = state_file, .content = state.dump(2)}});
  }

  void answer_ingress(const charm::Relation& relation) {
    if (!concerns(relation)) {
      return;
    }
    std::string reason;
    const auto request = read_ingress_request(relation, reason);
    if (!request) {
      refuse("ingress of " + relation.remote_app + " is not ready: " + reason);
      if (everything_) {
        publish(relation, {{"ingress", ""}});
      }
      return;
    }
    files_[file_name("ingress", relation.id, relation.remote_app)] =
        ingress_configuration(*request, edge_);
    // In the form that Python writes.
    publish(relation,
            {{"ingress", R"({"url": )" + json(ingress_url(*request, edge_)).dump() + "}"}});
    settled_ = true;
  }

  void answer_route(const charm::Relation& relation) {
    if (!concerns(relation)) {
      return;
    }
    const RouteRequest request = read_route_request(relation, edge_.host);
    publish(relation, {{"external_host", edge_.host}, {"scheme", "http"}});
    if (!request.present) {
      refuse("traefik-route of " + relation.remote_app + " is not ready: it has no config");
      return;
    }
    const std::string file = file_name("traefik-route", relation.id, relation.remote_app);
    if (request.dynamic_.is_null()) {
      dispatch_->tools.log("ERROR", "the configuration of " + relation.remote_app +
                                        " is not a YAML mapping: ignored");
    } else if (request.dynamic_.empty()) {
      files_.erase(file);
    } else {
      files_[file] = request.dynamic_;
    }
    settled_ = true;
  }

  void publish(const charm::Relation& relation, const charm::Databag& answer) const {
    if (leader_) {
      rehearsal::partner::publish(*dispatch_, relation, Scope::app, answer);
    }
  }

  /// Only the update of everything removes earlier errors, and only it blocks the charm.
  void refuse(const std::string& problem) {
    dispatch_->tools.log(everything_ ? "ERROR" : "INFO", problem);
    if (everything_) {
      problems_.emplace_back("setup of some ingress relation failed");
    }
  }

  void merge_static_blocks(const std::vector<charm::Relation>& routes) {
    if (static_.is_null()) {
      static_ = merge_static({}).value;
    } else if (dispatch_->context.broken_relation) {
      return;
    }
    std::vector<json> blocks;
    std::transform(
        routes.begin(), routes.end(), std::back_inserter(blocks),
        [](const charm::Relation& relation) { return read_route_request(relation, "").static_; });
    try {
      const StaticConfiguration merged = merge_static(blocks);
      for (const std::string& conflict : merged.conflicts) {
        refuse_static(conflict);
      }
      static_ = merged.value;
    } catch (const BadAddress& error) {
      if (everything_) {
        throw;
      }
      refuse_static(error.what());
    }
  }

  /// In the words of the original.
  void refuse_static(const std::string& reason) {
    dispatch_->tools.log("ERROR", reason);
    problems_.emplace_back("Failed to merge traefik-route static configs. Check logs for details.");
  }

  /// Acts as Traefik: loads the directory, or keeps the earlier configuration. After a restart
  /// there is none.
  void route(bool restarted) {
    const auto log = [this](const std::string& problem) { dispatch_->tools.log("ERROR", problem); };
    const Loaded directory = load(files_);
    std::for_each(directory.problems.begin(), directory.problems.end(), log);
    if (directory.refused.empty()) {
      loaded_ = directory.value;
    } else {
      log("Traefik's file provider updates no route of any application: " + directory.refused);
      if (restarted) {
        loaded_ = json::object();
      }
    }
    const Translation translation = translate(loaded_, entry_points(static_));
    std::for_each(translation.dropped.begin(), translation.dropped.end(), log);
    std::for_each(translation.unknown.begin(), translation.unknown.end(), log);
    problems_.insert(problems_.end(), translation.unknown.begin(), translation.unknown.end());
    run_proxy(dispatch_->pebble, haproxy, translation.configuration, static_.dump());
  }

  void report() {
    if (!problems_.empty()) {
      dispatch_->tools.status_set(Scope::unit, {StatusKind::blocked, problems_.front()});
    } else if (everything_ || settled_ || dispatch_->context.broken_relation) {
      dispatch_->tools.status_set(Scope::unit,
                                  {StatusKind::active, "Serving at http://" + edge_.host});
    }
  }

  const Dispatch* dispatch_;
  Edge edge_;
  bool leader_ = false;
  bool everything_ = true;  ///< If false, only the relation of the event.
  bool settled_ = false;    ///< Whether the status has changed.
  Files files_;
  nlohmann::json static_;
  nlohmann::json loaded_ = nlohmann::json::object();  ///< Last accepted by Traefik.
  std::vector<std::string> problems_;                 ///< Of relations; they block the charm.
};

}  // namespace
}  // namespace traefik

int main() {
  return rehearsal::partner::run("traefik", [](const rehearsal::partner::Dispatch& dispatch) {
    traefik::Charm(dispatch).handle();
  });
}
