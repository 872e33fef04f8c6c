// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/histogram.hpp"

#include <sstream>

namespace rehearsal::keyserver {

std::string escaped_label(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\\' || letter == '"') {
      result += '\\';
    }
    result += letter;
  }
  return result;
}

void Histogram::observe(double value) {
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    if (value <= bounds_[i]) {
      ++buckets_[i];
    }
  }
  ++count_;
  sum_ += value;
}

std::string Histogram::text(const std::string& name, const std::string& labels) const {
  std::ostringstream text;
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    text << name << "_bucket{" << labels << ",le=\"" << bounds_[i] << "\"} " << buckets_[i] << "\n";
  }
  text << name << "_bucket{" << labels << ",le=\"+Inf\"} " << count_ << "\n"
       << name << "_sum{" << labels << "} " << sum_ << "\n"
       << name << "_count{" << labels << "} " << count_ << "\n";
  return text.str();
}

}  // namespace rehearsal::keyserver
