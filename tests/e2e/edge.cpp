// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/edge.hpp"

#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace test {

std::string Edge::address() {
  return model_->kept().at("units").at(unit_).at("address");
}

std::string Edge::name() const {
  const auto slash = unit_.find('/');
  const std::string app = unit_.substr(0, slash);
  return app + "-" + unit_.substr(slash + 1) + "." + app + "-endpoints.keys.svc.cluster.local";
}

std::vector<std::string> Edge::curl(const std::string& url,
                                    const std::vector<std::string>& more) const {
  std::vector<std::string> command = {"curl", "--silent", "--max-time", "20", url};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

int Edge::http_status(const std::string& url, const std::vector<std::string>& more) {
  std::vector<std::string> command = curl(url, more);
  command.insert(command.end(), {"--output", "/dev/null", "--write-out", "%{http_code}"});
  return std::stoi("0" + model_->in_workload(command, client_).output);
}

std::string Edge::http_body(const std::string& url, const std::vector<std::string>& more) {
  return model_->in_workload(curl(url, more), client_).output;
}

bool Edge::comes_to_answer(int status, const std::string& url,
                           const std::vector<std::string>& more) {
  return eventually([&] { return http_status(url, more) == status; });
}

std::string Edge::hkp(const std::string& path) {
  return "http://" + address() + ":11371" + path;
}

bool Edge::upload(const std::string& key) {
  return http_status(hkp("/pks/add"),
                     {"--data-urlencode",
                      "keytext=" + file_text(TEST_DATA_DIR "/e2e/" + key + ".asc")}) == 200;
}

bool Edge::comes_to_have(const std::string& fingerprint) {
  return comes_to_answer(200, hkp("/pks/lookup?op=get&search=0x" + fingerprint));
}

bool Edge::comes_to_greet(bool greets) {
  const std::string script =
      "exec 3<>/dev/tcp/" + address() + "/11370 && timeout 3 head -c 1 <&3 | wc -c";
  return eventually([&] {
    const std::string bytes = model_->in_workload({"bash", "-c", script}, client_).output;
    return (std::stoi("0" + bytes) > 0) == greets;
  });
}

std::vector<std::string> Edge::servers() {
  const std::string container = unit_.starts_with("nginx") ? "nginx" : "traefik";
  std::istringstream lines(
      model_
          ->attempt({"exec", unit_, "--container", container, "--", "sed", "-n",
                     "s/^ *server \\(s[0-9]* \\)\\?\\([^{ ]*:[0-9]*\\).*/\\2/p", "/srv/proxy.conf"})
          .output);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    found.push_back(line);
  }
  return found;
}

}  // namespace test
