// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <string>

namespace rehearsal::commands {

/// Sets what `key=value`, `key=@file` or the name of a YAML file says; throws UserError for an
/// unknown option or a value of the wrong type.
void set_config(Application& app, const std::string& setting);
/// Sets every option of a YAML file, either at its top or under the application's name.
void set_config_file(Application& app, const std::string& path);
/// Back to the charm's default.
void reset_config(Application& app, const std::string& key);

/// More units, or fewer: the highest numbers go first.
void scale_application(Model& model, const std::string& app, int count);

/// The whole content; throws UserError.
[[nodiscard]] std::string read_file(const std::string& path);

}  // namespace rehearsal::commands
