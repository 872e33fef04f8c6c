// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "ingress.hpp"
#include "rehearsal/charms/partner/partner.hpp"
#include "rehearsal/charms/partner/proxy.hpp"

#include <nlohmann/json.hpp>

namespace nginx_ingress {
namespace {

using charm::Scope;
using charm::StatusKind;
using rehearsal::partner::Dispatch;
using rehearsal::partner::text_option;
using rehearsal::partner::words;

Options read_options(const Dispatch& dispatch) {
  const auto config = dispatch.tools.config_get();
  return {
      .service_hostname = text_option(config, "service-hostname"),
      .additional_hostnames = words(text_option(config, "additional-hostnames")),
      .path_routes = words(text_option(config, "path-routes")),
      .rewrite_enabled = std::get<bool>(config.at("rewrite-enabled")),
      .rewrite_target = text_option(config, "rewrite-target"),
      .max_body_megabytes = static_cast<int>(std::get<std::int64_t>(config.at("max-body-size")))};
}

const rehearsal::partner::ProxyProgram nginx = {
    .name = "nginx", .command = "nginx -c /run/proxy.conf", .reload = "HUP"};

void serve(const Dispatch& dispatch, const charm::Relation& relation) {
  const Ingress ingress = make_ingress(relation, read_options(dispatch));
  run_proxy(dispatch.pebble, nginx, controller_configuration(ingress));
  // In the form that Python writes.
  const std::string url = nlohmann::json(ingress.url).dump();
  publish(dispatch, relation, Scope::app, {{"ingress", R"({"url": )" + url + "}"}});
  dispatch.tools.status_set(
      Scope::unit,
      {StatusKind::active, "Ingress IP(s): " + dispatch.tools.bind_address("ingress")});
}

void withdraw(const Dispatch& dispatch, const std::vector<charm::Relation>& relations) {
  for (const charm::Relation& relation : relations) {
    publish(dispatch, relation, Scope::app, {{"ingress", ""}});
  }
  run_proxy(dispatch.pebble, nginx, controller_configuration({}));
}

void reconcile(const Dispatch& dispatch) {
  const auto relations = read_relations(dispatch, "ingress");
  try {
    if (relations.empty()) {
      throw Blocked("Relation is not established");
    }
    serve(dispatch, relations.front());
  } catch (const NothingPublished& reason) {
    withdraw(dispatch, relations);
    dispatch.tools.status_set(Scope::unit, {StatusKind::waiting, reason.what()});
  } catch (const Blocked& reason) {
    withdraw(dispatch, relations);
    dispatch.tools.status_set(Scope::unit, {StatusKind::blocked, reason.what()});
  }
}

void handle(const Dispatch& dispatch) {
  if (dispatch.tools.is_leader()) {
    reconcile(dispatch);
  } else {
    dispatch.tools.status_set(Scope::unit,
                              {StatusKind::waiting, "only the leader configures the ingress"});
  }
}

}  // namespace
}  // namespace nginx_ingress

int main() {
  return rehearsal::partner::run("nginx", nginx_ingress::handle);
}
