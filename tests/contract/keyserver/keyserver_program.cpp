// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/keyserver/keyserver_program.hpp"

#include "charm/keyserver/statistics.hpp"
#include "tests/support/free_port.hpp"

#include <httplib.h>

#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace contract {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

httplib::Client client_of(std::uint16_t port) {
  httplib::Client client("127.0.0.1", port);
  client.set_connection_timeout(2);
  client.set_read_timeout(20);
  return client;
}

Answer answer_of(const httplib::Result& result) {
  if (!result) {
    throw std::runtime_error("no answer: " + httplib::to_string(result.error()));
  }
  Answer answer{.status = result->status, .body = result->body};
  for (const auto& [name, value] : result->headers) {
    std::string lower = name;
    for (char& letter : lower) {
      letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    answer.headers[lower] = value;
  }
  return answer;
}

}  // namespace

void PrintTo(Program program, std::ostream* out) {
  *out << (program == Program::rehearsal ? "Rehearsal" : "Hockeypuck");
}

std::optional<fs::path> path_of(Program program) {
  if (program == Program::rehearsal) {
    return fs::path(REHEARSAL_HOCKEYPUCK);
  }
  return test::find_on_path("hockeypuck");
}

std::string url_encoded(const std::string& text) {
  std::ostringstream result;
  result << std::hex << std::uppercase;
  for (const char letter : text) {
    const auto value = static_cast<unsigned char>(letter);
    if (std::isalnum(value) != 0) {
      result << letter;
    } else {
      result << '%' << (value < 16 ? "0" : "") << static_cast<unsigned>(value);
    }
  }
  return result.str();
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '{') {
      // The file is a template before it is TOML.
      result += "\\u007B";
      continue;
    }
    if (letter == '"' || letter == '\\') {
      result += '\\';
    }
    result += letter;
  }
  return result + '"';
}

std::string dsn_quoted(const std::string& text) {
  std::string result = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') {
      result += '\\';
    }
    result += letter;
  }
  return result + "'";
}

std::string Settings::text() const {
  std::string result;
  for (const auto& [section, lines] : sections) {
    result += section.empty() ? "[hockeypuck]\n" : "[hockeypuck." + section + "]\n";
    for (const auto& [key, value] : lines) {
      result.append(key).append(" = ").append(value).append("\n");
    }
  }
  return result + more;
}

Keyserver::Keyserver(Program program, test::PostgresCluster& cluster)
    : program_(program),
      files_("hkp"),
      port_(test::free_port()),
      recon_port_(test::free_port()),
      metrics_port_(test::free_port()) {
  if (cluster.psql("SELECT count(*) FROM pg_roles WHERE rolname = 'hkp_owner'") == "0") {
    cluster.create_role(role, password);
    cluster.psql("ALTER SCHEMA public OWNER TO hkp_owner");
  }
  const auto local = [](std::uint16_t port) { return quoted("127.0.0.1:" + std::to_string(port)); };
  settings.sections[""]["hostname"] = quoted("keys.example.com");
  settings.sections["hkp"]["bind"] = local(port_);
  settings.sections["openpgp.db"]["dsn"] = quoted(
      std::string("dbname=") + database + " host=127.0.0.1 port=" + std::to_string(cluster.port()) +
      " user=" + role + " password=" + dsn_quoted(password) + " sslmode=disable connect_timeout=5");
  settings.sections["conflux.recon"]["httpAddr"] = quoted(":" + std::to_string(port_));
  settings.sections["conflux.recon"]["reconAddr"] = local(recon_port_);
  settings.sections["conflux.recon.leveldb"]["path"] = quoted(tree());
  settings.sections["metrics"]["metricsAddr"] = local(metrics_port_);
}

fs::path Keyserver::write_settings() const {
  const fs::path file = files_.path() / "hockeypuck.conf";
  std::ofstream(file) << settings.text();
  return file;
}

void Keyserver::spawn() {
  const fs::path file = write_settings();
  process_ = std::make_unique<test::ChildProcess>(
      test::Command{.arguments = {path_of(program_).value(), "-config", file},
                    .environment = environment},
      files_.path() / "log");
}

void Keyserver::start() {
  spawn();
  const auto end = steady_clock::now() + std::chrono::seconds(20);
  httplib::Client client = client_of(port_);
  for (;;) {
    const httplib::Result result = client.Get("/pks/health");
    if (result && result->status == 200) {
      answering_since_ = steady_clock::now();
      return;
    }
    if (!process_->running() || steady_clock::now() > end) {
      throw std::runtime_error("the keyserver does not start: " + log());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

int Keyserver::exit_code_of_start() {
  spawn();
  return process_->wait(std::chrono::seconds(20)).value_or(-1);
}

void Keyserver::signal(int number) {
  // Hockeypuck serves requests shortly before it handles signals.
  std::this_thread::sleep_until(answering_since_ + std::chrono::milliseconds(500));
  process_->signal(number);
}

int Keyserver::stop(int number) {
  signal(number);
  return process_->wait(std::chrono::seconds(20)).value_or(-1);
}

test::CommandResult Keyserver::run_tool(const std::string& name,
                                        const std::vector<std::string>& arguments) const {
  test::Command command{
      .arguments = {path_of(program_)->string() + "-" + name, "-config", write_settings().string()},
      .environment = environment};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return test::run(command, std::chrono::minutes(3));
}

Answer Keyserver::get(const std::string& target) const {
  return answer_of(client_of(port_).Get(target.c_str()));
}

Answer Keyserver::post(const std::string& path, const Form& form) const {
  std::string body;
  for (const auto& [name, value] : form) {
    body.append(body.empty() ? "" : "&").append(name).append("=").append(url_encoded(value));
  }
  return post(path, body, "application/x-www-form-urlencoded");
}

Answer Keyserver::post(const std::string& path, const std::string& body,
                       const std::string& content_type) const {
  return answer_of(client_of(port_).Post(path.c_str(), body, content_type.c_str()));
}

Answer Keyserver::metrics() const {
  return answer_of(client_of(metrics_port_).Get("/metrics"));
}

bool Keyserver::accepts_recon() const {
  // The port does not speak HTTP.
  const httplib::Result result = client_of(recon_port_).Get("/");
  return result.error() != httplib::Error::Connection;
}

std::int64_t Keyserver::total() const {
  return charm::keyserver::parse_statistics(get("/pks/stats").body).value().total.value();
}

std::string Keyserver::log() const {
  std::ifstream file(files_.path() / "log");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace contract
