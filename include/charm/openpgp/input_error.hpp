// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"

namespace charm::openpgp {

/// OpenPGP data that was given to the charm is malformed, or is not what the charm can use. The
/// text is one clause for a person, such as "the secret key is protected by a passphrase"; it never
/// holds a part of the data.
class InputError : public Error {
 public:
  using Error::Error;
};

}  // namespace charm::openpgp
