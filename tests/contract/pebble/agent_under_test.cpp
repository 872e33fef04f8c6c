// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/pebble/agent_under_test.hpp"

#include "tests/support/child_process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace contract::pebble {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto start_limit = std::chrono::seconds(20);

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

[[noreturn]] void run_agent(const std::string& path, char* const* arguments,
                            char* const* environment, int log) {
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execve(path.c_str(), arguments, environment);
  _exit(126);
}

}  // namespace

void PrintTo(Program program, std::ostream* out) {
  *out << (program == Program::stand_in ? "the rehearsal's agent" : "pebble");
}

std::optional<std::string> find_program(Program program) {
  if (program == Program::stand_in) {
    return std::string(BUILD_DIR) + "/rehearsal/pebble/rehearsal-pebble";
  }
  return test::find_on_path("pebble");
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = "/tmp/pblXXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("cannot make a temporary folder");
  }
  path_ = pattern;
  // Agents and clients of other users need access.
  chmod(pattern.c_str(), 0755);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

AgentUnderTest::AgentUnderTest(Program program, const AgentSetup& setup)
    : socket_(setup.socket.empty() ? (folder_.path() / "s").string() : setup.socket) {
  const auto path = find_program(program);
  if (!path) {
    throw std::runtime_error("no such program");
  }
  start(*path, setup);
  wait_until_it_answers();
}

void AgentUnderTest::start(const std::string& path, const AgentSetup& setup) {
  std::vector<std::string> arguments{path, "run", "--create-dirs"};
  arguments.insert(arguments.end(), setup.arguments.begin(), setup.arguments.end());
  std::map<std::string, std::string> variables{
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"HOME", "/root"},
      {"PEBBLE", folder_.path().string()},
      {"PEBBLE_SOCKET", socket_},
      {"PEBBLE_PERSIST", "never"}};
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) {
      variables[name] = value;
    }
  }
  for (const auto& [name, value] : setup.environment) {
    variables[name] = value;
  }
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) {
    environment.push_back(name + "=" + value);
  }
  const std::string log_path = (folder_.path() / "log").string();
  const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  const auto argument_pointers = pointers_to(arguments);
  const auto environment_pointers = pointers_to(environment);
  pid_ = fork();
  if (pid_ == 0) {
    run_agent(path, argument_pointers.data(), environment_pointers.data(), log);
  }
  close(log);
}

void AgentUnderTest::wait_until_it_answers() {
  const auto deadline = steady_clock::now() + start_limit;
  while (steady_clock::now() < deadline) {
    try {
      const std::string version = get("/v1/system-info").result()["version"];
      minor_version_ = std::stoi(version.substr(version.find('.') + 1));
      return;
    } catch (const std::runtime_error&) {
      if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = -1;
        break;
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
  }
  std::ostringstream log;
  log << std::ifstream(folder_.path() / "log").rdbuf();
  throw std::runtime_error("the agent does not answer:\n" + log.str());
}

AgentUnderTest::~AgentUnderTest() {
  if (pid_ > 0) {
    end_with(SIGTERM);
  }
}

int AgentUnderTest::end_with(int signal) {
  kill(pid_, signal);
  return wait_for_end();
}

int AgentUnderTest::wait_for_end() {
  const auto deadline = steady_clock::now() + std::chrono::seconds(30);
  int status = 0;
  while (steady_clock::now() < deadline) {
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      return exit_code_of(status);
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  ADD_FAILURE() << "the agent does not end";
  kill(pid_, SIGKILL);
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return exit_code_of(status);
}

Answer AgentUnderTest::get(const std::string& target) const {
  return TestClient(socket()).send({.target = target});
}

Answer AgentUnderTest::post(const std::string& target, const Json& body) const {
  return TestClient(socket()).send({.method = "POST",
                                    .target = target,
                                    .headers = {{"Content-Type", "application/json"}},
                                    .body = body.dump()});
}

void AgentUnderTest::add_layer(const std::string& label, const std::string& yaml,
                               bool combine) const {
  const Answer answer = post("/v1/layers", {{"action", "add"},
                                            {"combine", combine},
                                            {"label", label},
                                            {"format", "yaml"},
                                            {"layer", yaml}});
  ASSERT_EQ(answer.status, 200) << answer.body;
}

std::string AgentUnderTest::plan() const {
  return get("/v1/plan?format=yaml").result().get<std::string>();
}

std::string AgentUnderTest::begin_change(const std::string& action,
                                         const std::vector<std::string>& services) const {
  Json body{{"action", action}};
  if (!services.empty()) {
    body["services"] = services;
  }
  const Answer answer = post("/v1/services", body);
  EXPECT_EQ(answer.status, 202) << answer.body;
  return answer.json().value("change", "");
}

Json AgentUnderTest::wait_change(const std::string& id) const {
  return get("/v1/changes/" + id + "/wait?timeout=30s").result();
}

Json AgentUnderTest::change(const std::string& action,
                            const std::vector<std::string>& services) const {
  return wait_change(begin_change(action, services));
}

std::string AgentUnderTest::current(const std::string& service) const {
  const Json infos = get("/v1/services?names=" + service).result();
  return infos.empty() ? "" : infos[0].value("current", "");
}

std::vector<std::string> AgentUnderTest::log(const std::string& service, int count) const {
  const Answer answer = get("/v1/logs?services=" + service + "&n=" + std::to_string(count));
  std::istringstream lines(answer.body);
  std::vector<std::string> messages;
  for (std::string line; std::getline(lines, line);) {
    messages.push_back(Json::parse(line)["message"]);
  }
  return messages;
}

void PebbleContract::SetUp() {
  if (!find_program(program())) {
    GTEST_SKIP() << "there is no `pebble` on PATH";
  }
}

std::string program_name(const testing::TestParamInfo<Program>& info) {
  return info.param == Program::stand_in ? "StandIn" : "Real";
}

}  // namespace contract::pebble
