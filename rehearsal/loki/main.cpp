// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/loki/server.hpp"

#include <charconv>
#include <csignal>
#include <iostream>
#include <string_view>

namespace {

int usage() {
  std::cerr << "usage: rehearsal-loki PORT FOLDER\n"
               "Keeps the logs that are pushed to it, and serves the files of FOLDER.\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
  if (argc != 3) {
    return usage();
  }
  const std::string_view text = argv[1];
  int port = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc{}) {
    return usage();
  }
  try {
    rehearsal::loki::Server server(argv[2]);
    std::cout << "listening on port " << port << std::endl;
    return server.listen(port) ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
