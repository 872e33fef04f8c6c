// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm.hpp"

int main() {
  return rehearsal::partner::run("nginx", nginx_ingress::run);
}
