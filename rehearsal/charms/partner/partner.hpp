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

/// The code that every partner charm of the rehearsal shares. A partner behaves like the charm
/// whose name it has, as far as requirers can see, and refuses the same data.
namespace rehearsal::partner {

/// The doors of one dispatch.
struct Dispatch {
  const charm::juju::Context& context;
  charm::juju::CommandRunner& runner;
  const charm::juju::HookTools& tools;
  const charm::pebble::Client& pebble;  ///< The Pebble of the charm's only container.

  [[nodiscard]] std::string application() const;
};

/// The body of a partner's `main`: runs `charm` for the event or action in the environment, unless
/// the unit is being stopped. An exception fails an action with its text, or the hook with exit
/// code 1. While Pebble cannot be reached, a hook only sets the status waiting.
[[nodiscard]] int run(std::string_view container,
                      const std::function<void(const Dispatch&)>& charm);

/// Returns a text option; empty if it is not set.
[[nodiscard]] std::string text_option(const std::map<std::string, charm::ConfigValue>& config,
                                      const std::string& name);

/// Returns the relations of an endpoint with every databag that this unit may read. Leaves out a
/// relation that is being removed.
[[nodiscard]] std::vector<charm::Relation> read_relations(const Dispatch& dispatch,
                                                          std::string_view endpoint);

/// Returns the value of a key; empty if it is missing.
[[nodiscard]] std::string value_of(const charm::Databag& bag, const std::string& key);

/// The data of another charm does not match its interface.
class InvalidData : public charm::Error {
 public:
  using Error::Error;
};

/// Returns the value of a key as JSON; null if it is missing. Throws InvalidData.
[[nodiscard]] nlohmann::json json_value(const charm::Databag& bag, const std::string& key);

/// Returns the value of a key as a JSON string. Throws InvalidData for any other value.
[[nodiscard]] std::string json_text(const charm::Databag& bag, const std::string& key);

/// Returns the parts between commas that are not empty.
[[nodiscard]] std::vector<std::string> words(const std::string& text);

/// Writes the keys of `wanted` that differ from our databag; an empty value deletes the key. Only
/// the leader may use Scope::app.
void publish(const Dispatch& dispatch, const charm::Relation& relation, charm::Scope scope,
             const charm::Databag& wanted);

/// Points the Kubernetes service `name` to this unit, as a charm does that patches a Service. The
/// change takes effect immediately, not at the end of the hook.
void point_service(charm::juju::CommandRunner& runner, const std::string& name,
                   const std::string& unit);

/// Returns the files that are missing in the container or have different content there.
[[nodiscard]] std::vector<charm::File> changed_files(const charm::pebble::Client& pebble,
                                                     const std::vector<charm::File>& files);

/// Writes them. Returns false if there are none.
bool write_changed(const charm::pebble::Client& pebble, const std::vector<charm::File>& files);

/// Adds the layer to Pebble's plan and starts or restarts the changed services. Throws
/// charm::pebble::ChangeError.
void run_services(const charm::pebble::Client& pebble, std::string_view label,
                  const charm::Layer& layer);

/// Whether Pebble runs the service.
[[nodiscard]] bool is_active(const charm::pebble::Client& pebble, std::string_view service);

/// Waits until the condition is true. Returns false if the time limit expires first.
[[nodiscard]] bool comes_true(const std::function<bool()>& condition,
                              std::chrono::seconds limit = std::chrono::seconds(30));

}  // namespace rehearsal::partner
