// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/answers.hpp"
#include "charm/domain/prefix_tree.hpp"
#include "charm/domain/step.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace charm {

/// The reason why a step could not be done.
struct Refusal {
  enum class By {
    juju,             ///< The relation or secret is gone, or the unit is no longer the leader.
    lost_pebble,      ///< The connection to Pebble was lost.
    time,             ///< The dispatch had no time left.
    pebble,           ///< Pebble refused the request.
    file_system,      ///< Pebble could not write.
    program,          ///< A service did not start or stop.
    database,         ///< PostgreSQL failed.
    keyserver,        ///< The keyserver does not answer.
    download_source,  ///< The download failed.
  };

  By by = By::juju;
  std::string reason;
};

struct Text {
  std::string value;
};

struct Number {
  std::int64_t value = 0;
};

struct Names {
  std::vector<std::string> value;
};

/// An armored secret key; never logged.
struct PrivateKey {
  std::string armor;
};

/// The result of a step. An effect that succeeded has an empty one.
using Answer =
    std::variant<std::monostate, Refusal, Text, Number, Names, PrivateKey, AdminKeyReference,
                 NextAdminKey, postgres::ProbeResult, prefix_tree::DatabaseContent,
                 postgres::KeyCount, postgres::Blocking, postgres::KeptUploads,
                 postgres::BlockListImport, keyserver::StoredKey, keyserver::Answer>;

struct Performed {
  Step step;
  Answer answer;
};

/// Returns why the step could not be done, or nullptr.
[[nodiscard]] inline const Refusal* refusal_of(const Performed* done) {
  return done == nullptr ? nullptr : std::get_if<Refusal>(&done->answer);
}

/// Returns the text that answered a question, or an empty one without such an answer.
[[nodiscard]] inline std::string text_of(const Performed& asked) {
  const auto* text = std::get_if<Text>(&asked.answer);
  return text == nullptr ? std::string() : text->value;
}

/// The steps of this dispatch so far, the oldest first.
class History {
 public:
  void add(Performed done) { steps_.push_back(std::move(done)); }

  [[nodiscard]] const std::vector<Performed>& steps() const { return steps_; }

  /// Returns the last time that an equal step was done, or nullptr.
  template <typename Is>
  [[nodiscard]] const Performed* last_if(Is is) const {
    const auto found = std::find_if(steps_.rbegin(), steps_.rend(), is);
    return found == steps_.rend() ? nullptr : &*found;
  }

  [[nodiscard]] const Performed* last(const Step::What& what) const {
    return last_if([&](const Performed& done) { return done.step.what == what; });
  }

  [[nodiscard]] bool contains(const Step::What& what) const { return last(what) != nullptr; }

  /// Returns the last step of this kind, or nullptr.
  template <typename Kind>
  [[nodiscard]] const Performed* last_of() const {
    return last_if(
        [](const Performed& done) { return std::holds_alternative<Kind>(done.step.what); });
  }

  template <typename Is>
  [[nodiscard]] std::ptrdiff_t count(Is is) const {
    return std::count_if(steps_.begin(), steps_.end(), is);
  }

  /// Whether `earlier` was done and `later` was done after it.
  [[nodiscard]] static bool is_later(const Performed* later, const Performed* earlier) {
    return later != nullptr && (earlier == nullptr || later > earlier);
  }

 private:
  std::vector<Performed> steps_;
};

}  // namespace charm
