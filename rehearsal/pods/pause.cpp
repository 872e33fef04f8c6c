// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The first process of the model's node and of charm containers. It keeps their namespaces and
// collects the children that it inherits. SIGTERM ends it and its whole namespace.
#include <cerrno>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

namespace {

void end_on_signal(int /*signal*/) {
  _exit(0);
}

}  // namespace

int main() {
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, nullptr);

  // The first process of a PID namespace receives only the signals that it handles.
  struct sigaction end {};

  end.sa_handler = end_on_signal;
  sigaction(SIGTERM, &end, nullptr);
  for (;;) {
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    siginfo_t information{};
    sigwaitinfo(&children, &information);
  }
}
