// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exhaustion/exploration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

namespace charm::exhaustion {
namespace {

/// Explores all surroundings, as many at a time as the machine has processors. Begins with every
/// n-th state of the product.
Totals explore_all(std::size_t every) {
  const std::vector<Surroundings> all = all_surroundings();
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  Totals totals;
  const auto work = [&] {
    for (std::size_t i = next++; i < all.size(); i = next++) {
      const Totals part = explore(all[i], every);
      const std::scoped_lock lock(mutex);
      totals.add(part);
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    threads.emplace_back(work);
  }
  threads.clear();
  return totals;
}

/// EXHAUSTION_EVERY=1 begins with all states of the product.
std::size_t chosen_part() {
  const char* every = std::getenv("EXHAUSTION_EVERY");
  return every == nullptr ? 7 : std::stoul(every);
}

TEST(Exhaustion, FindsTheRightStepsInEveryState) {
  const std::size_t every = chosen_part();
  const Totals totals = explore_all(every);
  for (const std::string& fault : totals.faults) {
    ADD_FAILURE() << fault;
  }
  EXPECT_GT(totals.states, 0U);
  std::cout << "exhaustion: " << totals.states << " states, one of " << every << " (and "
            << totals.later << " more that hooks and kills led to), " << totals.unanswered
            << " without an answer; " << totals.steps << " steps, " << totals.most_steps
            << " in the longest hook; " << totals.kills << " kills; at most " << totals.most_hooks
            << " hooks until nothing changes; " << totals.faults.size() << " faults\n";
}

}  // namespace
}  // namespace charm::exhaustion
