// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "key_load_service.hpp"

#include "charm/hockeypuck/key_load.hpp"
#include "charm/pebble/client.hpp"
#include "workload_files.hpp"

namespace charm::actions {
namespace {

const std::string service_name{key_load::service};

/// A crash of a Go program ends with its call stack.
constexpr int inspected_lines = 60;

}  // namespace

KeyLoadService::State KeyLoadService::state() const {
  std::string current;
  with_pebble("cannot look at the load",
              [&] { current = context_.pebble.service_state(service_name); });
  if (current == "inactive") {
    return State::ended;
  }
  if (current == "active" || current.empty()) {
    return current.empty() ? State::unknown : State::active;
  }
  return State::failed;
}

void KeyLoadService::start(const std::vector<std::string>& paths) const {
  const KeyLoadPlan plan = context_.key_load();
  with_pebble("cannot start the load", [&] {
    context_.pebble.make_directories(plan.directories);
    context_.pebble.write(plan.files);
    context_.pebble.add_layer(key_load::layer_label, key_load::layer(paths));
    try {
      context_.pebble.start({service_name});
    } catch (const pebble::ChangeError&) {
      // Pebble takes what ends within a second for a failure.
      return;
    }
  });
}

std::string KeyLoadService::last_words() const {
  std::string words;
  with_pebble("cannot read the log of the load", [&] {
    words = pebble::last_words(context_.pebble.logs({service_name}, inspected_lines));
  });
  return message_of(words);
}

std::string message_of(const std::string& line) {
  constexpr std::string_view mark = " msg=";
  const std::size_t found = line.find(mark);
  if (found == std::string::npos) {
    return line;
  }
  std::string message = line.substr(found + mark.size());
  if (!message.starts_with('"')) {
    return message.substr(0, message.find(' '));
  }
  std::string text;
  for (std::size_t at = 1; at < message.size() && message[at] != '"'; ++at) {
    at += message[at] == '\\' && at + 1 < message.size() ? 1U : 0U;
    text += message[at];
  }
  return text;
}

}  // namespace charm::actions
