// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "dashboards.hpp"

#include "charm/domain/error.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include <lzma.h>

namespace grafana {
namespace {

using nlohmann::json;

/// The bytes are not an .xz or .lzma file. The text is that of Python's module lzma.
class PackingError : public charm::Error {
 public:
  using Error::Error;
};

constexpr std::size_t largest = 64UL << 20U;

/// Line breaks are ignored.
std::string base64_decoded(const std::string& text) {
  const std::unique_ptr<EVP_ENCODE_CTX, decltype(&EVP_ENCODE_CTX_free)> context(
      EVP_ENCODE_CTX_new(), EVP_ENCODE_CTX_free);
  std::vector<unsigned char> bytes(text.size() + 3);
  const std::vector<unsigned char> input(text.begin(), text.end());
  int size = 0;
  int rest = 0;
  EVP_DecodeInit(context.get());
  if (EVP_DecodeUpdate(context.get(), bytes.data(), &size, input.data(),
                       static_cast<int>(input.size())) < 0 ||
      EVP_DecodeFinal(context.get(), bytes.data() + size, &rest) < 0) {
    throw charm::Error("content: incorrect base64 padding");
  }
  return {bytes.begin(), bytes.begin() + size + rest};
}

std::string explanation(lzma_ret code) {
  switch (code) {
    case LZMA_FORMAT_ERROR:
      return "Input format not supported by decoder";
    case LZMA_DATA_ERROR:
      return "Corrupt input data";
    case LZMA_OPTIONS_ERROR:
      return "Invalid or unsupported options";
    case LZMA_BUF_ERROR:
      return "Compressed data ended before the end-of-stream marker was reached";
    default:
      return "Unrecognized error from liblzma: " + std::to_string(code);
  }
}

class Decoder {
 public:
  Decoder() {
    if (lzma_auto_decoder(&stream_, std::numeric_limits<std::uint64_t>::max(), 0) != LZMA_OK) {
      throw PackingError("liblzma cannot be used");
    }
  }

  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  ~Decoder() { lzma_end(&stream_); }

  std::string run(const std::string& bytes) {
    std::string text;
    std::array<std::uint8_t, 65536> piece{};
    const std::basic_string<std::uint8_t> input(bytes.begin(), bytes.end());
    stream_.next_in = input.data();
    stream_.avail_in = input.size();
    lzma_ret code = LZMA_OK;
    while (code == LZMA_OK && text.size() <= largest) {
      stream_.next_out = piece.data();
      stream_.avail_out = piece.size();
      code = lzma_code(&stream_, LZMA_FINISH);
      text.append(piece.begin(), piece.end() - static_cast<std::ptrdiff_t>(stream_.avail_out));
    }
    if (code != LZMA_STREAM_END) {
      throw PackingError(explanation(code));
    }
    return text;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

/// Unpacks base64 of an .xz or .lzma file. Throws charm::Error for wrong base64, and PackingError
/// for other faults and for more than 64 MiB.
std::string unpacked(const std::string& content) {
  return Decoder().run(base64_decoded(content));
}

void check_inputs(const json& dashboard) {
  for (const json& field : dashboard.value("__inputs", json::array())) {
    if (field.value("type", "") == "datasource") {
      (void)field.at("name").get<std::string>();
      (void)field.at("pluginName").get<std::string>();
    }
  }
}

void check_variables(const json& dashboard) {
  if (!dashboard.contains("templating")) {
    return;
  }
  for (const json& variable : dashboard.at("templating").at("list")) {
    (void)variable.at("name");
    if (variable.value("type", "") == "datasource") {
      (void)variable.at("query").get<std::string>();
    }
  }
}

/// The consumer reads the source of a panel only if the panel has an expression.
void check_panel(const json& panel) {
  for (const json& target : panel.value("targets", json::array())) {
    if (target.contains("expr") && panel.contains("datasource") &&
        panel.at("datasource").is_object()) {
      (void)panel.at("datasource").at("uid");
    }
  }
}

/// Looks up every value in a dashboard that the consumer of grafana_dashboard (v0.48) looks up when
/// it adds its variables and matchers. Throws if the consumer fails its hook for a missing value.
/// Does not change the dashboard. `has_topology`: matchers are added.
void check_conversion(const json& dashboard, bool has_topology) {
  check_inputs(dashboard);
  check_variables(dashboard);
  if (!has_topology) {
    return;
  }
  for (const json& panel : dashboard.value("panels", json::array())) {
    if (panel.is_object()) {
      check_panel(panel);
    }
  }
}

/// Returns `version` as an integer, or 0 if it is missing or not a number. Throws if the consumer
/// does: for null, a list or an object.
int version_of(const json& dashboard) {
  const json version = dashboard.value("version", json(0));
  if (version.is_string()) {
    const auto& text = version.get_ref<const std::string&>();
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  if (version.is_boolean()) {
    return version.get<bool>() ? 1 : 0;
  }
  if (!version.is_number()) {
    throw charm::Error(std::string("version must be a number, not ") + version.type_name());
  }
  return version.get<int>();
}

/// Returns a member that may be absent or false in Python's sense.
std::string text_or_nothing(const json& object, const char* key) {
  const json value = object.value(key, json());
  return value.is_string() ? value.get<std::string>() : "";
}

/// Returns nothing for text that is not JSON. Throws PackingError.
std::optional<Dashboard> read_template(const std::string& id, const json& entry) {
  const std::string text = unpacked(entry.at("content").get<std::string>());
  json content = json::parse(text, nullptr, false);
  if (content.is_discarded()) {
    return std::nullopt;
  }
  if (!content.is_object()) {
    throw charm::Error(id + " is not an object");
  }
  if (text_or_nothing(content, "uid").empty() && entry.contains("dashboard_alt_uid")) {
    content["uid"] = entry.at("dashboard_alt_uid");
  }
  const bool inject = entry.value("inject_dropdowns", true);
  check_conversion(content, inject && !entry.value("juju_topology", json::object()).empty());
  Dashboard dashboard{.id = id,
                      .charm = entry.at("charm").get<std::string>(),
                      .uid = text_or_nothing(content, "uid"),
                      .title = text_or_nothing(content, "title"),
                      .version = version_of(content)};
  dashboard.content = std::move(content);
  return dashboard;
}

}  // namespace

Reading read_dashboards(const charm::Relation& relation) {
  const auto published = relation.remote_app_data.find("dashboards");
  if (published == relation.remote_app_data.end() || published->second.empty()) {
    return {};
  }
  const json templates = json::parse(published->second).at("templates");
  if (!templates.is_object()) {
    throw charm::Error("templates is not an object");
  }
  Reading reading;
  for (const auto& [id, entry] : templates.items()) {
    try {
      if (std::optional<Dashboard> dashboard = read_template(id, entry)) {
        dashboard->relation = relation.id;
        reading.dashboards.push_back(std::move(*dashboard));
      }
    } catch (const PackingError& error) {
      reading.errors.push_back({{"dashboard_id", id}, {"error", error.what()}});
    }
  }
  if (!reading.errors.empty()) {
    reading.dashboards.clear();
  }
  return reading;
}

std::vector<Dashboard> shown(const std::vector<Dashboard>& dashboards) {
  std::map<std::string, const Dashboard*> newest;
  const auto rank = [](const Dashboard& dashboard) {
    return std::tuple(dashboard.version, dashboard.relation, dashboard.content.dump());
  };
  for (const Dashboard& dashboard : dashboards) {
    if (dashboard.uid.find_first_not_of(" \t\n") == std::string::npos) {
      continue;
    }
    const Dashboard*& known = newest[dashboard.uid];
    if (known == nullptr || rank(*known) < rank(dashboard)) {
      known = &dashboard;
    }
  }
  std::vector<Dashboard> result;
  result.reserve(newest.size());
  for (const auto& [uid, dashboard] : newest) {
    result.push_back(*dashboard);
  }
  return result;
}

}  // namespace grafana
