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

/// What an agent knows and decides; what comes of it is the machine's and the file system's.
struct Agent {
  Agent(Machine& machine_below, FileSystem& file_system);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  Machine& machine;
  FileSystem& files;
  std::string version = "v1.32.1-rehearsal";
  std::string boot_id;
  /// The users that the agent was told to trust, by name.
  std::map<std::string, uid_t> identities;

  Plans plans;
  Changes changes;
  Services services;
  Checks checks;
};

/// A request as it comes in by HTTP.
struct ApiRequest {
  std::string method;
  std::string target;  ///< Path and query, percent-encoded.
  std::string content_type;
  std::string accept;
  std::string body;
  /// Came over TCP, where Pebble shows its health and no more.
  bool from_outside = false;
};

struct ApiAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
};

/// A request taken apart.
struct Call {
  const ApiRequest& request;
  std::string path;
  std::multimap<std::string, std::string> query;

  [[nodiscard]] std::string parameter(const std::string& name) const;
  [[nodiscard]] std::vector<std::string> parameters(const std::string& name) const;
  /// The values of a parameter that is a list with commas.
  [[nodiscard]] std::vector<std::string> list(const std::string& name) const;
};

/// Answers as Pebble's API does. Everything that no charm of the rehearsal asks for is refused, in
/// words that name it. The machine's lock must not be held.
ApiAnswer answer(Agent& agent, const ApiRequest& request);

/// Answers /v1/files.
ApiAnswer answer_files(FileSystem& files, const Call& call);

/// The JSON object of a request's body. Throws Refusal where it has another member than `known`.
nlohmann::json body_of(const std::string& body, const std::vector<std::string>& known);

/// The envelope of an answer that is no error.
ApiAnswer sync_answer(const nlohmann::json& result, int status = 200);

}  // namespace rehearsal::pebble
