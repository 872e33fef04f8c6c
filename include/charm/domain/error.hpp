// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

namespace charm {

/// A fault that no operator can fix with a `juju` command: Juju, Pebble, PostgreSQL, the network or
/// the charm itself failed. Ends a hook with exit code 1, so that Juju tries it again.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A fault that an operator can fix: an option, a parameter, a file, a key or a secret is not
/// usable. The text is a clause for the operator, such as "the secret key is protected by a
/// passphrase". It becomes a status or an action's message and never ends a hook.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace charm
