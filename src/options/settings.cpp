// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/options/settings.hpp"

#include "charm/domain/statuses.hpp"
#include "charm/domain/text.hpp"
#include "option_values.hpp"

#include <cmath>
#include <optional>
#include <string_view>

namespace charm {
namespace {

/// Inclusive bounds of a numeric option, as in config.yaml.
struct Range {
  std::int64_t least = 0;
  std::int64_t greatest = 0;

  [[nodiscard]] bool contains(std::int64_t number) const {
    return number >= least && number <= greatest;
  }
};

constexpr std::int64_t mebibyte = 1048576;
constexpr Range key_length{1024, 128 * mebibyte};
constexpr Range packet_length{1024, 64 * mebibyte};
constexpr Range response_length{0, 4096 * mebibyte};
constexpr Range rows{1, 100000};
constexpr Range limits{0, 100000};
// Hockeypuck loops without a pause at 0 and panics below.
constexpr Range gossip_seconds{5, 86400};

/// Reads single options. An unusable value leaves the target unchanged and adds a status.
class Options {
 public:
  Options(const std::map<std::string, ConfigValue>& config, std::vector<Status>& statuses)
      : config_(config), statuses_(statuses) {}

  /// Returns false if the value was rejected.
  template <typename Value>
  bool text(const std::string& name, Value& target, Value (*parse)(std::string_view)) const {
    const ConfigValue* value = find(name);
    if (value == nullptr) {
      return true;
    }
    const auto* written = std::get_if<std::string>(value);
    if (written == nullptr) {
      refuse(name, ": must be a string");
      return false;
    }
    const std::string_view content = trimmed(*written);
    try {
      target = content.empty() ? target : parse(content);
      return true;
    } catch (const InputError& error) {
      refuse(name, error.what());
      return false;
    }
  }

  void flag(const std::string& name, bool& target) const {
    const ConfigValue* value = find(name);
    if (value == nullptr) {
      return;
    }
    if (const auto* written = std::get_if<bool>(value)) {
      target = *written;
      return;
    }
    refuse(name, ": must be true or false");
  }

  void number(const std::string& name, std::int64_t& target, const Range& range) const {
    const ConfigValue* value = find(name);
    if (value == nullptr) {
      return;
    }
    const auto written = whole_number(*value);
    if (!written) {
      refuse(name, ": must be a whole number");
    } else if (!range.contains(*written)) {
      refuse(name, ": must be from " + std::to_string(range.least) + " to " +
                       std::to_string(range.greatest) + ", not " + std::to_string(*written));
    } else {
      target = *written;
    }
  }

  void refuse(const std::string& name, const std::string& reason) const {
    statuses_.push_back(statuses::wrong_option(name + reason));
  }

 private:
  [[nodiscard]] const ConfigValue* find(const std::string& name) const {
    const auto found = config_.find(name);
    return found == config_.end() ? nullptr : &found->second;
  }

  /// Juju sends numbers as JSON, and an integer may have been a float on the way.
  static std::optional<std::int64_t> whole_number(const ConfigValue& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      return *integer;
    }
    constexpr double exact = 9007199254740992.0;  // 2^53
    const auto* real = std::get_if<double>(&value);
    if (real == nullptr || !(std::abs(*real) <= exact) || std::trunc(*real) != *real) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(*real);
  }

  const std::map<std::string, ConfigValue>& config_;
  std::vector<Status>& statuses_;
};

/// An allowed packet must fit into an allowed key.
void keep_lengths_consistent(const Options& options, Settings& settings) {
  if (settings.max_key_length >= settings.max_packet_length) {
    return;
  }
  options.refuse("max-key-length", ": must be at least max-packet-length (" +
                                       std::to_string(settings.max_packet_length) + "), not " +
                                       std::to_string(settings.max_key_length));
  settings.max_key_length = Settings{}.max_key_length;
  settings.max_packet_length = Settings{}.max_packet_length;
}

/// With a lower limit, no other keyserver could fetch our largest key.
void keep_response_large_enough(const Options& options, Settings& settings) {
  if (settings.max_response_length == 0 ||
      settings.max_response_length >= settings.max_key_length) {
    return;
  }
  options.refuse("max-response-length", ": must be 0 or at least max-key-length (" +
                                            std::to_string(settings.max_key_length) + "), not " +
                                            std::to_string(settings.max_response_length));
  settings.max_response_length = Settings{}.max_response_length;
}

}  // namespace

std::string admin_key_secret(const std::map<std::string, ConfigValue>& config) {
  const auto found = config.find("admin-key-secret");
  const auto* uri = found == config.end() ? nullptr : std::get_if<std::string>(&found->second);
  return uri == nullptr ? std::string() : std::string(trimmed(*uri));
}

Settings read_settings(const std::map<std::string, ConfigValue>& config,
                       std::vector<Status>& statuses) {
  Settings settings;
  const std::size_t earlier = statuses.size();
  const Options options(config, statuses);
  options.text("external-peers", settings.external_peers, parse_external_peers);
  options.text("contact-fingerprint", settings.contact_fingerprint, parse_fingerprint);
  options.text("admin-keys", settings.admin_keys, parse_fingerprints);
  options.text("log-level", settings.log_level, parse_log_level);
  if (!options.text("log-forwarder", settings.log_forwarder, parse_log_forwarder)) {
    settings.log_forwarder.reset();
  }
  options.text("database-name", settings.database_name, parse_database_name);
  options.text("hostname", settings.hostname, parse_hostname);
  options.number("max-key-length", settings.max_key_length, key_length);
  options.number("max-packet-length", settings.max_packet_length, packet_length);
  options.number("max-response-length", settings.max_response_length, response_length);
  options.number("query-limit", settings.query_limit, rows);
  options.flag("self-signed-only", settings.self_signed_only);
  options.flag("keyword-search", settings.keyword_search);
  options.flag("log-request-details", settings.log_request_details);
  options.text("recon-allowed-cidrs", settings.recon_allowed_cidrs, parse_networks);
  options.number("recon-interval", settings.recon_interval, gossip_seconds);
  options.number("lookup-rate-limit", settings.edge.lookup_rate, limits);
  options.number("upload-rate-limit", settings.edge.upload_rate, limits);
  options.number("client-request-limit", settings.edge.client_requests, limits);
  options.flag("external-admin-requests", settings.edge.admin_requests);
  options.text("trusted-proxies", settings.edge.trusted_proxies, parse_networks);
  options.text("uploads", settings.uploads, parse_uploads);
  keep_lengths_consistent(options, settings);
  keep_response_large_enough(options, settings);
  settings.right = statuses.size() == earlier;
  return settings;
}

}  // namespace charm
