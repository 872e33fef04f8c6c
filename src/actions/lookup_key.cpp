// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "actions.hpp"
#include "charm/domain/text.hpp"
#include "results.hpp"

#include <algorithm>
#include <array>

namespace charm::actions {
namespace {

/// Key id, fingerprint of version 4, fingerprint of version 6: HKP wants `0x` before them.
constexpr std::array<std::size_t, 3> hexadecimal_lengths{16, 40, 64};

std::string search_of(const std::string& keyword) {
  const bool is_number =
      keyword.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos &&
      std::ranges::find(hexadecimal_lengths, keyword.size()) != hexadecimal_lengths.end();
  return is_number ? "0x" + keyword : keyword;
}

[[noreturn]] void fail(const std::string& search, const keyserver::Answer& answer) {
  switch (answer.status) {
    case 404:
      throw Failure("Not Found: the keyserver has no key for \"" + search + "\"");
    case 0:
      throw Failure("the keyserver does not answer: " + answer.error);
    default:
      throw Failure("the keyserver answers with HTTP status " + std::to_string(answer.status) +
                    ", see juju debug-log");
  }
}

}  // namespace

Results run_lookup_key(ActionContext& context) {
  const std::string keyword = context.parameters.text("keyword");
  const std::string search = search_of(std::string(trimmed(keyword)));
  if (search.empty()) {
    throw Failure(
        "the parameter keyword is empty: give 0x and a fingerprint, or an e-mail address");
  }
  const keyserver::Answer answer = context.doors.keyserver.get(search);
  if (answer.status != 200) {
    fail(search, answer);
  }
  if (answer.body.size() > longest_result) {
    throw Failure("the answer of " + std::to_string(answer.body.size()) +
                  " bytes does not fit into a result; look the key up by HKP on port 11371");
  }
  return {{"result", answer.body}};
}

}  // namespace charm::actions
