// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/e2e/rehearsed_model.hpp"

#include <string>
#include <vector>

namespace test {

/// A proxy charm in the model. Another pod sends requests to it over the network, as a client
/// would.
class Edge {
 public:
  /// `client` is the unit of the keyserver whose pod sends the requests.
  Edge(RehearsedModel& model, std::string unit, std::string client = "hockeypuck-k8s/0")
      : model_(&model), unit_(std::move(unit)), client_(std::move(client)) {}

  /// The pod's address.
  std::string address();
  /// The stable name of its pod in the cluster.
  [[nodiscard]] std::string name() const;

  /// The HTTP status of `curl MORE… URL`; 0 without an answer.
  int http_status(const std::string& url, const std::vector<std::string>& more = {});
  std::string http_body(const std::string& url, const std::vector<std::string>& more = {});
  /// Asks until the status is this one, because a proxy loads its routes with a delay.
  bool comes_to_answer(int status, const std::string& url,
                       const std::vector<std::string>& more = {});

  /// The URL of HKP on its own port.
  std::string hkp(const std::string& path);
  /// Uploads a key of tests/data/e2e to HKP on port 11371. True if a keyserver accepted it.
  bool upload(const std::string& key);
  /// Looks a fingerprint up until it is found.
  bool comes_to_have(const std::string& fingerprint);

  /// Connects to the port for reconciliation until a keyserver greets there, or until none does.
  bool comes_to_greet(bool greets = true);

  /// The servers in the configuration of the proxy.
  std::vector<std::string> servers();

 private:
  std::vector<std::string> curl(const std::string& url, const std::vector<std::string>& more) const;

  RehearsedModel* model_;
  std::string unit_;
  std::string client_;
};

}  // namespace test
