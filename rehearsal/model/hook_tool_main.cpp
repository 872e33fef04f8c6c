// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

// Every hook tool of a charm: the name of the program decides which one. It only passes the call to
// the model and prints the answer.

#include "rehearsal/model/wire.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr int run_failure = 1;

int fail(const std::string& text) {
  const std::string line = "ERROR " + text + "\n";
  static_cast<void>(!write(STDERR_FILENO, line.data(), line.size()));
  return run_failure;
}

bool write_all(int descriptor, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t size = write(descriptor, text.data() + written, text.size() - written);
    if (size < 0 && errno != EINTR) {
      return false;
    }
    written += size > 0 ? static_cast<std::size_t>(size) : 0;
  }
  return true;
}

bool read_file(const std::string& path, std::string& content) {
  const int descriptor = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return false;
  }
  std::vector<char> buffer(std::size_t{64} * 1024);
  ssize_t size = 0;
  while ((size = read(descriptor, buffer.data(), buffer.size())) > 0) {
    content.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return size == 0;
}

int deliver(const rehearsal::wire::Reply& reply) {
  static_cast<void>(write_all(STDERR_FILENO, reply.err));
  int output = STDOUT_FILENO;
  if (!reply.out_path.empty() && reply.exit_code == 0) {
    output = open(reply.out_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (output < 0) {
      return fail("open " + reply.out_path + ": " + std::strerror(errno));
    }
  }
  static_cast<void>(write_all(output, reply.out));
  return reply.exit_code;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

int run(rehearsal::wire::Request request, const std::string& socket_path) {
  while (true) {
    // One connection for each request: while this tool waits for its standard input, other tools
    // may call.
    const int socket = rehearsal::wire::connect_to(socket_path);
    if (socket < 0) {
      return fail("cannot connect to the agent at " + socket_path + ": " + std::strerror(errno));
    }
    const bool sent = rehearsal::wire::send(socket, request);
    const auto reply = sent ? rehearsal::wire::receive_reply(socket) : std::nullopt;
    close(socket);
    if (!reply) {
      return fail("unexpected EOF");
    }
    if (!reply->wanted_input) {
      return deliver(*reply);
    }
    if (!read_file(*reply->wanted_input, request.inputs[*reply->wanted_input])) {
      return fail("open " + *reply->wanted_input + ": " + std::strerror(errno));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string called = argc > 0 ? argv[0] : "";
  rehearsal::wire::Request request{
      variable("JUJU_CONTEXT_ID"), called.substr(called.rfind('/') + 1), {}, {}};
  request.arguments.assign(argv + (argc > 0 ? 1 : 0), argv + argc);
  const std::string socket_path = variable("JUJU_AGENT_SOCKET_ADDRESS");
  if (request.context_id.empty()) {
    return fail("JUJU_CONTEXT_ID not set");
  }
  if (socket_path.empty()) {
    return fail("JUJU_AGENT_SOCKET_ADDRESS not set");
  }
  return run(std::move(request), socket_path);
}
