// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

#include <string>
#include <vector>

namespace charm::actions {

/// hockeypuck-load as a service of Pebble's: it goes on when the action has ended, and needs nobody
/// to wait for it.
class KeyLoadService {
 public:
  enum class State {
    unknown,  ///< Never started since the container was.
    active,
    ended,   ///< By itself; what it did is to be seen in the database.
    failed,  ///< With an error: it did not get to the end.
  };

  explicit KeyLoadService(const ActionContext& context) : context_(context) {}

  [[nodiscard]] State state() const;

  /// Starts it on these files, for the database in use. It may have ended when this returns.
  void start(const std::vector<std::string>& paths) const;

  /// Its last line of log, without time and level. Empty when there is none.
  [[nodiscard]] std::string last_words() const;

 private:
  const ActionContext& context_;
};

/// The message in a line as Hockeypuck logs it; the line itself when it has another form.
[[nodiscard]] std::string message_of(const std::string& line);

}  // namespace charm::actions
