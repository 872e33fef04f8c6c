// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <map>
#include <string>
#include <vector>

namespace rehearsal {

/// The model's DNS as Kubernetes has it: `<app>` for all its units, `<app>-<n>.<app>-endpoints` for
/// one, and the model's services; each under `.<model>.svc.cluster.local` and its short forms.
[[nodiscard]] std::map<std::string, std::vector<std::string>> model_names(const Model& model);

}  // namespace rehearsal
