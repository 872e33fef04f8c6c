// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"

#include <yaml-cpp/yaml.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rehearsal::pebble {

/// Reads the mappings of one section of a layer into values, collecting what does not fit: a Go
/// YAML decoder reports all wrong keys and types of a section together, with their lines.
class YamlFields {
 public:
  /// `section` is the value of the section; lines are counted from its first one.
  explicit YamlFields(const YAML::Node& section) : first_line_(section.Mark().line) {}

  using Setter = std::function<void(const YAML::Node&)>;

  struct Field {
    const char* key;
    Setter set;
  };

  /// Calls the setter of each key of `mapping`; unknown and repeated keys are faults. `type` is
  /// how the messages name what is read.
  void read(const YAML::Node& mapping, const std::string& type, const std::vector<Field>& fields);

  /// Calls `take` for each key and value of a mapping with free keys.
  void read_entries(const YAML::Node& mapping, const std::string& type,
                    const std::function<void(const std::string&, const YAML::Node&)>& take);

  Setter into(std::string& target);
  Setter into(long& target);
  Setter into(std::optional<long>& target);
  Setter into(std::optional<Duration>& target);
  Setter into(std::optional<double>& target);
  Setter into(std::vector<std::string>& target);
  Setter into(TextMap& target);

  /// Throws LayerError with all faults found, if any.
  void finish() const;

 private:
  void fault(const YAML::Node& node, const std::string& message);
  void type_fault(const YAML::Node& node, const std::string& type);
  bool is_first(const YAML::Node& mapping, const YAML::Node& key, const std::string& name);

  int first_line_;
  std::vector<std::string> faults_;
};

}  // namespace rehearsal::pebble
