// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "charm/juju/command_runner.hpp"
#include "spawned_process.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace charm::juju {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t output_limit = 64UL << 20U;

int milliseconds_left(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, 1'000'000));
}

/// Returns a file in memory with the text, at its start: the child may read it or not, at any pace,
/// and nobody has to feed a pipe meanwhile.
Descriptor memory_file(std::string_view text) {
  Descriptor file(::memfd_create("input", MFD_CLOEXEC));
  while (file.get() >= 0 && !text.empty()) {
    const auto written = ::write(file.get(), text.data(), text.size());
    if (written <= 0) {
      throw Error("cannot keep " + std::to_string(text.size()) + " bytes of input in memory");
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file.get() < 0 || ::lseek(file.get(), 0, SEEK_SET) != 0) {
    throw Error("cannot make a file in memory");
  }
  return file;
}

/// Appends what is there. Returns false at the end of the stream.
bool read_some(int descriptor, std::string& text) {
  std::array<char, 65536> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  const auto count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  if (text.size() > output_limit) {
    throw Error("a command printed more than 64 MiB");
  }
  return count > 0 || (count < 0 && errno == EINTR);
}

/// Reads both streams to their ends. Returns false at the deadline.
bool read_all(SpawnedProcess& process, CommandResult& result, Clock::time_point deadline) {
  std::array<pollfd, 2> streams = {pollfd{process.out(), POLLIN, 0},
                                   pollfd{process.err(), POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&result.out, &result.err};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    const int ready = ::poll(streams.data(), streams.size(), milliseconds_left(deadline));
    if (ready == 0) {
      return false;
    }
    for (std::size_t i = 0; ready > 0 && i < streams.size(); ++i) {
      if (streams[i].revents != 0 && !read_some(streams[i].fd, *texts[i])) {
        streams[i].fd = -1;  // poll() skips negative descriptors.
      }
    }
  }
  return true;
}

/// Waits for the process, which has closed its output and so is about to end. Returns false at the
/// deadline.
bool wait_for_end(SpawnedProcess& process, Clock::time_point deadline) {
  if (process.ended()) {
    return true;
  }
  const Descriptor handle = process.handle();
  pollfd end{handle.get(), POLLIN, 0};
  while (!process.ended()) {
    const int left = milliseconds_left(deadline);
    if (left == 0) {
      return false;
    }
    // Without a handle poll() only sleeps.
    ::poll(&end, 1, handle.get() < 0 ? 1 : left);
  }
  return true;
}

}  // namespace

ProcessRunner::ProcessRunner(std::chrono::milliseconds limit) : limit_(limit) {}

CommandResult ProcessRunner::run(const std::vector<std::string>& argv, std::string_view input) {
  const auto deadline = Clock::now() + limit_;
  CommandResult result;
  const Descriptor in = input.empty() ? Descriptor() : memory_file(input);
  try {
    SpawnedProcess process(argv, in.get());
    if (read_all(process, result, deadline) && wait_for_end(process, deadline)) {
      result.exit_code = process.exit_code();
      return result;
    }
  } catch (const std::system_error& error) {
    return {.exit_code = 127, .out = {}, .err = error.what()};
  }
  result.exit_code = 124;
  result.err += "killed after " + std::to_string(limit_.count()) + " ms";
  return result;
}

}  // namespace charm::juju
