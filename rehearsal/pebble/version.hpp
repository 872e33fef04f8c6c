// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rehearsal::pebble {

/// The Pebble that this agent behaves like.
constexpr const char* version = "v1.32.1-rehearsal";

}  // namespace rehearsal::pebble
