// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pods/line_reader.hpp"

#include <array>
#include <cerrno>

#include <unistd.h>

namespace rehearsal::pods {

void LineReader::read_some() {
  std::array<char, 16384> buffer{};
  const ssize_t size = read(reader_.number(), buffer.data(), buffer.size());
  if (size > 0) {
    text_.append(buffer.data(), static_cast<std::size_t>(size));
    give_lines();
  } else if (size == 0 || errno != EINTR) {
    finish();
  }
}

void LineReader::finish() {
  reader_.reset();
  if (!text_.empty()) {
    give(std::exchange(text_, {}));
  }
}

void LineReader::give_lines() {
  std::size_t begin = 0;
  for (std::size_t end = text_.find('\n'); end != std::string::npos;
       end = text_.find('\n', begin)) {
    give(text_.substr(begin, end - begin));
    begin = end + 1;
  }
  text_.erase(0, begin);
}

void LineReader::give(const std::string& line) const {
  if (execution_->on_line) {
    execution_->on_line(is_stderr_, line);
  }
}

}  // namespace rehearsal::pods
