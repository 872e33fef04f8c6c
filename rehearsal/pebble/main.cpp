// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The agent: its command line, its sockets and its end.
#include "rehearsal/pebble/disk.hpp"
#include "rehearsal/pebble/local_machine.hpp"
#include "rehearsal/pebble/log_forwarding.hpp"
#include "rehearsal/pebble/refusal.hpp"

#include <httplib.h>
#include <yaml-cpp/yaml.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

namespace rehearsal::pebble {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path folder;
  std::string socket;
  /// The port for --http; empty: none.
  std::string port;
  fs::path identities;
  bool verbose = false;
};

std::string environment(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

/// Reads `run --hold [--create-dirs] [--verbose] [--http :PORT] [--identities FILE]`.
Options options_of(const std::vector<std::string>& arguments) {
  Options options;
  bool hold = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const bool has_value = i + 1 < arguments.size();
    if (argument == "--hold") {
      hold = true;
    } else if (argument == "--verbose") {
      options.verbose = true;
    } else if (argument == "--http" && has_value && arguments[i + 1].starts_with(':')) {
      options.port = arguments[++i].substr(1);
    } else if (argument == "--identities" && has_value) {
      options.identities = arguments[++i];
    } else if (argument != "--create-dirs" && !(i == 0 && argument == "run")) {
      not_supported("the argument " + in_quotes(argument));
    }
  }
  if (!hold || arguments.front() != "run") {
    not_supported("a command other than \"run --hold\"");
  }
  options.folder = environment("PEBBLE", "/var/lib/pebble/default");
  options.socket = environment("PEBBLE_SOCKET", options.folder / ".pebble.socket");
  for (const fs::path& folder : {options.folder, fs::path(environment("PEBBLE_COPY_ONCE", ""))}) {
    if (!folder.empty() && fs::exists(folder / "layers")) {
      not_supported("a folder of layers, " + (folder / "layers").string());
    }
  }
  return options;
}

/// Returns the kernel's boot ID. As process 1 of a container, returns a different ID for the
/// container.
std::string boot_id() {
  std::ifstream file(getpid() == 1 ? "/proc/sys/kernel/random/uuid"
                                   : "/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

std::map<std::string, uid_t> read_identities(const fs::path& file) {
  std::map<std::string, uid_t> users;
  if (file.empty()) {
    return users;
  }
  for (const auto& entry : YAML::LoadFile(file)["identities"]) {
    if (entry.second["access"].as<std::string>("") != "admin" || !entry.second["local"]) {
      not_supported("an identity that is not local or not an admin");
    }
    users[entry.first.as<std::string>()] = entry.second["local"]["user-id"].as<uid_t>();
  }
  return users;
}

bool is_listened_on(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const pods::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// The agent's API on one socket. Clients decide how long connections stay open.
class ApiServer {
 public:
  ApiServer(Agent& agent, bool from_outside) : agent_(agent), from_outside_(from_outside) {
    constexpr std::size_t most_connections = 32;
    constexpr int keep_seconds = 3600;
    server_.new_task_queue = [] { return new httplib::ThreadPool(most_connections); };
    server_.set_keep_alive_max_count(1'000'000);
    server_.set_keep_alive_timeout(keep_seconds);
    server_.set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
          return before_routing(request, response);
        });
    const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
      answer_one(request, response);
    };
    server_.Get(".*", handler).Post(".*", handler).Put(".*", handler).Delete(".*", handler);
    server_.set_logger([this](const httplib::Request&, const httplib::Response&) { --answering_; });
  }

  /// Replaces a socket that another agent has left. Throws std::runtime_error.
  void listen_on(const std::string& path, const std::map<std::string, uid_t>& identities) {
    if (is_listened_on(path)) {
      throw std::runtime_error("socket " + in_quotes(path) + " already in use");
    }
    fs::remove(path);
    server_.set_address_family(AF_UNIX);
    if (identities.size() > 1) {
      not_supported("more than one identity");
    }
    // No user finds the socket before it has its owner.
    const std::string unfinished = path + ".new";
    fs::remove(unfinished);
    // The port is not used; it prevents that the library parses the path as an address.
    start(unfinished, 80);
    // The kernel decides who may connect: root, and the one user that the agent must trust.
    const uid_t owner = identities.empty() ? geteuid() : identities.begin()->second;
    if (chmod(unfinished.c_str(), 0600) != 0 ||
        chown(unfinished.c_str(), owner, static_cast<gid_t>(-1)) != 0) {
      throw std::runtime_error("cannot give the socket to user " + std::to_string(owner));
    }
    fs::rename(unfinished, path);
  }

  void listen_on_port(const std::string& port) { start("0.0.0.0", std::stoi(port)); }

  /// Waits a moment for current answers.
  void finish() const {
    for (int i = 0; i < 200 && answering_ > 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

 private:
  void start(const std::string& host, int port) {
    if (!server_.bind_to_port(host, port)) {
      throw std::runtime_error("cannot listen on " + in_quotes(host));
    }
    std::thread([this] { server_.listen_after_bind(); }).detach();
  }

  httplib::Server::HandlerResponse before_routing(const httplib::Request& request,
                                                  httplib::Response& response) {
    ++answering_;
    const std::string host = request.get_header_value("Host");
    if (host.empty() ? request.version == "HTTP/1.1" : host.find('/') != std::string::npos) {
      response.status = 400;
      response.set_content("400 Bad Request: malformed Host header", "text/plain");
      return httplib::Server::HandlerResponse::Handled;
    }
    // Otherwise the library would parse multipart bodies itself, and newer versions split the names
    // of files at "=" and ";".
    auto& headers = const_cast<httplib::Headers&>(request.headers);  // NOLINT
    const auto type = headers.find("Content-Type");
    if (type != headers.end() && type->second.starts_with("multipart/")) {
      type->second.insert(0, hidden);
    }
    return httplib::Server::HandlerResponse::Unhandled;
  }

  void answer_one(const httplib::Request& request, httplib::Response& response) {
    std::string type = request.get_header_value("Content-Type");
    if (type.starts_with(hidden)) {
      type.erase(0, std::string_view(hidden).size());
    }
    ApiAnswer result = answer(agent_, {.method = request.method,
                                       .target = request.target,
                                       .content_type = type,
                                       .accept = request.get_header_value("Accept"),
                                       .body = request.body,
                                       .from_outside = from_outside_});
    response.status = result.status;
    response.set_content(result.body, result.content_type);
  }

  static constexpr const char* hidden = "x-";

  Agent& agent_;
  bool from_outside_;
  std::atomic<int> answering_ = 0;
  httplib::Server server_;
};

sigset_t handled_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGCHLD}) {
    sigaddset(&signals, signal);
  }
  return signals;
}

void stop_services(Agent& agent) {
  const std::scoped_lock held(agent.machine.lock);
  if (const Change* change = agent.services.stop_all()) {
    agent.machine.wait(agent.services.stop_timeout(),
                       [change] { return change->ready_time.has_value(); });
  }
  agent.checks.stop();
}

/// Collects children until a signal requests the end and all services have stopped. A separate
/// thread stops them, because it needs their exits to be noticed.
void run_until_asked(Agent& agent, LocalMachine& machine) {
  constexpr timespec look_around{0, 100'000'000};
  const sigset_t signals = handled_signals();
  std::atomic<bool> stopped = false;
  std::thread stopping;
  while (!stopped) {
    const int signal = sigtimedwait(&signals, nullptr, &look_around);
    machine.reap();
    if (signal > 0 && signal != SIGCHLD && !stopping.joinable()) {
      machine.note("Exiting on signal " + std::to_string(signal) + ".");
      stopping = std::thread([&] {
        stop_services(agent);
        stopped = true;
      });
    }
  }
  stopping.join();
}

void run(const Options& options) {
  fs::create_directories(options.folder);
  LocalMachine machine(options.verbose);
  Disk disk;
  Agent agent(machine, disk);
  agent.boot_id = boot_id();
  agent.identities = read_identities(options.identities);
  LogForwarding forwarding(agent);
  ApiServer inside(agent, false);
  ApiServer outside(agent, true);
  inside.listen_on(options.socket, agent.identities);
  if (!options.port.empty()) {
    outside.listen_on_port(options.port);
  }
  machine.note("Started daemon.");
  run_until_asked(agent, machine);
  forwarding.stop();
  inside.finish();
  fs::remove(options.socket);
  // Connections that clients keep open would delay the servers.
  std::quick_exit(0);
}

}  // namespace
}  // namespace rehearsal::pebble

int main(int argc, char** argv) {
  // Runs before any thread starts, so that no thread receives a signal.
  const sigset_t signals = rehearsal::pebble::handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  try {
    rehearsal::pebble::run(rehearsal::pebble::options_of({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    std::cerr << "cannot run daemon: " << error.what() << std::endl;
    std::quick_exit(1);
  }
}
