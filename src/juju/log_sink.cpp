// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/log_sink.hpp"

#include "charm/domain/text.hpp"

#include <spdlog/sinks/base_sink.h>

#include <mutex>
#include <utility>
#include <vector>

namespace charm::juju {
namespace {

std::string_view juju_level(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug:
      return "DEBUG";
    case spdlog::level::warn:
      return "WARNING";
    case spdlog::level::err:
    case spdlog::level::critical:
      return "ERROR";
    default:
      return "INFO";
  }
}

/// Returns the text with every control character except newline as `\xNN`. A remote text must not
/// control the terminal that shows the log.
std::string visible(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const CodePoint point = front_code_point(text);
    const bool control = point.valid && point.value != '\n' &&
                         (point.value < 0x20 || (point.value >= 0x7f && point.value < 0xa0));
    for (std::size_t i = 0; i < point.length; ++i) {
      shown += control ? "\\x" + hexadecimal(text.substr(i, 1)) : std::string(1, text[i]);
    }
    text.remove_prefix(point.length);
  }
  return shown;
}

class JujuLogSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit JujuLogSink(const HookTools& tools) : tools_(&tools) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view level = juju_level(message.level);
    std::string text = visible({message.payload.data(), message.payload.size()});
    if (!batches_.empty() && batches_.back().first == level) {
      batches_.back().second += '\n' + text;
    } else {
      batches_.emplace_back(level, std::move(text));
    }
  }

  void flush_() override {
    // Removed first, so that records that fail are not sent twice.
    for (const auto& [level, text] : std::exchange(batches_, {})) {
      tools_->log(level, text);
    }
  }

 private:
  const HookTools* tools_;
  std::vector<std::pair<std::string_view, std::string>> batches_;
};

}  // namespace

std::shared_ptr<spdlog::sinks::sink> juju_log_sink(const HookTools& tools) {
  return std::make_shared<JujuLogSink>(tools);
}

}  // namespace charm::juju
