// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/juju/log_sink.hpp"

#include <spdlog/sinks/base_sink.h>

#include <algorithm>
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

void append_escaped(std::string& text, char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  text += {'\\', 'x', digits[value >> 4U], digits[value & 0xfU]};
}

/// How many bytes the control character at the start takes: 0 if there is none, 2 for U+0080 to
/// U+009F.
std::size_t control_size(std::string_view text) {
  const auto value = static_cast<unsigned char>(text.front());
  if (value < 0x20 || value == 0x7f) {
    return text.front() == '\n' ? 0 : 1;
  }
  return value == 0xc2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xa0 ? 2 : 0;
}

/// Returns the text with every control character but newline as `\xNN`: no terminal that shows the
/// log may be steered by what a peer sent us.
std::string visible(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const auto control = control_size(text);
    for (std::size_t i = 0; i < control; ++i) {
      append_escaped(shown, text[i]);
    }
    if (control == 0) {
      shown += text.front();
    }
    text.remove_prefix(std::max<std::size_t>(control, 1));
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
    // Taken out first: records that cannot be delivered are not delivered twice either.
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
