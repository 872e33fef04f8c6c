// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/checks.hpp"
#include "rehearsal/pebble/file_system.hpp"
#include "rehearsal/pebble/services.hpp"

#include <map>
#include <string>
#include <vector>

namespace rehearsal::pebble {

/// The data and decisions of an agent. The machine and the file system carry them out.
struct Agent {
  Agent(Machine& machine_below, FileSystem& file_system);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  Machine& machine;
  FileSystem& files;
  std::string version = "v1.32.1-rehearsal";
  std::string boot_id;
  /// The users that the agent must trust, by name.
  std::map<std::string, uid_t> identities;

  Plans plans;
  Changes changes;
  Services services;
  Checks checks;
};

/// An HTTP request.
struct ApiRequest {
  std::string method;
  std::string target;  ///< Path and query, percent-encoded.
  std::string content_type;
  std::string accept;
  std::string body;
  /// Came over TCP, where Pebble shows only its health.
  bool from_outside = false;
};

struct ApiAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
};

/// A parsed request.
struct Call {
  const ApiRequest& request;
  std::string path;
  std::multimap<std::string, std::string> query;

  [[nodiscard]] std::string parameter(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> parameters(const std::string& name) const;
  /// Returns the values of a parameter with a comma list.
  [[nodiscard]] std::vector<std::string> list(const std::string& name) const;
};

/// Answers as Pebble's API does. Refuses requests that no charm of the rehearsal needs, with a
/// message that names the feature. The caller must not hold the machine's lock.
ApiAnswer answer(Agent& agent, const ApiRequest& request);

/// Answers /v1/files.
ApiAnswer answer_files(FileSystem& files, const Call& call);

/// Returns the JSON object of a request's body. Throws Refusal if it has another member than
/// `known`.
nlohmann::json body_of(const std::string& body, const std::vector<std::string>& known);

/// Returns the envelope of a successful answer.
ApiAnswer sync_answer(const nlohmann::json& result, int status = 200);

}  // namespace rehearsal::pebble
