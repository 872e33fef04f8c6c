// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_juju_arguments.hpp"

#include <nlohmann/json.hpp>

#include <regex>
#include <variant>

namespace test {
namespace {

using charm::Status;
using charm::StatusKind;
using Json = nlohmann::json;

int port_number(const std::string& text) {
  static const std::regex form("([0-9]{1,5})(/tcp)?");
  std::smatch match;
  if (!std::regex_match(text, match, form)) {
    throw Refusal{1, "invalid port \"" + text + "\""};
  }
  return std::stoi(match[1]);
}

StatusKind status_kind(const std::string& word) {
  for (const auto kind :
       {StatusKind::active, StatusKind::waiting, StatusKind::maintenance, StatusKind::blocked}) {
    if (charm::to_string(kind) == word) {
      return kind;
    }
  }
  throw Refusal{
      2, "invalid status \"" + word + "\", expected one of [maintenance blocked waiting active]"};
}

}  // namespace

std::string FakeJuju::config_get(const Arguments& arguments) {
  arguments.at_most(0);
  Json json = Json::object();
  for (const auto& [name, value] : config) {
    std::visit([&json, &name = name](const auto& option) { json[name] = option; }, value);
  }
  return printed(json);
}

std::string FakeJuju::is_leader(const Arguments& arguments) {
  arguments.at_most(0);
  return printed(leader);
}

std::string FakeJuju::opened_ports(const Arguments& arguments) {
  arguments.at_most(0);
  Json json = Json::array();
  for (const int port : ports) {
    json.push_back(std::to_string(port) + "/tcp");
  }
  return printed(json);
}

std::string FakeJuju::open_port(const Arguments& arguments) {
  arguments.at_most(1);
  pending_ports_[port_number(arguments.positional.at(0))] = true;
  return {};
}

std::string FakeJuju::close_port(const Arguments& arguments) {
  arguments.at_most(1);
  pending_ports_[port_number(arguments.positional.at(0))] = false;
  return {};
}

std::string FakeJuju::network_get(const Arguments& arguments) {
  arguments.at_most(1);
  if (address.empty()) {
    throw Refusal{1, "no network config found for binding \"" + arguments.positional.at(0) + "\""};
  }
  return printed({{"bind-addresses",
                   {{{"mac-address", ""},
                     {"interface-name", ""},
                     {"addresses", {{{"hostname", ""}, {"value", address}, {"cidr", ""}}}}}}},
                  {"egress-subnets", {address + "/32"}},
                  {"ingress-addresses", {address}}});
}

std::string FakeJuju::status_set(const Arguments& arguments) {
  arguments.at_most(2);
  const Status status{
      .kind = status_kind(arguments.positional.at(0)),
      .message = arguments.positional.size() > 1 ? arguments.positional[1] : std::string()};
  if (!arguments.has("--application")) {
    unit_status = status;
    return {};
  }
  if (!leader) {
    throw Refusal{1, "this unit is not the leader"};
  }
  app_status = status;
  return {};
}

std::string FakeJuju::application_version_set(const Arguments& arguments) {
  arguments.at_most(1);
  version = arguments.positional.at(0);
  return {};
}

std::string FakeJuju::juju_log(const Arguments& arguments) {
  if (arguments.positional.empty()) {
    throw Refusal{2, "no message specified"};
  }
  const std::string level = arguments.value("-l", "--log-level");
  log.emplace_back(level.empty() ? "INFO" : level, arguments.positional.front());
  return {};
}

std::string FakeJuju::action_get(const Arguments& arguments) {
  arguments.at_most(0);
  return printed(Json::parse(running_action().parameters));
}

std::string FakeJuju::action_set(const Arguments& arguments) {
  static const std::regex form("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");
  FakeAction& running = running_action();
  for (const std::string& pair : arguments.positional) {
    const auto equals = pair.find('=');
    const std::string key = pair.substr(0, equals);
    if (equals == std::string::npos) {
      throw Refusal{2, "argument \"" + pair + "\" must be of the form key...=value"};
    }
    if (key == "stdout" || key == "stderr") {
      throw Refusal{2, "cannot set reserved action key \"" + key + "\""};
    }
    if (!std::regex_match(key, form)) {
      throw Refusal{2, "key \"" + key + "\" must start and end with lowercase alphanumeric, and " +
                           "contain only lowercase alphanumeric, hyphens and periods"};
    }
    running.results[key] = pair.substr(equals + 1);
  }
  return {};
}

std::string FakeJuju::action_log(const Arguments& arguments) {
  running_action().log.push_back(arguments.positional.at(0));
  return {};
}

std::string FakeJuju::action_fail(const Arguments& arguments) {
  arguments.at_most(1);
  running_action().failure = arguments.positional.empty()
                                 ? "action failed without reason given, check action for errors"
                                 : arguments.positional.front();
  return {};
}

FakeAction& FakeJuju::running_action() {
  if (!action) {
    throw Refusal{1, "not running an action"};
  }
  return *action;
}

}  // namespace test
