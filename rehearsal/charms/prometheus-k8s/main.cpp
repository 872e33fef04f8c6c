// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm.hpp"
#include "rehearsal/charms/partner/partner.hpp"

int main() {
  return rehearsal::partner::run("prometheus", prometheus::dispatch);
}
