// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/start_order.hpp"

#include "rehearsal/pebble/layer_reader.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace rehearsal::pebble {
namespace {

/// For each service, those that must come before it.
using Predecessors = std::map<std::string, std::vector<std::string>>;

[[noreturn]] void unknown_service(const std::string& name) {
  throw LayerError("service " + go_quoted(name) + " does not exist");
}

std::vector<std::string> dependants_of(const Plan& plan, const std::string& name) {
  std::vector<std::string> dependants;
  for (const auto& [other, service] : plan.services) {
    if (std::find(service.required.begin(), service.required.end(), name) !=
        service.required.end()) {
      dependants.push_back(other);
    }
  }
  return dependants;
}

std::set<std::string> closure(const Plan& plan, std::vector<std::string> pending, bool stopping) {
  std::set<std::string> selected;
  while (!pending.empty()) {
    const std::string name = pending.back();
    pending.pop_back();
    const auto service = plan.services.find(name);
    if (service == plan.services.end()) {
      unknown_service(name);
    }
    if (selected.insert(name).second) {
      const auto more = stopping ? dependants_of(plan, name) : service->second.required;
      pending.insert(pending.end(), more.begin(), more.end());
    }
  }
  return selected;
}

Predecessors predecessors_of(const Plan& plan, const std::set<std::string>& selected,
                             bool stopping) {
  Predecessors predecessors;
  const auto add = [&](const std::string& name, const std::string& earlier) {
    if (selected.contains(name) && selected.contains(earlier)) {
      predecessors[name].push_back(earlier);
    }
  };
  for (const std::string& name : selected) {
    const Service& service = plan.services.at(name);
    predecessors[name];
    for (const std::string& earlier : stopping ? service.before : service.after) {
      add(name, earlier);
    }
    for (const std::string& later : stopping ? service.after : service.before) {
      add(later, name);
    }
  }
  return predecessors;
}

/// Depth-first order with Tarjan's strongly connected components, so that a loop can be named
/// completely.
class Sorter {
 public:
  explicit Sorter(const Predecessors& predecessors) : predecessors_(predecessors) {}

  std::vector<std::string> sorted() {
    for (const auto& [name, before] : predecessors_) {
      if (!index_.contains(name)) {
        visit(name);
      }
    }
    return std::move(order_);
  }

 private:
  // Recursion as deep as the longest chain of services in a plan.
  std::size_t visit(const std::string& name) {
    const std::size_t index = index_.size();
    index_[name] = index;
    stack_.push_back(name);
    std::size_t lowest = index;
    for (const std::string& before : predecessors_.at(name)) {
      if (!index_.contains(before)) {
        lowest = std::min(lowest, visit(before));
      } else if (std::find(stack_.begin(), stack_.end(), before) != stack_.end()) {
        lowest = std::min(lowest, index_[before]);
      }
    }
    if (lowest == index) {
      finish_component(name);
    }
    return lowest;
  }

  void finish_component(const std::string& name) {
    const auto first = std::find(stack_.begin(), stack_.end(), name);
    std::vector<std::string> component(first, stack_.end());
    stack_.erase(first, stack_.end());
    if (component.size() == 1) {
      order_.push_back(name);
      return;
    }
    std::sort(component.begin(), component.end());
    std::string message = "services in before/after loop: " + component.front();
    for (std::size_t i = 1; i < component.size(); ++i) {
      message += ", " + component[i];
    }
    throw LayerError(message);
  }

  const Predecessors& predecessors_;
  std::map<std::string, std::size_t> index_;
  std::vector<std::string> stack_;
  std::vector<std::string> order_;
};

/// Lanes are handed out as Pebble does it: a service shares the lane of what it requires, and a
/// new lane is numbered after the one used last, so unrelated services can end up in one lane.
class LaneBook {
 public:
  std::size_t lane_of(const Service& service) {
    last_ = find(service).value_or(first_ ? 0 : last_ + 1);
    first_ = false;
    lanes_[service.name] = last_;
    for (const std::string& name : service.required) {
      lanes_[name] = last_;
    }
    highest_ = std::max(highest_, last_);
    return last_;
  }

  std::size_t highest() const { return highest_; }

  std::size_t at(const std::string& name) const { return lanes_.at(name); }

 private:
  std::optional<std::size_t> find(const Service& service) const {
    if (const auto own = lanes_.find(service.name); own != lanes_.end()) {
      return own->second;
    }
    for (const std::string& name : service.required) {
      if (const auto found = lanes_.find(name); found != lanes_.end()) {
        return found->second;
      }
    }
    return std::nullopt;
  }

  std::map<std::string, std::size_t> lanes_;
  std::size_t last_ = 0;
  std::size_t highest_ = 0;
  bool first_ = true;
};

Lanes lanes_for(const Plan& plan, const std::vector<std::string>& names, bool stopping) {
  const std::set<std::string> selected = closure(plan, names, stopping);
  const Predecessors predecessors = predecessors_of(plan, selected, stopping);
  const std::vector<std::string> order = Sorter(predecessors).sorted();
  LaneBook book;
  for (const std::string& name : order) {
    book.lane_of(plan.services.at(name));
  }
  Lanes lanes(book.highest() + 1);
  for (const std::string& name : order) {
    lanes[book.at(name)].push_back(name);
  }
  return lanes;
}

}  // namespace

Lanes start_lanes(const Plan& plan, const std::vector<std::string>& names) {
  return lanes_for(plan, names, false);
}

Lanes stop_lanes(const Plan& plan, const std::vector<std::string>& names) {
  return lanes_for(plan, names, true);
}

}  // namespace rehearsal::pebble
