// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// A small promtail for the rehearsal: reads the part of promtail's configuration that a charm
// writes, tails the files and pushes their lines.
#include "rehearsal/loki/push_queue.hpp"
#include "rehearsal/loki/tailed_file.hpp"

#include <yaml-cpp/yaml.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <thread>

namespace {

using rehearsal::promtail::PushQueue;
using rehearsal::promtail::TailedFile;

/// Loki refuses longer ones.
constexpr std::size_t longest_line = 262'144;
constexpr auto pause_between_looks = std::chrono::milliseconds(200);

/// One file and all who get it.
struct Job {
  TailedFile file;
  std::vector<PushQueue> queues;
};

PushQueue::Labels labels_of(const YAML::Node& node) {
  auto labels = node.as<PushQueue::Labels>();
  labels["filename"] = labels.at("__path__");
  labels.erase("__path__");
  return labels;
}

std::vector<Job> jobs_of(const YAML::Node& configuration) {
  const auto urls = configuration["clients"];
  if (!urls || urls.size() == 0) {
    throw std::runtime_error("at least one client config must be provided");
  }
  std::vector<Job> jobs;
  for (const auto& scrape : configuration["scrape_configs"]) {
    for (const auto& tailed : scrape["static_configs"]) {
      Job job{.file = TailedFile(tailed["labels"]["__path__"].as<std::string>())};
      for (const auto& client : urls) {
        job.queues.emplace_back(client["url"].as<std::string>(), labels_of(tailed["labels"]));
      }
      jobs.push_back(std::move(job));
    }
  }
  return jobs;
}

/// No two lines get the same.
std::string next_time() {
  static std::int64_t last = 0;
  const std::int64_t now = std::chrono::duration_cast<std::chrono::nanoseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  last = std::max(last + 1, now);
  return std::to_string(last);
}

void look(Job& job) {
  for (const std::string& line : job.file.new_lines()) {
    if (line.size() > longest_line) {
      std::cerr << "dropped a line of " << line.size() << " bytes\n";
      continue;
    }
    const std::string time = next_time();
    for (PushQueue& queue : job.queues) {
      queue.add(time, line);
    }
  }
  for (PushQueue& queue : job.queues) {
    queue.flush();
  }
}

void write_positions(const std::string& path, const std::vector<Job>& jobs) {
  std::ofstream file(path);
  file << "positions:\n";
  for (const Job& job : jobs) {
    file << "  " << job.file.path() << ": \"" << job.file.position() << "\"\n";
  }
  if (!file.flush()) {
    throw std::runtime_error("cannot write " + path);
  }
}

void run(const YAML::Node& configuration) {
  std::vector<Job> jobs = jobs_of(configuration);
  const auto positions = configuration["positions"]["filename"].as<std::string>();
  while (true) {
    for (Job& job : jobs) {
      look(job);
    }
    write_positions(positions, jobs);
    std::this_thread::sleep_for(pause_between_looks);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string option = "-config.file=";
  const std::string argument = argc == 2 ? argv[1] : "";
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
  if (argument.rfind(option, 0) != 0) {
    std::cerr << "usage: promtail -config.file=FILE\n";
    return 2;
  }
  try {
    run(YAML::LoadFile(argument.substr(option.size())));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
