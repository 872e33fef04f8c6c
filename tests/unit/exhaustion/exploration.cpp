// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/exhaustion/exploration.hpp"

#include "charm/hook/reconcile.hpp"
#include "tests/unit/exhaustion/properties.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <initializer_list>
#include <utility>

namespace charm::exhaustion {

namespace {

/// The kinds of steps in the order of Step::What.
constexpr std::array names = {
    "SetPort",      "SetDatabags",    "SetVersion",     "Remember",      "SetStatus",
    "KeepAdminKey", "ForgetAdminKey", "ReadAdminKey",   "MakeAdminKey",  "PlaceFiles",
    "RemovePaths",  "Install",        "AddLayer",       "StartService",  "StopServices",
    "SendSignal",   "ListDirectory",  "ReadLastOutput", "ProbeDatabase", "PrepareDatabase",
    "KeepUploads",  "CountKeys",      "BlockKeys",      "UnblockKeys",   "ImportBlockList",
    "CountDigests", "AskVersion",     "FindKey",        "UploadKey",     "UploadKeys",
    "DeleteKeys",   "TryAdminKey",    "WaitUntil",      "Pause"};
static_assert(names.size() == std::variant_size_v<Step::What>);

constexpr std::size_t most_faults = 5;
constexpr std::uint64_t bound_of_steps = 100;
constexpr std::uint64_t bound_of_hooks = 8;

template <typename... Kinds>
bool is_any(const Step& step) {
  return (std::holds_alternative<Kinds>(step.what) || ...);
}

/// Whether the step leaves everything as it is. The status is the result of a hook.
bool is_question(const Step& step) {
  return is_any<step::SetStatus, step::ReadAdminKey, step::ListDirectory, step::ReadLastOutput,
                step::ProbeDatabase, step::PrepareDatabase, step::CountKeys, step::CountDigests,
                step::AskVersion, step::FindKey, step::TryAdminKey, step::WaitUntil>(step);
}

/// A program that fails is started again in each hook, and a failing database is asked again.
/// Without Pebble the charm cannot record that the database has the policy.
bool is_another_attempt(const Step& step, const Surroundings& where) {
  if (std::holds_alternative<step::KeepUploads>(step.what)) {
    return where.server == Server::failing || !where.pebble;
  }
  return !where.programs_work && is_any<step::PlaceFiles, step::RemovePaths, step::StartService,
                                        step::StopServices, step::Install, step::Pause>(step);
}

/// All states of one Surroundings, and where hooks and kills lead.
class Graph {
 public:
  explicit Graph(const Surroundings& surroundings) : place_(surroundings) {}

  Totals explore(std::size_t every) {
    const std::vector<Beginning> all = beginnings(place_.surroundings());
    for (std::size_t i = 0; i < all.size(); i += every) {
      number(place_.state_of(all[i]));
    }
    totals_.states = states_.size();
    for (std::uint32_t i = 0; i < states_.size(); ++i) {
      first_kill_.push_back(static_cast<std::uint32_t>(kills_.size()));
      run(i);
    }
    first_kill_.push_back(static_cast<std::uint32_t>(kills_.size()));
    totals_.later = states_.size() - totals_.states;
    totals_.kills = kills_.size();
    compare_ends();
    return std::move(totals_);
  }

 private:
  std::uint32_t number(const State& state) {
    const auto [found, is_new] =
        numbers_.try_emplace(state, static_cast<std::uint32_t>(states_.size()));
    if (is_new) {
      states_.push_back(state);
    }
    return found->second;
  }

  void complain(const std::string& what, const State& state, const History& history) {
    if (totals_.faults.size() < most_faults) {
      totals_.faults.push_back(what + "\n  " + description(place_, state, history));
    }
  }

  /// The next step. A decision that throws has no answer.
  std::optional<Step> answer(const State& begun, const Dispatch& dispatch) {
    try {
      return next_step(*dispatch.plan, dispatch.snapshot);
    } catch (const std::exception& error) {
      ++totals_.unanswered;
      complain(std::string("no answer: ") + error.what(), begun, dispatch.snapshot.history);
      return std::nullopt;
    }
  }

  /// Runs one hook to its end.
  void run(std::uint32_t number_of_state) {
    const State begun = states_[number_of_state];
    Dispatch dispatch = place_.begin(begun);
    State last = begun;
    std::uint64_t steps = 0;
    bool changed = false;
    while (const auto step = answer(begun, dispatch)) {
      if (const std::string rule = broken_rule(*step, place_, dispatch); !rule.empty()) {
        complain(names[step->what.index()] + std::string(": ") + rule, begun,
                 dispatch.snapshot.history);
      }
      changed =
          changed || (!is_question(*step) && !is_another_attempt(*step, place_.surroundings()));
      place_.take(*step, dispatch);
      if (const State now = Place::killed(dispatch); now != last) {
        kills_.push_back(number(now));
        last = now;
      }
      if (++steps > bound_of_steps) {
        complain("the hook does not end", begun, dispatch.snapshot.history);
        break;
      }
    }
    const State end = place_.ended(dispatch);
    next_.push_back(number(end));
    changes_.push_back(changed);
    totals_.steps += steps;
    totals_.most_steps = std::max(totals_.most_steps, steps);
    check_status(begun, end, dispatch);
  }

  void check_status(const State& begun, const State& end, const Dispatch& done) {
    const Performed* set = done.snapshot.history.last_of<step::SetStatus>();
    if ((set != nullptr) != (place_.surroundings().goal == Goal::run)) {
      complain("the hook ends without a status, or a unit that stops sets one", begun,
               done.snapshot.history);
    }
    if (set == nullptr) {
      return;
    }
    const Status& shown = std::get<step::SetStatus>(set->step.what).status;
    const Cause cause = cause_in(place_, end, done);
    if (shown.kind != cause.kind || !shown.message.starts_with(cause.phrase)) {
      complain("the status is \"" + shown.message + "\" and the cause \"" + cause.phrase + '"',
               begun, done.snapshot.history);
    }
  }

  /// Returns the state on which nothing more changes.
  std::uint32_t end_of(std::uint32_t state) {
    std::uint64_t hooks = 1;
    std::uint32_t end = state;
    for (; next_[end] != end; end = next_[end]) {
      if (++hooks > bound_of_hooks) {
        complain("hooks change the unit for ever", states_[state], {});
        return state;
      }
    }
    totals_.most_hooks = std::max(totals_.most_hooks, hooks);
    return end;
  }

  void compare_ends() {
    std::vector<std::uint32_t> ends(states_.size());
    for (std::uint32_t i = 0; i < states_.size(); ++i) {
      ends[i] = end_of(i);
    }
    for (std::uint32_t i = 0; i < states_.size(); ++i) {
      if (ends[i] == i) {
        check_end(i);
      }
      for (std::uint32_t kill = first_kill_[i]; kill < first_kill_[i + 1]; ++kill) {
        if (ends[kills_[kill]] != ends[i]) {
          complain("a kill leads to another end: " +
                       description(place_, states_[ends[kills_[kill]]], {}) +
                       "\n  instead of: " + description(place_, states_[ends[i]], {}) +
                       "\n  from: " + description(place_, states_[kills_[kill]], {}),
                   states_[i], {});
        }
      }
    }
  }

  void check_end(std::uint32_t end) {
    if (changes_[end]) {
      complain("a hook with nothing to do changes something", states_[end], steps_from(end));
    }
    if (const std::string fault = fault_of_end(place_, states_[end]); !fault.empty()) {
      complain("at the end " + fault, states_[end], steps_from(end));
    }
  }

  History steps_from(std::uint32_t state) {
    Dispatch dispatch = place_.begin(states_[state]);
    while (const auto step = next_step(*dispatch.plan, dispatch.snapshot)) {
      place_.take(*step, dispatch);
    }
    return dispatch.snapshot.history;
  }

  Place place_;
  Totals totals_;
  std::unordered_map<State, std::uint32_t, HashOfState> numbers_;
  std::vector<State> states_;
  std::vector<std::uint32_t> next_;        ///< By state: the state after one hook.
  std::vector<bool> changes_;              ///< By state: whether that hook changed something.
  std::vector<std::uint32_t> kills_;       ///< The states that kills leave, hook by hook.
  std::vector<std::uint32_t> first_kill_;  ///< By state: where its kills begin.
};

/// The states of the container: files, service, tree, rebuild and record.
void add_containers(Beginning beginning, std::vector<Beginning>& all) {
  const auto add_records = [&] {
    for (const Recorded record : {Recorded::none, Recorded::ours, Recorded::other, Recorded::far}) {
      beginning.record = record;
      all.push_back(beginning);
    }
  };
  const auto add_trees = [&] {
    // A keyserver that was started has made its tree.
    const bool has_started =
        beginning.keyserver == Process::active || beginning.keyserver == Process::backoff;
    for (const Rebuilding rebuild : {Rebuilding::no, Rebuilding::requested}) {
      for (const Tree tree : {Tree::whole, Tree::missing, Tree::damaged}) {
        if (tree == Tree::missing && has_started) {
          continue;
        }
        beginning.rebuild = rebuild;
        beginning.tree = tree;
        add_records();
      }
    }
    // Each of the programs locks the tree, so the keyserver does not run during a rebuild.
    if (beginning.keyserver == Process::unknown || beginning.keyserver == Process::inactive) {
      for (const Rebuilding rebuild :
           {Rebuilding::running, Rebuilding::complete, Rebuilding::stopped, Rebuilding::failed}) {
        beginning.rebuild = rebuild;
        add_records();
      }
    }
  };
  for (const Age files : {Age::absent, Age::old, Age::planned}) {
    beginning.files = files;
    beginning.definition = Age::absent;
    beginning.keyserver = Process::unknown;
    add_trees();
    for (const Age definition : {Age::old, Age::planned}) {
      for (const Process keyserver :
           {Process::inactive, Process::active, Process::backoff, Process::error}) {
        beginning.definition = definition;
        beginning.keyserver = keyserver;
        add_trees();
      }
    }
  }
}

std::vector<Admin> admins_of(Option brought) {
  switch (brought) {
    case Option::readable:
      return {Admin::next};
    case Option::unreadable:
      return {Admin::wrong};
    case Option::unset:
      break;
  }
  return {Admin::none, Admin::stored, Admin::lost, Admin::retired, Admin::revoked};
}

}  // namespace

void Totals::add(const Totals& other) {
  states += other.states;
  later += other.later;
  steps += other.steps;
  kills += other.kills;
  unanswered += other.unanswered;
  most_steps = std::max(most_steps, other.most_steps);
  most_hooks = std::max(most_hooks, other.most_hooks);
  faults.insert(faults.end(), other.faults.begin(), other.faults.end());
}

std::vector<Beginning> beginnings(const Surroundings& surroundings) {
  std::vector<Beginning> all;
  for (const Admin admin : admins_of(surroundings.brought)) {
    for (const bool uploads_known : {false, true}) {
      const Beginning beginning{.admin = admin, .uploads_known = uploads_known};
      if (surroundings.pebble) {
        add_containers(beginning, all);
      } else {
        all.push_back(beginning);
      }
    }
  }
  return all;
}

std::vector<Surroundings> all_surroundings() {
  std::vector<Surroundings> all;
  const auto add_programs = [&](Surroundings where) {
    for (const Option brought : {Option::unset, Option::readable, Option::unreadable}) {
      for (const Logs logs : {Logs::none, Logs::pebble, Logs::promtail}) {
        where.brought = brought;
        where.logs = logs;
        for (const bool works : {true, false}) {
          where.pebble = true;
          where.programs_work = works;
          all.push_back(where);
        }
        where.pebble = false;
        where.programs_work = true;
        all.push_back(where);
      }
    }
  };
  for (const Goal goal : {Goal::run, Goal::stop}) {
    for (const bool right_settings : {true, false}) {
      for (std::uint8_t server = 0; server <= static_cast<std::uint8_t>(Server::ready); ++server) {
        for (const bool leader : {true, false}) {
          add_programs({.goal = goal,
                        .right_settings = right_settings,
                        .server = static_cast<Server>(server),
                        .leader = leader});
        }
      }
    }
  }
  return all;
}

Totals explore(const Surroundings& surroundings, std::size_t every) {
  return Graph(surroundings).explore(every);
}

const char* name_of(const Step& step) {
  return names[step.what.index()];
}

std::string description(const Place& place, const State& state, const History& history) {
  const Surroundings& where = place.surroundings();
  std::string text;
  const auto add = [&](const char* name, auto value) {
    text += std::string(name) + '=' + std::to_string(static_cast<int>(value)) + ' ';
  };
  add("goal", where.goal);
  add("right", where.right_settings);
  add("server", where.server);
  add("leader", where.leader);
  add("pebble", where.pebble);
  add("works", where.programs_work);
  add("brought", where.brought);
  add("logs", where.logs);
  text += "| ";
  add("files", state.files);
  add("plan", state.plan);
  add("keyserver", state.keyserver);
  add("with", state.runs_with);
  add("tree", state.tree);
  add("record", state.record);
  add("rebuild", state.rebuild);
  add("build", state.build);
  add("closed", state.closed);
  add("promtail", state.promtail);
  add("its files", state.promtail_files);
  add("uploads", state.uploads);
  add("policy", state.policy);
  for (const std::uint8_t stored : state.stored) {
    add("stored", stored);
  }
  add("current", state.current);
  add("retired", state.retired);
  add("settled", state.settled);
  add("memory", state.memory[0] * 256 + state.memory[1]);
  text += '|';
  for (const Performed& done : history.steps()) {
    text += std::string(" ") + names[done.step.what.index()];
    text += std::holds_alternative<Refusal>(done.answer) ? "!" : "";
  }
  return text;
}

}  // namespace charm::exhaustion
