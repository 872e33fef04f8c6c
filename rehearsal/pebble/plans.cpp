// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/plans.hpp"

#include "rehearsal/pebble/layer_combine.hpp"
#include "rehearsal/pebble/layer_reader.hpp"
#include "rehearsal/pebble/layer_rules.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

namespace rehearsal::pebble {
namespace {

constexpr int order_step = 1000;

std::string folder_of(const std::string& label) {
  return label.substr(0, label.find('/'));
}

struct LayerFile {
  int order = 0;
  std::string label;
  std::filesystem::path path;
};

/// The entries of a layers folder in their order. Other files than layers may lie there.
std::vector<LayerFile> layer_files(const std::filesystem::path& folder) {
  static constexpr const char* pattern = "([0-9]{3})-([a-z](-?[a-z0-9]){2,})(\\.yaml|\\.d)";
  std::vector<LayerFile> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    const std::string extension = entry.path().extension();
    if (extension != ".yaml" && extension != ".d") {
      continue;
    }
    std::smatch match;
    if (!std::regex_match(name, match, std::regex(pattern))) {
      throw std::runtime_error("invalid layer filename: " + go_quoted(name) +
                               " (must look like \"123-some-label.yaml\")");
    }
    files.push_back({std::stoi(match[1]), match[2], entry.path()});
  }
  std::sort(files.begin(), files.end(),
            [](const LayerFile& left, const LayerFile& right) { return left.path < right.path; });
  return files;
}

Layer read_file(const std::string& label, int order, const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) {
    throw std::runtime_error("cannot read layer file: " + path.string());
  }
  std::ostringstream text;
  text << file.rdbuf();
  Layer layer = read_layer(label, text.str());
  layer.order = order;
  return layer;
}

std::vector<Layer> read_folder(const std::filesystem::path& folder) {
  std::vector<Layer> layers;
  for (const LayerFile& file : layer_files(folder)) {
    if (!std::filesystem::is_directory(file.path)) {
      layers.push_back(read_file(file.label, order_step * file.order, file.path));
      continue;
    }
    for (const LayerFile& inner : layer_files(file.path)) {
      layers.push_back(read_file(file.label + "/" + inner.label,
                                 order_step * file.order + inner.order, inner.path));
    }
  }
  return layers;
}

}  // namespace

void Plans::load(const std::filesystem::path& layers_dir) {
  adopt(std::filesystem::exists(layers_dir) ? read_folder(layers_dir) : std::vector<Layer>{});
}

void Plans::add(Layer layer, bool combine, bool inner) {
  std::vector<Layer> layers = layers_;
  const auto found = std::find_if(layers.begin(), layers.end(), [&layer](const Layer& other) {
    return other.label == layer.label;
  });
  if (found == layers.end()) {
    append(layers, std::move(layer), inner);
  } else if (combine) {
    const int order = found->order;
    const std::string label = found->label;
    *found = combine_layers({*found, layer});
    found->order = order;
    found->label = label;
  } else {
    throw LayerError("layer " + go_quoted(layer.label) + " already exists");
  }
  adopt(std::move(layers));
}

void Plans::append(std::vector<Layer>& layers, Layer layer, bool inner) const {
  const bool in_folder = layer.label.find('/') != std::string::npos;
  const std::string folder = folder_of(layer.label);
  auto position = layers.end();
  layer.order = layers.empty()
                    ? order_step
                    : (layers.back().order / order_step + 1) * order_step + (in_folder ? 1 : 0);
  for (auto other = layers.begin(); other != layers.end(); ++other) {
    if (folder_of(other->label) == folder) {
      position = std::next(other);
      layer.order = other->order + 1;
    }
  }
  if (position != layers.end() && !inner) {
    throw InnerLayerError("cannot insert sub-directory layer without 'inner' attribute set");
  }
  layers.insert(position, std::move(layer));
}

void Plans::adopt(std::vector<Layer> layers) {
  Plan plan = plan_of(layers);
  validate_plan(plan);
  layers_ = std::move(layers);
  plan_ = std::move(plan);
  for (const Listener& listener : listeners_) {
    listener(plan_);
  }
}

}  // namespace rehearsal::pebble
