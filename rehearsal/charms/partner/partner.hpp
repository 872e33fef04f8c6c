// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/juju/command_runner.hpp"
#include "charm/juju/context.hpp"
#include "charm/juju/hook_tools.hpp"
#include "charm/pebble/client.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What every partner charm of the rehearsal is made of. A partner behaves as the charm whose name
/// it has, as far as its requirers can see, and refuses what that charm refuses.
namespace rehearsal::partner {

/// The world of one dispatch.
struct Dispatch {
  const charm::juju::Context& context;
  charm::juju::CommandRunner& runner;
  const charm::juju::HookTools& tools;
  const charm::pebble::Client& pebble;  ///< Of the charm's only container.

  [[nodiscard]] std::string application() const;
};

/// The body of a partner's `main`: runs `charm` for the event or action that the environment names,
/// unless the unit is being stopped. An exception fails an action with its text, or the hook with
/// exit code 1. While Pebble cannot be reached, a hook only sets the status waiting.
[[nodiscard]] int run(std::string_view container,
                      const std::function<void(const Dispatch&)>& charm);

/// An option that is a text; empty where it is not set.
[[nodiscard]] std::string text_option(const std::map<std::string, charm::ConfigValue>& config,
                                      const std::string& name);

/// The relations of an endpoint with every databag that this unit may read; one that is being
/// broken is left out.
[[nodiscard]] std::vector<charm::Relation> read_relations(const Dispatch& dispatch,
                                                          std::string_view endpoint);

/// The value of a key; empty without one.
[[nodiscard]] std::string value_of(const charm::Databag& bag, const std::string& key);

/// What another charm has written is not what its interface asks for.
class InvalidData : public charm::Error {
 public:
  using Error::Error;
};

/// The value of a key as JSON; null without one. Throws InvalidData.
[[nodiscard]] nlohmann::json json_value(const charm::Databag& bag, const std::string& key);

/// The value of a key as a JSON string. Throws InvalidData for anything else.
[[nodiscard]] std::string json_text(const charm::Databag& bag, const std::string& key);

/// The parts between commas that are not empty.
[[nodiscard]] std::vector<std::string> words(const std::string& text);

/// Writes the keys of `wanted` that our databag does not have; an empty value deletes the key.
/// Scope::app is the leader's.
void publish(const Dispatch& dispatch, const charm::Relation& relation, charm::Scope scope,
             const charm::Databag& wanted);

/// Lets the Kubernetes service `name` lead to this unit, as a charm does that patches a Service: at
/// once, not at the end of the hook.
void point_service(charm::juju::CommandRunner& runner, const std::string& name,
                   const std::string& unit);

/// The files whose content in the container is another one, or none.
[[nodiscard]] std::vector<charm::File> changed_files(const charm::pebble::Client& pebble,
                                                     const std::vector<charm::File>& files);

/// Writes them; false when there are none.
bool write_changed(const charm::pebble::Client& pebble, const std::vector<charm::File>& files);

/// Adds the layer to Pebble's plan and starts or restarts what it changed. Throws
/// charm::pebble::ChangeError.
void run_services(const charm::pebble::Client& pebble, std::string_view label,
                  const charm::Layer& layer);

/// Whether Pebble runs the service.
[[nodiscard]] bool is_active(const charm::pebble::Client& pebble, std::string_view service);

/// Waits until the condition is true; false when the limit is over before.
[[nodiscard]] bool comes_true(const std::function<bool()>& condition,
                              std::chrono::seconds limit = std::chrono::seconds(30));

}  // namespace rehearsal::partner
