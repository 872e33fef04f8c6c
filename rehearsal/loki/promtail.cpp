// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// A small promtail for the rehearsal: reads the part of promtail's configuration that a charm
// writes, follows the files and pushes their lines.
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sys/stat.h>
#include <sys/types.h>

namespace rehearsal::promtail {
namespace {

using nlohmann::json;

/// The new lines of a file to which another process writes. If a file of the same name replaces it,
/// this reads the rest of the old one and then the new one from its start.
class TailedFile {
 public:
  explicit TailedFile(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Returns complete lines without their newlines; empty while there is no file.
  [[nodiscard]] std::vector<std::string> new_lines();

  /// The position up to which the current file has been read.
  [[nodiscard]] std::streamoff position() const { return position_; }

 private:
  void read(std::vector<std::string>& lines);

  std::string path_;
  std::ifstream file_;
  ino_t inode_ = 0;
  std::streamoff position_ = 0;
  std::string begun_;  ///< A line without its newline yet.
};

void TailedFile::read(std::vector<std::string>& lines) {
  file_.clear();
  std::vector<char> piece(1UL << 16U);
  do {
    file_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    std::string_view rest(piece.data(), static_cast<std::size_t>(file_.gcount()));
    position_ += file_.gcount();
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      lines.push_back(begun_.append(rest.substr(0, end)));
      begun_.clear();
      rest.remove_prefix(end + 1);
    }
    begun_ += rest;
  } while (file_.gcount() > 0);
}

std::vector<std::string> TailedFile::new_lines() {
  std::vector<std::string> lines;
  if (file_.is_open()) {
    read(lines);
  }

  struct stat status {};

  if (stat(path_.c_str(), &status) != 0 || (file_.is_open() && status.st_ino == inode_)) {
    return lines;
  }
  file_ = std::ifstream(path_);
  inode_ = status.st_ino;
  position_ = 0;
  begun_.clear();
  if (file_.is_open()) {
    read(lines);
  }
  return lines;
}

/// The lines of one file that one Loki has not received yet. A Loki that does not answer does not
/// delay the others.
class PushQueue {
 public:
  using Labels = std::map<std::string, std::string>;

  /// Throws std::invalid_argument if the URL is not `http://host[:port]/path`.
  PushQueue(const std::string& url, Labels labels);

  /// The time is nanoseconds since 1970, in decimal.
  void add(const std::string& time, const std::string& line);
  /// Sends the lines. Keeps them if Loki cannot be reached, is busy or broken (429, 5xx).
  void flush();

 private:
  std::string host_;
  std::string path_;
  Labels labels_;
  std::vector<std::pair<std::string, std::string>> entries_;
};

constexpr const char* scheme = "http://";
constexpr int bad_request = 400;
constexpr int too_many_requests = 429;
constexpr int server_errors = 500;

PushQueue::PushQueue(const std::string& url, Labels labels) : labels_(std::move(labels)) {
  const std::size_t start = std::string(scheme).size();
  const std::size_t slash = url.find('/', start);
  if (url.rfind(scheme, 0) != 0 || slash == std::string::npos) {
    throw std::invalid_argument("not an http URL: " + url);
  }
  host_ = url.substr(0, slash);
  path_ = url.substr(slash);
}

void PushQueue::add(const std::string& time, const std::string& line) {
  entries_.emplace_back(time, line);
}

void PushQueue::flush() {
  if (entries_.empty()) {
    return;
  }
  json values = json::array();
  for (const auto& [time, line] : entries_) {
    values.push_back(json::array({time, line}));
  }
  const json body = {
      {"streams", json::array({{{"stream", labels_}, {"values", std::move(values)}}})}};
  httplib::Client client(host_);
  client.set_connection_timeout(2);
  client.set_read_timeout(2);
  const auto result = client.Post(path_, body.dump(-1, ' ', false, json::error_handler_t::replace),
                                  "application/json");
  if (!result || result->status == too_many_requests || result->status >= server_errors) {
    return;
  }
  if (result->status >= bad_request) {
    std::cerr << host_ << " refused " << entries_.size() << " lines: " << result->body << '\n';
  }
  entries_.clear();
}

/// Loki rejects longer lines.
constexpr std::size_t longest_line = 262'144;
constexpr auto pause_between_looks = std::chrono::milliseconds(200);

/// One file and all its receivers.
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

/// Returns a different time for each line.
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
}  // namespace rehearsal::promtail

int main(int argc, char** argv) {
  const std::string option = "-config.file=";
  const std::string argument = argc == 2 ? argv[1] : "";
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): cannot fail for this signal.
  if (argument.rfind(option, 0) != 0) {
    std::cerr << "usage: promtail -config.file=FILE\n";
    return 2;
  }
  try {
    rehearsal::promtail::run(YAML::LoadFile(argument.substr(option.size())));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
