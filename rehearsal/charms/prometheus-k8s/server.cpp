// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace prometheus {
namespace {

/// Not /etc/prometheus, which is the machine's own.
const std::string folder = "/srv/prometheus/";
/// The names of all files, written when Prometheus has taken them.
const std::string index_file = folder + "index";

charm::Layer layer() {
  charm::Layer layer;
  layer.services["prometheus"] = {
      .summary = "Prometheus",
      .command = "/usr/bin/prometheus --config.file=" + folder +
                 "prometheus.yml --storage.tsdb.path=/var/lib/prometheus --web.enable-lifecycle "
                 "--web.listen-address=:9090 --log.level=warn",
      .backoff_limit = "3s",
      .kill_delay = "10s"};
  return layer;
}

std::string index_of(const std::map<std::string, std::string>& files) {
  std::string index;
  for (const auto& [name, content] : files) {
    index += name + "\n";
  }
  return index;
}

/// One that was only just started does not listen yet.
bool reload() {
  constexpr int attempts = 20;
  httplib::Client client("127.0.0.1", 9090);
  client.set_read_timeout(20, 0);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (const httplib::Result result = client.Post("/-/reload")) {
      return result->status == 200;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
  return false;
}

}  // namespace

bool Server::active() const {
  const auto services = pebble_->services();
  return std::any_of(services.begin(), services.end(), [](const auto& service) {
    return service.name == "prometheus" && service.current == "active";
  });
}

/// True when Prometheus has not taken these files yet.
bool Server::write(const std::map<std::string, std::string>& files) const {
  std::vector<charm::File> wanted;
  std::vector<std::string> paths = {index_file};
  wanted.reserve(files.size());
  for (const auto& [name, content] : files) {
    wanted.push_back({.path = folder + name, .content = content});
    paths.push_back(folder + name);
  }
  const auto existing = pebble_->read(paths);
  const auto index = existing.find(index_file);
  const bool same = std::all_of(wanted.begin(), wanted.end(), [&](const charm::File& file) {
    const auto known = existing.find(file.path);
    return known != existing.end() && known->second == file.content;
  });
  if (same && index != existing.end() && index->second == index_of(files)) {
    return false;
  }
  pebble_->remove({index_file, folder + "rules"}, true);
  pebble_->write(wanted);
  return true;
}

bool Server::run(const std::map<std::string, std::string>& files) const {
  const bool was_active = active();
  const bool changed = write(files);
  pebble_->add_layer("prometheus", layer());
  pebble_->replan();
  if (changed && was_active && !reload()) {
    return false;
  }
  if (changed) {
    pebble_->write({{.path = index_file, .content = index_of(files)}});
  }
  return true;
}

}  // namespace prometheus
