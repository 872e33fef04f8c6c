// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/edge.hpp"

#include "tests/support/file_text.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

namespace test {

namespace {

constexpr std::chrono::milliseconds pause(500);
constexpr int settling_attempts = 20;

}  // namespace

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
  for (int attempt = 0; attempt < settling_attempts; ++attempt) {
    if (http_status(url, more) == status) {
      return true;
    }
    std::this_thread::sleep_for(pause);
  }
  return false;
}

std::string Edge::url(const std::string& path) {
  return "http://" + address() + ":11371" + path;
}

bool Edge::upload(const std::string& key) {
  return http_status(url("/pks/add"),
                     {"--data-urlencode",
                      "keytext=" + file_text(TEST_DATA_DIR "/e2e/" + key + ".asc")}) == 200;
}

bool Edge::comes_to_have(const std::string& fingerprint, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (http_status(url("/pks/lookup?op=get&search=0x" + fingerprint)) != 200) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(pause);
  }
  return true;
}

std::size_t Edge::greeting(int port) {
  const std::string script = "exec 3<>/dev/tcp/" + address() + "/" + std::to_string(port) +
                             " && timeout 3 head -c 1 <&3 | wc -c";
  return static_cast<std::size_t>(
      std::stoi("0" + model_->in_workload({"bash", "-c", script}, client_).output));
}

std::vector<std::string> Edge::servers() {
  const std::string text =
      model_
          ->attempt({"exec", unit_, "--container",
                     unit_.rfind("nginx", 0) == 0 ? "nginx" : "traefik", "--", "sed", "-n",
                     "s/^ *server \\([^{].*:[0-9]*\\) .*/\\1/p", "/srv/nginx/nginx.conf"})
          .output;
  std::istringstream lines(text);
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) {
    found.push_back(line);
  }
  return found;
}

}  // namespace test
