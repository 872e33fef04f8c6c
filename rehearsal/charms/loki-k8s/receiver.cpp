// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "receiver.hpp"

#include "charm/domain/error.hpp"

#include <httplib.h>

#include <chrono>
#include <thread>

namespace loki {
namespace {

const std::string held_back_file = "/loki/held-back";
constexpr int most_looks = 50;

charm::Layer layer() {
  charm::Layer layer;
  layer.services["loki"] = {
      .summary = "Receiver of logs",
      .command = "/loki/bin/loki " + std::to_string(port) + " " + files_folder};
  return layer;
}

httplib::Client local() {
  return httplib::Client("127.0.0.1", port);
}

bool answers() {
  const httplib::Result result = local().Get("/ready");
  return result && result->status == 200;
}

std::string body_of(const httplib::Result& result, const std::string& target) {
  constexpr int last_success = 299;
  if (!result || result->status > last_success) {
    throw charm::Error(target + ": " +
                       (result ? result->body : httplib::to_string(result.error())));
  }
  return result->body;
}

}  // namespace

bool Receiver::run() const {
  pebble_->add_layer("loki", layer());
  pebble_->replan();
  for (int look = 0; look < most_looks; ++look) {
    if (answers()) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

bool Receiver::is_held_back() const {
  return !pebble_->read({held_back_file}).empty();
}

void Receiver::hold_back(bool held) const {
  if (held) {
    pebble_->write({{.path = held_back_file, .content = "held back\n"}});
  } else {
    pebble_->remove({held_back_file}, false);
  }
}

std::string Receiver::get(const std::string& target) {
  return body_of(local().Get(target), target);
}

void Receiver::put(const std::string& target, const std::string& body) {
  (void)body_of(local().Put(target, body, "text/plain"), target);
}

}  // namespace loki
