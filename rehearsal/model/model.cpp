// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/model.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <utility>

namespace rehearsal {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 5> units{
    {{"ms", 1.0}, {"us", 0.001}, {"h", 3'600'000.0}, {"m", 60'000.0}, {"s", 1'000.0}}};

std::tm broken_down(Millis time) {
  const auto seconds = static_cast<std::time_t>(time / one_second);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

}  // namespace

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

std::string tag_of(const std::string& unit_or_app) {
  return is_unit_name(unit_or_app) ? unit_tag(unit_or_app) : "application-" + unit_or_app;
}

std::uint64_t draw(std::uint64_t& random, std::uint64_t count) {
  random += 0x9e3779b97f4a7c15ULL;
  std::uint64_t bits = random;
  bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebULL;
  bits ^= bits >> 31U;
  return count == 0 ? 0 : bits % count;
}

std::uint64_t draw(Model& model, std::uint64_t count) {
  return draw(model.random, count);
}

std::string pod_dns_name(const Model& model, const std::string& unit) {
  const std::string app = app_of(unit);
  return app + "-" + std::to_string(number_of(unit)) + "." + app + "-endpoints." + model.name +
         ".svc.cluster.local";
}

HostNames model_names(const Model& model) {
  HostNames names;
  const auto add = [&](const std::string& name, const std::string& address) {
    if (address.empty()) {
      return;
    }
    for (const char* suffix : {".svc.cluster.local", ".svc", ""}) {
      names[name + "." + model.name + suffix].push_back(address);
    }
  };
  for (const auto& [name, app] : model.applications) {
    for (const std::string& member : model.units_of(name)) {
      const std::string& address = model.unit(member).address;
      add(name, address);
      add(name + "-endpoints", address);
      add(name + "-" + std::to_string(number_of(member)) + "." + name + "-endpoints", address);
    }
  }
  for (const auto& [name, unit] : model.services) {
    if (const auto found = model.units.find(unit); found != model.units.end()) {
      add(name, found->second.address);
    }
  }
  return names;
}

std::optional<Millis> parse_duration(const std::string& text) {
  double total = 0;
  std::string_view rest = text;
  if (rest.empty()) {
    return std::nullopt;
  }
  while (!rest.empty()) {
    const std::size_t digits = rest.find_first_not_of("0123456789.");
    if (digits == 0 || digits == std::string_view::npos) {
      return std::nullopt;
    }
    const double number = std::strtod(std::string(rest.substr(0, digits)).c_str(), nullptr);
    rest.remove_prefix(digits);
    bool known = false;
    for (const auto& [name, millis] : units) {
      if (!known && rest.starts_with(name)) {
        known = true;
        total += number * millis;
        rest.remove_prefix(name.size());
      }
    }
    if (!known) {
      return std::nullopt;
    }
  }
  return std::llround(total);
}

std::string format_time(Millis time) {
  const std::tm parts = broken_down(time);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

std::string format_time_of_day(Millis time) {
  return format_time(time).substr(11, 8);
}

Millis wall_clock() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace rehearsal
