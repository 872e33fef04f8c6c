// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
// The answers of Pebble. Each piece of a text is one answer: the line `STATUS CONTENT-TYPE`, and
// then its body.
#include "charm/pebble/client.hpp"
#include "charm/pebble/plan.hpp"
#include "pebble/multipart.hpp"
#include "subjects.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace fuzz::pebble {
namespace {

namespace multipart = charm::pebble::multipart;

/// Hangs up after the last answer.
class Answers final : public charm::pebble::Transport {
 public:
  explicit Answers(std::string_view text) : rest_(pieces(text)) {}

  charm::pebble::Response send(const charm::pebble::Request& /*request*/,
                               std::chrono::milliseconds /*timeout*/) override {
    if (next_ == rest_.size()) {
      throw charm::pebble::ConnectionError("closed");
    }
    const auto [line, body] = first_line(rest_[next_++]);
    const std::size_t space = std::min(line.find(' '), line.size());
    charm::pebble::Response response{
        .body = std::string(body),
        .content_type = std::string(line.substr(std::min(space + 1, line.size())))};
    std::from_chars(line.data(), line.data() + space, response.status);
    return response;
  }

 private:
  std::vector<std::string_view> rest_;
  std::size_t next_ = 0;
};

/// Asks a client to whom Pebble gives these answers.
template <typename Ask>
void with(std::string_view text, Ask ask) {
  Answers answers(text);
  const charm::Deadline over(std::chrono::milliseconds(0));
  const charm::pebble::Client client(answers, over);
  unless_error([&] { unless_refused([&] { static_cast<void>(ask(client)); }); });
}

void questions(std::string_view text) {
  with(text, [](const auto& client) { return client.version(); });
  with(text, [](const auto& client) { return client.service_state("hockeypuck"); });
  with(text, [](const auto& client) { return client.checks(); });
  with(text, [](const auto& client) { return client.list("/a"); });
  with(text, [](const auto& client) { return client.file_size("/a"); });
  with(text, [](const auto& client) { return charm::pebble::last_output(client.logs({"a"}, 10)); });
}

void changes(std::string_view text) {
  const auto with_result = [](auto change) {
    return [change](const auto& client) {
      try {
        change(client);
      } catch (const charm::pebble::ChangeError& error) {
        static_cast<void>(error.cause());
      }
      return 0;
    };
  };
  with(text, with_result([](const auto& client) { client.start({"hockeypuck"}); }));
  with(text, with_result([](const auto& client) { client.write({{.path = "/a"}}); }));
  with(text, with_result([](const auto& client) { client.make_directories({{.path = "/a"}}); }));
  with(text, with_result([](const auto& client) { client.remove({"/a"}, true); }));
}

void files(std::string_view text) {
  with(text, [](const auto& client) { return client.read({"/a", "/b"}); });
  with(text, [](const auto& client) { return client.read("/a", 1U << 20U); });
}

void parts(std::string_view body) {
  const auto read = multipart::parse(body, "b");
  if (!read) {
    return;
  }
  std::vector<multipart::Part> written;
  for (const multipart::PartView& part : *read) {
    written.push_back({.name = std::string(part.name),
                       .quoted_file_name = std::string(part.quoted_file_name),
                       .content = std::string(part.content)});
  }
  const std::string boundary = multipart::boundary_for(written);
  const std::string rendered = multipart::render(written, boundary);
  require(multipart::parse(rendered, boundary) == read,
          "the parts are the same after they were written and read");
}

/// What the charm sends is not missing in the plan. The names are the charm's own.
void layer(std::string_view text) {
  auto found = pieces(text);
  found.resize(3);
  const std::string one(found[0]);
  const std::string two(found[1]);
  const std::string three(found[2]);
  const charm::Layer layer{
      .services = {{"a", {.summary = one, .command = two, .environment = {{"b", three}}}}},
      .checks = {{"a", {.level = one, .period = two, .http_url = three}}},
      .log_targets = {{"a", {.location = one, .services = {two}, .labels = {{"b", three}}}}}};
  unless_error([&] {
    const charm::PebblePlan plan = charm::pebble::read_plan(charm::pebble::layer_text(layer));
    require(charm::pebble::difference(plan, layer) == charm::Layer(),
            "the plan with a layer has all of the layer");
  });
}

void plan(std::string_view text) {
  const charm::PebblePlan read = charm::pebble::read_plan(std::string(text));
  const std::map<std::string, charm::LogTarget> targets = {
      {"loki", {.location = "http://loki:3100", .services = {"hockeypuck"}}}};
  unless_error([&] { static_cast<void>(charm::pebble::difference(read, targets)); });
}

constexpr std::array all = {
    Parser{"answers", questions}, Parser{"changes", changes}, Parser{"read-files", files},
    Parser{"multipart", parts},   Parser{"layer", layer},     Parser{"plan", plan},
};

}  // namespace

std::span<const Parser> parsers() {
  return all;
}

}  // namespace fuzz::pebble
