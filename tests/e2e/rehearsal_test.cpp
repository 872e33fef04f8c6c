// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <sstream>

namespace test {

namespace {

using Json = nlohmann::json;

constexpr const char* pebble =
    "curl --silent --max-time 10 --unix-socket /charm/container/pebble.socket http://localhost";

bool is_start(const Json& task) {
  if (task.value("kind", "") != "start") {
    return false;
  }
  for (const Json& line : task.value("log", Json::array())) {
    if (line.get<std::string>().find("already started") != std::string::npos) {
      return false;
    }
  }
  return true;
}

/// The first line of an armored block's data. No public key contains the one of a secret key.
std::string first_data_line(const std::string& armor) {
  const auto begin = armor.find("\n\n");
  return begin == std::string::npos
             ? ""
             : armor.substr(begin + 2, armor.find('\n', begin + 2) - begin - 2);
}

/// Collects every value of a key `password`, and a part of every private key, at any depth.
void collect_secrets(const Json& json, std::set<std::string>& secrets) {
  if (!json.is_structured()) {
    return;
  }
  for (const auto& [key, value] : json.items()) {
    if (json.is_object() && value.is_string() && key == "password") {
      secrets.insert(value.get<std::string>());
    }
    if (json.is_object() && value.is_string() && key == "private-key") {
      secrets.insert(first_data_line(value.get<std::string>()));
    }
    collect_secrets(value, secrets);
  }
}

}  // namespace

void RehearsalTest::TearDown() {
  expect_no_hook_failed();
  expect_no_secret_leaked();
  if (HasFailure()) {
    std::cerr << model.attempt({"status"}).output << model.attempt({"show-hooks"}).output
              << model.attempt({"debug-log", "-n", "60"}).output << "\n";
  }
}

void RehearsalTest::expect_no_hook_failed() {
  for (const char* app : {"hockeypuck-k8s", "postgresql-k8s"}) {
    for (const Hook& hook : model.hooks(app)) {
      const bool is_killed = killed_.contains(hook.event) && hook.outcome == "interrupted";
      EXPECT_TRUE(is_killed || hook.outcome == "ok")
          << app << ": " << hook.event << ": " << hook.outcome;
    }
  }
  EXPECT_EQ(model.debug_log().find("hook failed"), std::string::npos);
}

/// No data of this charm outside its secrets may contain them, and neither may the log.
void RehearsalTest::expect_no_secret_leaked() {
  Json kept = model.kept();
  collect_secrets(kept.at("secrets"), secrets_);
  kept.erase("secrets");
  const std::string ours = kept.dump();
  const std::string log = model.debug_log();
  secrets_.erase("");
  for (const std::string& secret : secrets_) {
    EXPECT_EQ(log.find(secret), std::string::npos) << "a secret is in the log";
    EXPECT_EQ(ours.find(secret), std::string::npos)
        << "a secret is in the model outside its secrets";
  }
}

void RehearsalTest::remember_password() {
  secrets_.insert(data_source("password"));
}

std::string RehearsalTest::base_url(const std::string& unit) {
  std::string& port = forwarded_[unit];
  if (port.empty()) {
    port = model.forward(11371, unit);
  }
  return "http://127.0.0.1:" + port;
}

bool RehearsalTest::upload(const std::string& key) {
  const auto result =
      run({.arguments = {"curl", "--silent", "--fail", "--max-time", "20", "--data-urlencode",
                         "keytext@" TEST_DATA_DIR "/e2e/" + key + ".asc",
                         base_url(hockeypuck_unit) + "/pks/add"}});
  return result.status == 0;
}

int RehearsalTest::http_status(const std::string& path, const std::string& unit) {
  const auto result =
      run({.arguments = {"curl", "--silent", "--max-time", "20", "--output", "/dev/null",
                         "--write-out", "%{http_code}", base_url(unit) + path}});
  return std::stoi("0" + result.output);
}

std::string RehearsalTest::http_body(const std::string& path, const std::string& unit) {
  return run({.arguments = {"curl", "--silent", "--max-time", "20", base_url(unit) + path}}).output;
}

int RehearsalTest::post(const std::string& path, const std::vector<std::string>& fields,
                        const std::string& unit) {
  std::vector<std::string> command = {"curl",     "--silent",  "--max-time",  "20",
                                      "--output", "/dev/null", "--write-out", "%{http_code}"};
  for (const std::string& field : fields) {
    command.insert(command.end(), {"--data-urlencode", field});
  }
  command.push_back(base_url(unit) + path);
  return std::stoi("0" + run({.arguments = command}).output);
}

int RehearsalTest::look_up(const std::string& fingerprint, const std::string& unit) {
  return http_status("/pks/lookup?op=get&search=0x" + fingerprint, unit);
}

bool RehearsalTest::listens(int port, const std::string& unit) {
  const std::string connect = "exec 3<>/dev/tcp/127.0.0.1/" + std::to_string(port);
  return model.in_workload({"bash", "-c", connect}, unit).status == 0;
}

std::string RehearsalTest::configuration(const std::string& unit) {
  return model.workload_output("cat /hockeypuck/etc/hockeypuck.conf 2>/dev/null", unit);
}

std::string RehearsalTest::data_source(const std::string& parameter) {
  const std::string text = configuration();
  const std::string name = parameter + "='";
  const auto at = text.find(name);
  if (at == std::string::npos) {
    return {};
  }
  const auto start = at + name.size();
  return text.substr(start, text.find('\'', start) - start);
}

std::string RehearsalTest::plan(const std::string& unit) {
  return model.workload_output(std::string(pebble) + "'/v1/plan?format=yaml'", unit);
}

int RehearsalTest::starts(const std::string& unit) {
  const Json answer =
      Json::parse(model.workload_output(std::string(pebble) + "'/v1/changes?select=all'", unit));
  int count = 0;
  for (const Json& change : answer.at("result")) {
    const Json tasks = change.value("tasks", Json::array());
    count += static_cast<int>(std::count_if(tasks.begin(), tasks.end(), is_start));
  }
  return count;
}

std::string RehearsalTest::process_id(const std::string& unit) {
  return model.workload_output("pgrep -f '^/hockeypuck/bin/hockeypuck '", unit);
}

std::set<std::string> RehearsalTest::files_holding(const std::string& text) {
  std::istringstream lines(
      model.workload_output("grep --recursive --files-with-matches --fixed-strings --text -- '" +
                            text + "' /hockeypuck /etc /tmp /var/lib/pebble /run 2>/dev/null"));
  std::set<std::string> paths;
  for (std::string line; std::getline(lines, line);) {
    paths.insert(line);
  }
  return paths;
}

std::string RehearsalTest::workload_fingerprint(const std::string& unit) {
  return plan(unit) + process_id(unit) + std::to_string(starts(unit)) +
         model.workload_output(
             "find /hockeypuck/etc -type f -printf '%p %i %m %U:%G %T@\\n' | sort", unit);
}

void RehearsalTest::expect_serving(const std::string& unit) {
  EXPECT_EQ(model.status(unit), active);
  EXPECT_EQ(look_up("0000000000000000000000000000000000000000", unit), 404);
}

void RehearsalTest::expect_settled() {
  const std::string before = workload_fingerprint();
  model.update_status();  // The hook after a change reads it back and remembers it.
  const std::size_t already = model.hooks().size();
  model.update_status();
  model.update_status();
  const auto hooks = model.hooks();
  ASSERT_GE(hooks.size(), already + 2);
  for (std::size_t i = already; i < hooks.size(); ++i) {
    EXPECT_EQ(hooks[i].writes, 0) << hooks[i].event;
  }
  EXPECT_EQ(workload_fingerprint(), before);
}

}  // namespace test
