// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/juju/log_sink.hpp"

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace charm {

/// Passes records to the fake as to Juju, including those of a dispatch that fails.
class LogToJuju {
 public:
  explicit LogToJuju(const juju::HookTools& tools)
      : logger_(std::make_shared<spdlog::logger>("charm", juju::juju_log_sink(tools))) {
    logger_->set_level(spdlog::level::info);
    logger_->set_error_handler([](const std::string&) {});  // A killed juju-log is expected.
    spdlog::set_default_logger(logger_);
  }

  LogToJuju(const LogToJuju&) = delete;
  LogToJuju& operator=(const LogToJuju&) = delete;

  ~LogToJuju() {
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("none", std::make_shared<spdlog::sinks::null_sink_st>()));
  }

  void flush() const { logger_->flush(); }

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace charm
