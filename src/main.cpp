// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0

#include "charm/app/dispatch.hpp"
#include "charm/juju/context.hpp"

int main() {
  return charm::dispatch(charm::juju::process_environment());
}
