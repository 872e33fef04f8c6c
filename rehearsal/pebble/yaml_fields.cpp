// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/yaml_fields.hpp"

#include "rehearsal/pebble/layer_reader.hpp"

#include <cstdlib>
#include <stdexcept>

namespace rehearsal::pebble {
namespace {

std::string tag_of(const YAML::Node& node) {
  if (node.IsSequence()) {
    return "!!seq";
  }
  return node.IsMap() ? "!!map" : "!!str `" + node.Scalar() + "`";
}

std::string text_of(const YAML::Node& node) {
  return node.IsNull() ? "" : node.Scalar();
}

std::optional<long> integer_of(const YAML::Node& node) {
  if (!node.IsScalar() || node.Tag() == "!" || node.Scalar().empty()) {
    return std::nullopt;
  }
  char* end = nullptr;
  const long value = std::strtol(node.Scalar().c_str(), &end, 0);
  return *end == '\0' ? std::optional(value) : std::nullopt;
}

Duration duration_of(const YAML::Node& node) {
  if (!node.IsScalar()) {
    throw LayerError("duration must be a YAML string");
  }
  try {
    return parse_duration(node.Scalar());
  } catch (const std::invalid_argument&) {
    throw LayerError("invalid duration " + go_quoted(node.Scalar()));
  }
}

double number_of(const YAML::Node& node) {
  if (!node.IsScalar()) {
    throw LayerError("value must be a YAML number");
  }
  char* end = nullptr;
  const double value = std::strtod(node.Scalar().c_str(), &end);
  if (node.Scalar().empty() || *end != '\0') {
    throw LayerError("invalid floating-point number " + go_quoted(node.Scalar()));
  }
  return value;
}

}  // namespace

void YamlFields::fault(const YAML::Node& node, const std::string& message) {
  const int line = node.Mark().line - first_line_ + 1;
  faults_.push_back("  line " + std::to_string(line) + ": " + message);
}

void YamlFields::type_fault(const YAML::Node& node, const std::string& type) {
  fault(node, "cannot unmarshal " + tag_of(node) + " into " + type);
}

bool YamlFields::is_first(const YAML::Node& mapping, const YAML::Node& key,
                          const std::string& name) {
  for (const auto& entry : mapping) {
    if (entry.first.Scalar() == name) {
      if (entry.first.Mark().pos == key.Mark().pos) {
        return true;
      }
      fault(key, "mapping key " + go_quoted(name) + " already defined at line " +
                     std::to_string(entry.first.Mark().line - first_line_ + 1));
      return false;
    }
  }
  return true;
}

void YamlFields::read_entries(
    const YAML::Node& mapping, const std::string& type,
    const std::function<void(const std::string&, const YAML::Node&)>& take) {
  if (mapping.IsNull()) {
    return;
  }
  if (!mapping.IsMap()) {
    type_fault(mapping, type);
    return;
  }
  for (const auto& entry : mapping) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    if (is_first(mapping, entry.first, key)) {
      take(key, entry.second);
    }
  }
}

void YamlFields::read(const YAML::Node& mapping, const std::string& type,
                      const std::vector<Field>& fields) {
  read_entries(mapping, type, [&](const std::string& key, const YAML::Node& value) {
    for (const Field& field : fields) {
      if (key == field.key) {
        field.set(value);
        return;
      }
    }
    fault(value, "field " + key + " not found in type " + type);
  });
}

YamlFields::Setter YamlFields::into(std::string& target) {
  return [this, &target](const YAML::Node& node) {
    if (node.IsScalar() || node.IsNull()) {
      target = text_of(node);
    } else {
      type_fault(node, "string");
    }
  };
}

YamlFields::Setter YamlFields::into(long& target) {
  return [this, &target](const YAML::Node& node) {
    if (const auto value = integer_of(node)) {
      target = *value;
    } else if (!node.IsNull()) {
      type_fault(node, "int");
    }
  };
}

YamlFields::Setter YamlFields::into(std::optional<long>& target) {
  return [this, &target](const YAML::Node& node) {
    if (const auto value = integer_of(node)) {
      target = *value;
    } else if (!node.IsNull()) {
      type_fault(node, "int");
    }
  };
}

YamlFields::Setter YamlFields::into(std::optional<Duration>& target) {
  return [&target](const YAML::Node& node) {
    if (!node.IsNull()) {
      target = duration_of(node);
    }
  };
}

YamlFields::Setter YamlFields::into(std::optional<double>& target) {
  return [&target](const YAML::Node& node) {
    if (!node.IsNull()) {
      target = number_of(node);
    }
  };
}

YamlFields::Setter YamlFields::into(std::vector<std::string>& target) {
  return [this, &target](const YAML::Node& node) {
    if (!node.IsSequence() && !node.IsNull()) {
      type_fault(node, "[]string");
      return;
    }
    for (const YAML::Node& item : node) {
      into(target.emplace_back())(item);
    }
  };
}

YamlFields::Setter YamlFields::into(TextMap& target) {
  return [this, &target](const YAML::Node& node) {
    read_entries(node, "map[string]string", [&](const std::string& key, const YAML::Node& value) {
      into(target[key])(value);
    });
  };
}

void YamlFields::finish() const {
  if (faults_.empty()) {
    return;
  }
  std::string message = "yaml: unmarshal errors:";
  for (const std::string& text : faults_) {
    message += "\n" + text;
  }
  throw LayerError(message);
}

}  // namespace rehearsal::pebble
