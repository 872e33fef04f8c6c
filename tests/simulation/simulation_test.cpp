// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulate.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include <rapidcheck.h>

namespace simulation {
namespace {

constexpr int longest_sequence = 20;
constexpr int most_shrinks = 3000;

/// A number from the environment, which `make soak` sets.
int number_of(const char* variable, int otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr || *text == '\0' ? otherwise : std::stoi(text);
}

rc::Gen<Operation> any_operation() {
  const auto kind = rc::gen::weightedElement<Kind>({{6, Kind::run},
                                                    {4, Kind::time},
                                                    {3, Kind::lead},
                                                    {8, Kind::relate},
                                                    {3, Kind::unrelate},
                                                    {5, Kind::option},
                                                    {2, Kind::secret},
                                                    {3, Kind::scale},
                                                    {3, Kind::churn},
                                                    {2, Kind::container},
                                                    {1, Kind::refresh},
                                                    {3, Kind::database},
                                                    {3, Kind::provider},
                                                    {2, Kind::pebble},
                                                    {2, Kind::keyserver},
                                                    {3, Kind::action},
                                                    {1, Kind::damage},
                                                    {10, Kind::fault},
                                                    {3, Kind::overlap}});
  const auto operation = rc::gen::build<Operation>(
      rc::gen::set(&Operation::kind, kind), rc::gen::set(&Operation::which, rc::gen::inRange(0, 8)),
      rc::gen::set(&Operation::how, rc::gen::inRange(0, 64)));
  // A database comes first in most deployments.
  return rc::gen::weightedOneOf<Operation>(
      {{12, operation}, {1, rc::gen::just(Operation{Kind::relate, 0, 0})}});
}

rc::Gen<Sequence> any_sequence() {
  return rc::gen::build<Sequence>(
      rc::gen::set(&Sequence::units, rc::gen::weightedElement<int>({{6, 1}, {3, 2}, {1, 3}})),
      rc::gen::set(&Sequence::seed, rc::gen::cast<std::uint64_t>(rc::gen::inRange(0, 1'000'000))),
      rc::gen::set(&Sequence::operations,
                   rc::gen::map(rc::gen::container<std::vector<Operation>>(any_operation()),
                                [](std::vector<Operation> operations) {
                                  operations.insert(operations.begin(), {Kind::relate, 0, 0});
                                  return operations;
                                })));
}

std::string reproduction_of(const Sequence& sequence) {
  return "make soak SEQUENCE='" + text_of(sequence) + "'";
}

/// The smallest sequence that rapidcheck finds which also breaks an invariant.
Sequence shrunk(rc::Shrinkable<Sequence> failing) {
  int tries = 0;
  for (bool smaller = true; smaller;) {
    smaller = false;
    auto candidates = failing.shrinks();
    while (auto candidate = candidates.next()) {
      if (++tries > most_shrinks) {
        return failing.value();
      }
      if (simulate(candidate->value()).violation) {
        failing = *candidate;
        smaller = true;
        break;
      }
    }
  }
  return failing.value();
}

void add(const Figures& more, Figures& sum) {
  sum.sequences += more.sequences;
  sum.operations += more.operations;
  sum.events += more.events;
  sum.effects += more.effects;
  sum.restarts += more.restarts;
  sum.longest_hook = std::max(sum.longest_hook, more.longest_hook);
  for (const auto& [kind, count] : more.kinds) {
    sum.kinds[kind] += count;
  }
  for (const auto& [kind, count] : more.faults) {
    sum.faults[kind] += count;
  }
}

std::string list_of(const std::map<std::string, std::int64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += (text.empty() ? "" : "; ") + name + " " + std::to_string(count);
  }
  return text;
}

void print(const Figures& sum, int seed) {
  std::int64_t faults = 0;
  for (const auto& [kind, count] : sum.faults) {
    faults += count;
  }
  std::cout << "  events: " << list_of(sum.kinds) << "\n  faults: " << list_of(sum.faults)
            << "\nsimulation: seed " << seed << ", " << sum.sequences << " sequences, "
            << sum.operations << " operations, " << sum.events << " events, " << sum.effects
            << " effects, " << faults << " faults, " << sum.restarts
            << " starts of the keyserver, longest hook " << sum.longest_hook << " s" << std::endl;
}

/// Stops at the first sequence that breaks an invariant.
void search(int seed, int count) {
  constexpr int shortest = 4;
  rc::Random random(static_cast<std::uint64_t>(seed));
  const rc::Gen<Sequence> sequences = any_sequence();
  Figures sum;
  for (int number = 0; number < count; ++number) {
    const auto sequence =
        sequences(random.split(), shortest + number % (longest_sequence - shortest));
    const Result result = simulate(sequence.value());
    add(result.figures, sum);
    if (result.violation) {
      const Sequence smallest = shrunk(sequence);
      ADD_FAILURE() << "sequence " << number + 1 << " of seed " << seed << ": "
                    << simulate(smallest).violation.value_or(*result.violation) << "\n"
                    << reproduction_of(smallest);
      break;
    }
  }
  print(sum, seed);
}

TEST(Simulation, KeepsItsInvariants) {
  search(number_of("SIMULATION_SEED", 1), number_of("SIMULATION_COUNT", 40));
}

/// The sequences that once broke an invariant, one on each line.
TEST(KnownSequences, KeepTheirInvariants) {
  const char* given = std::getenv("SIMULATION_SEQUENCE");
  std::istringstream lines(
      given != nullptr ? given : test::file_text(SOURCE_DIR "/tests/simulation/sequences.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with("#")) {
      continue;
    }
    const Result result = simulate(sequence_of(line), given != nullptr);
    std::cout << result.journal;
    EXPECT_FALSE(result.violation) << *result.violation << "\n"
                                   << reproduction_of(sequence_of(line));
  }
}

TEST(KnownSequences, HaveTheSameJournalEachTime) {
  rc::Random random(1);
  const rc::Gen<Sequence> sequences = any_sequence();
  for (int number = 0; number < 10; ++number) {
    const Sequence sequence = sequences(random.split(), longest_sequence).value();
    EXPECT_EQ(simulate(sequence).digest, simulate(sequence).digest)
        << "I13: " << reproduction_of(sequence);
  }
}

}  // namespace
}  // namespace simulation
