// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"
#include "tests/unit/exhaustion/real_values.hpp"
#include "tests/unit/exhaustion/state.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

/// A unit and everything outside it as small numbers. The model takes the charm's steps as values.
/// It therefore parses no text of hook tools and no request to Pebble, and is fast.
namespace charm::exhaustion {

/// Numbers values in the order in which they appear, from 1.
template <typename Value>
class Known {
 public:
  std::uint8_t number(const Value& value) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (values_[i] == value) {
        return static_cast<std::uint8_t>(i + 1);
      }
    }
    values_.push_back(value);
    if (values_.size() > UINT8_MAX) {
      throw std::length_error("more than 255 different values");
    }
    return static_cast<std::uint8_t>(values_.size());
  }

  [[nodiscard]] const Value& operator[](std::uint8_t number) const {
    static const Value none{};
    return number == 0 ? none : values_[number - 1U];
  }

 private:
  std::vector<Value> values_;
};

/// One hook between its first Snapshot and its end.
struct Dispatch {
  State state;  ///< With the changes outside Juju so far.
  Snapshot snapshot;
  std::shared_ptr<const Plan> plan;
  std::string plan_key;
  std::set<int> ports;
  Databag peers;
  std::optional<std::string> memory;
};

/// One Surroundings with all values that occurred in it.
class Place {
 public:
  explicit Place(const Surroundings& surroundings);

  [[nodiscard]] const Surroundings& surroundings() const { return where_; }

  [[nodiscard]] State state_of(const Beginning& beginning);

  /// Begins a hook: reads the state, and plans.
  [[nodiscard]] Dispatch begin(const State& state);
  /// Takes the step, and looks again.
  void take(const Step& step, Dispatch& dispatch);
  /// The state that remains if the hook is killed now: Juju keeps none of its writes.
  [[nodiscard]] static State killed(const Dispatch& dispatch);
  /// The state if the hook ends now: Juju keeps all of its writes.
  [[nodiscard]] State ended(const Dispatch& dispatch);

  /// The files, layers and digest that the charm plans with these admin keys, if nothing is wrong.
  struct Wanted {
    std::uint8_t files = 0;
    std::uint8_t old_files = 0;
    Layer layer;
    Layer old_layer;
    std::string uploads;
    std::string memory;  ///< Of a unit that knows the digest.
  };

  [[nodiscard]] const Wanted& wanted(Current current, Retired retired);

  [[nodiscard]] KeyserverHealth health(const State& state) const;
  [[nodiscard]] bool lists(std::uint8_t files, Key key) const;

  using Files = std::map<std::string, std::string>;

  struct Container {
    Layer layer;
    PebblePlan plan;

    bool operator==(const Container& other) const { return plan.text == other.plan.text; }
  };

  Known<Files> files;
  Known<Container> plans;
  Known<std::string> texts;
  Known<prefix_tree::Rebuild> rebuilds;

 private:
  struct Interpreter;

  [[nodiscard]] Snapshot juju_of(const State& state, const Surroundings& where) const;
  [[nodiscard]] std::shared_ptr<const Plan> plan_of(const Dispatch& dispatch);
  void look(const Step& step, Dispatch& dispatch) const;
  void read_files(Dispatch& dispatch) const;
  void read_services(Dispatch& dispatch) const;
  [[nodiscard]] std::uint8_t with_layer(std::uint8_t plan, const Layer& layer);
  void remember(const std::string& text, State& state);

  Surroundings where_;
  std::map<std::uint32_t, Snapshot> templates_;
  std::map<std::uint32_t, Wanted> wanted_;
  std::unordered_map<std::string, std::shared_ptr<const Plan>> plans_;
  std::map<std::uint8_t, std::vector<std::pair<Layer, std::uint8_t>>> combined_;
  std::vector<std::optional<Memory>> memories_{std::nullopt};
  std::unordered_map<std::string, std::size_t> numbers_of_memories_;
};

}  // namespace charm::exhaustion
