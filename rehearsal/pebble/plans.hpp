// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <vector>

namespace rehearsal::pebble {

/// A layer that could be inserted only with "inner".
struct InnerLayerError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The agent's layers and the plan they make. Every function expects the lock to be held.
class Plans {
 public:
  using Listener = std::function<void(const Plan&)>;

  /// Reads the layers of a folder of files like `001-base.yaml` and folders of such like
  /// `002-more.d`. A missing folder has none. Throws LayerError or std::runtime_error.
  void load(const std::filesystem::path& layers_dir);

  /// Adds a layer, or combines it into the one with its label. Throws LayerError or
  /// InnerLayerError and leaves everything as it was.
  void add(Layer layer, bool combine, bool inner);

  const Plan& plan() const { return plan_; }

  /// Told of every plan, even one that equals the last.
  void on_change(Listener listener) { listeners_.push_back(std::move(listener)); }

 private:
  void append(std::vector<Layer>& layers, Layer layer, bool inner) const;
  void adopt(std::vector<Layer> layers);

  std::vector<Layer> layers_;
  Plan plan_;
  std::vector<Listener> listeners_;
};

}  // namespace rehearsal::pebble
