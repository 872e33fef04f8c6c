// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pebble/api.hpp"
#include "rehearsal/pebble/request_error.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <regex>

namespace rehearsal::pebble {
namespace {

constexpr std::size_t longest_key = 256;
constexpr std::size_t largest_data = 4096;
constexpr std::array<std::string_view, 3> known_types{"change-update", "custom", "warning"};

Json to_json(const Notice& notice) {
  Json json{{"id", notice.id},
            {"user-id", notice.user ? Json(*notice.user) : Json(nullptr)},
            {"type", notice.type},
            {"key", notice.key},
            {"first-occurred", format_time(notice.first_occurred)},
            {"last-occurred", format_time(notice.last_occurred)},
            {"last-repeated", format_time(notice.last_repeated)},
            {"occurrences", notice.occurrences}};
  if (!notice.last_data.empty()) {
    json["last-data"] = notice.last_data;
  }
  if (notice.repeat_after.count() != 0) {
    json["repeat-after"] = format_duration(notice.repeat_after);
  }
  json["expire-after"] = "168h0m0s";
  return json;
}

uid_t parse_user(const std::vector<std::string>& values) {
  if (values.size() != 1) {
    bad_request("invalid \"user-id\" filter: must only include one \"user-id\"");
  }
  const std::string& text = values.front();
  const bool digits = !text.empty() && text.size() <= 10 &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  const unsigned long user = digits ? std::stoul(text) : std::numeric_limits<unsigned long>::max();
  if (user > std::numeric_limits<uid_t>::max()) {
    bad_request("invalid \"user-id\" filter: user ID is not a valid uint32: " + text);
  }
  return static_cast<uid_t>(user);
}

/// Callers see what is theirs and what is public; admins may ask for more.
std::optional<uid_t> user_filter(const Call& call) {
  const bool by_user = call.request.query.contains("user-id");
  const bool all_users = call.request.query.contains("users");
  if (by_user && !call.is_admin) {
    throw RequestError(403, "only admins may use the \"user-id\" filter");
  }
  if (all_users && !call.is_admin) {
    throw RequestError(403, "only admins may use the \"users\" filter");
  }
  if (all_users && by_user) {
    bad_request("cannot use both \"users\" and \"user-id\" parameters");
  }
  if (all_users && call.request.parameter("users") != "all") {
    bad_request("invalid \"users\" filter: must be \"all\"");
  }
  if (all_users) {
    return std::nullopt;
  }
  return by_user ? parse_user(call.request.list("user-id")) : call.user;
}

std::optional<SystemTime> after_filter(const Call& call) {
  const std::string text = call.request.parameter("after");
  if (text.empty()) {
    return std::nullopt;
  }
  const auto time = parse_time(text);
  if (!time) {
    bad_request("invalid \"after\" timestamp: parsing time " + go_quoted(text) +
                " as \"2006-01-02T15:04:05Z07:00\": cannot parse " + go_quoted(text) +
                " as \"2006\"");
  }
  return time;
}

std::vector<std::string> known(const std::vector<std::string>& types) {
  std::vector<std::string> result;
  std::copy_if(types.begin(), types.end(), std::back_inserter(result), [](const auto& type) {
    return std::find(known_types.begin(), known_types.end(), type) != known_types.end();
  });
  return result;
}

TextMap read_data(const JsonBody& body) {
  const Json& data = body.member("data");
  if (!data.is_null() && !data.is_object()) {
    bad_request(std::string("cannot decode notice data: json: cannot unmarshal ") +
                data.type_name() + " into Go value of type map[string]string");
  }
  TextMap result;
  for (const auto& [key, value] : data.items()) {
    if (!value.is_string()) {
      bad_request(std::string("cannot decode notice data: json: cannot unmarshal ") +
                  value.type_name() + " into Go value of type string");
    }
    result[key] = value.get<std::string>();
  }
  return result;
}

void require_custom(const JsonBody& body) {
  if (body.text("action") != "add") {
    bad_request("invalid action " + go_quoted(body.text("action")));
  }
  if (body.text("type") != "custom") {
    bad_request("invalid type " + go_quoted(body.text("type")) +
                " (can only add \"custom\" notices)");
  }
  const std::string key = body.text("key");
  const std::regex pattern(
      "[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+(-[a-z0-9]+)*)+(/[a-z0-9]+(-[a-z0-9]+)*)+");
  // The length comes first here: the expression recurses as deep as the key is long.
  if (key.size() > longest_key) {
    bad_request("key must be " + std::to_string(longest_key) + " bytes or less");
  }
  if (!std::regex_match(key, pattern)) {
    bad_request("invalid key " + go_quoted(key) + " (must be in \"example.com/path\" format)");
  }
}

}  // namespace

HttpResponse get_notices(const Call& call) {
  NoticeFilter filter{.user = user_filter(call)};
  const std::vector<std::string> types = call.request.list("types");
  filter.types = known(types);
  if (!types.empty() && filter.types.empty()) {
    return sync_response(Json::array());
  }
  filter.keys = call.request.list("keys");
  filter.after = after_filter(call);
  const Duration timeout = duration_of(call.request.parameter("timeout"), "timeout");
  auto held = call.agent.lock.hold();
  std::vector<Notice> notices = call.agent.notices.select(filter);
  if (notices.empty() && timeout.count() > 0) {
    call.agent.wait_until(held, call.client, std::chrono::steady_clock::now() + timeout, [&] {
      notices = call.agent.notices.select(filter);
      return !notices.empty();
    });
  }
  Json result = Json::array();
  for (const Notice& notice : notices) {
    result.push_back(to_json(notice));
  }
  return sync_response(result);
}

HttpResponse get_notice(const Call& call) {
  const std::string& id = call.variables.front();
  const auto held = call.agent.lock.hold();
  const auto notice = call.agent.notices.find(id);
  if (!notice) {
    not_found("cannot find notice with ID " + go_quoted(id));
  }
  if (notice->user && !call.is_admin && notice->user != call.user) {
    throw RequestError(403, "not allowed to access notice with id " + go_quoted(id));
  }
  return sync_response(to_json(*notice));
}

HttpResponse post_notices(const Call& call) {
  const JsonBody body(call.request.body, "cannot decode request body");
  require_custom(body);
  const Duration repeat_after = duration_of(body.text("repeat-after"), "repeat-after");
  if (to_plain_text(body.member("data")).size() > largest_data) {
    bad_request("total size of data must be " + std::to_string(largest_data) + " bytes or less");
  }
  const TextMap data = read_data(body);
  const auto held = call.agent.lock.hold();
  const std::string id =
      call.agent.notices.add(call.user, "custom", body.text("key"), data, repeat_after);
  return sync_response({{"id", id}});
}

}  // namespace rehearsal::pebble
