// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/model.hpp"

#include <algorithm>

namespace rehearsal {

Application& Model::application(const std::string& app) {
  const auto found = applications.find(app);
  if (found == applications.end()) {
    throw UserError("application \"" + app + "\" not found");
  }
  return found->second;
}

const Application& Model::application(const std::string& app) const {
  const auto found = applications.find(app);
  if (found == applications.end()) {
    throw UserError("application \"" + app + "\" not found");
  }
  return found->second;
}

Unit& Model::unit(const std::string& unit_name) {
  const auto found = units.find(unit_name);
  if (found == units.end()) {
    throw UserError("unit \"" + unit_name + "\" not found");
  }
  return found->second;
}

const Unit& Model::unit(const std::string& unit_name) const {
  const auto found = units.find(unit_name);
  if (found == units.end()) {
    throw UserError("unit \"" + unit_name + "\" not found");
  }
  return found->second;
}

std::vector<std::string> Model::units_of(const std::string& app) const {
  std::vector<std::string> names;
  for (const auto& [member, details] : units) {
    if (details.app == app) {
      names.push_back(member);
    }
  }
  std::sort(names.begin(), names.end(), [](const std::string& left, const std::string& right) {
    return number_of(left) < number_of(right);
  });
  return names;
}

bool Model::is_leader(const std::string& unit_name) const {
  const auto app = applications.find(app_of(unit_name));
  return app != applications.end() && app->second.leader == unit_name;
}

std::string app_of(const std::string& unit) {
  return unit.substr(0, unit.find('/'));
}

int number_of(const std::string& unit) {
  return is_unit_name(unit) ? std::stoi(unit.substr(unit.find('/') + 1)) : -1;
}

bool is_unit_name(const std::string& text) {
  const std::size_t slash = text.find('/');
  return slash != std::string::npos && slash > 0 && slash + 1 < text.size() &&
         text.size() - slash < 9 &&
         text.find_first_not_of("0123456789", slash + 1) == std::string::npos;
}

std::string unit_tag(const std::string& unit) {
  std::string tag = "unit-" + unit;
  std::replace(tag.begin(), tag.end(), '/', '-');
  return tag;
}

std::uint64_t draw(Model& model, std::uint64_t count) {
  model.random += 0x9e3779b97f4a7c15ULL;
  std::uint64_t bits = model.random;
  bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebULL;
  bits ^= bits >> 31U;
  return count == 0 ? 0 : bits % count;
}

}  // namespace rehearsal
