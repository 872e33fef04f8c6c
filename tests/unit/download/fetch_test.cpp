// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "charm/download/download.hpp"
#include "tests/support/certificate_authority.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/socket_server.hpp"
#include "tests/support/temporary_directory.hpp"
#include "web_server.hpp"

#include <gtest/gtest.h>

namespace charm::download {
namespace {

using Clock = std::chrono::steady_clock;

const std::string program = "a program named promtail";

class Fetch : public testing::Test {
 protected:
  /// The declaration of `program`, packed, at this URL.
  static Download declared(const std::string& url) {
    return {.url = url,
            .archive_sha256 = sha256(gzipped(program)),
            .content_sha256 = sha256(program),
            .target = {.path = "/promtail"},
            .receipt = "/promtail.sha256"};
  }

  /// The reason why the download was refused; empty if it succeeded.
  static std::string refusal(const Download& download, const Limits& limits = {},
                             const Egress& egress = {}) {
    try {
      (void)fetch(download, egress, limits);
    } catch (const DownloadError& error) {
      return error.what();
    }
    return {};
  }

  WebServer server;
};

TEST_F(Fetch, GivesTheProgram) {
  server.serve("/promtail.gz", gzipped(program));
  server.start();
  EXPECT_EQ(fetch(declared(server.url("/promtail.gz")), {}), program);
}

TEST_F(Fetch, RefusesWhatHasAnotherDigest) {
  server.serve("/other.gz", gzipped("something else"));
  server.serve("/promtail.gz", gzipped(program));
  server.start();
  EXPECT_EQ(refusal(declared(server.url("/other.gz"))),
            "the SHA-256 of the downloaded file is not the declared one");
  Download wrong = declared(server.url("/promtail.gz"));
  wrong.content_sha256 = sha256("something else");
  EXPECT_EQ(refusal(wrong), "the SHA-256 of the unpacked program is not the declared one");
}

TEST_F(Fetch, RefusesAFileThatIsTooLong) {
  server.serve("/long", std::string(1'000'001, 'x'));
  server.routes.Get("/endless", [](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("application/gzip",
                                          [](std::size_t, httplib::DataSink& sink) {
                                            const std::string piece(100'000, 'x');
                                            return sink.write(piece.data(), piece.size());
                                          });
  });
  server.start();
  const Limits limits{.archive = 1'000'000};
  for (const auto* const path : {"/long", "/endless"}) {
    EXPECT_EQ(refusal(declared(server.url(path)), limits),
              "from 127.0.0.1: the file has more than 1000000 bytes")
        << path;
  }
}

TEST_F(Fetch, RefusesAFileThatUnpacksToTooMuch) {
  const std::string bomb = gzipped_zeros(50'000'000);
  server.serve("/bomb", bomb);
  server.start();
  Download download = declared(server.url("/bomb"));
  download.archive_sha256 = sha256(bomb);
  EXPECT_EQ(refusal(download, {.content = 1'000'000}),
            "the downloaded file unpacks to more than 1000000 bytes");
}

/// Downloads files of keys, each from the same URL.
class FetchedFile : public Fetch {
 protected:
  FetchedFile() {
    server.routes.Get("/file", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(file_, "application/gzip");
    });
    server.start();
  }

  std::string fetched(const std::string& file, std::size_t limit) {
    file_ = file;
    return fetch(Checksum{.sha256 = sha256(file), .name = server.url("/file")}, {},
                 {.content = limit});
  }

  /// The reason why the file was refused; empty if it was accepted.
  std::string complaint(const std::string& file, std::size_t limit = 1000) {
    try {
      static_cast<void>(fetched(file, limit));
    } catch (const DownloadError& error) {
      return error.what();
    }
    return {};
  }

 private:
  std::string file_;
};

TEST_F(FetchedFile, IsUnpackedIfItIsAGzipFile) {
  std::string content;
  for (int i = 0; i < 100'000; ++i) {
    content += std::to_string(i * 7919 % 100'003);
  }
  EXPECT_EQ(fetched(gzipped(content), content.size()), content);
  EXPECT_EQ(fetched(gzipped(""), 0), "");
  EXPECT_EQ(fetched(content, 0), content);
}

TEST_F(FetchedFile, IsUnpackedToTheLimit) {
  EXPECT_EQ(complaint(gzipped_zeros(1000)), "");
  EXPECT_EQ(complaint(gzipped_zeros(1001)), "the downloaded file unpacks to more than 1000 bytes");
  const std::string bomb = gzipped_zeros(100'000'000);
  ASSERT_LT(bomb.size(), 100'000U);
  EXPECT_EQ(complaint(bomb), "the downloaded file unpacks to more than 1000 bytes");
}

TEST_F(FetchedFile, IsRefusedWhereItIsNoWholeGzipFile) {
  const std::string good = gzipped("promtail");
  const std::string not_whole = "the downloaded file is not a whole gzip file";
  for (std::size_t size = 2; size < good.size(); ++size) {
    EXPECT_EQ(complaint(good.substr(0, size)), not_whole) << size;
  }
  std::string wrong_sum = good;
  wrong_sum[good.size() - 8] ^= 1;
  EXPECT_EQ(complaint(wrong_sum), not_whole);
  EXPECT_EQ(complaint(good + "x"), "the downloaded file is not one gzip file");
}

TEST_F(Fetch, RefusesAProgramThatIsNotPacked) {
  for (const std::string& file : {std::string(), std::string("promtail"), std::string("\x1F")}) {
    WebServer other;
    other.serve("/file", file);
    other.start();
    Download download = declared(other.url("/file"));
    download.archive_sha256 = sha256(file);
    EXPECT_EQ(refusal(download), "the downloaded file is not a whole gzip file") << file;
  }
}

TEST_F(Fetch, FollowsRedirects) {
  server.serve("/promtail.gz", gzipped(program));
  server.redirect("/one", "/two?signed=1");
  server.routes.Get("/two", [this](const httplib::Request&, httplib::Response& response) {
    response.set_redirect(server.url("/promtail.gz"), 307);
  });
  server.start();
  EXPECT_EQ(fetch(declared(server.url("/one")), {}), program);
}

TEST_F(Fetch, GivesUpOnRedirectsThatDoNotEnd) {
  server.redirect("/loop", "/loop");
  server.redirect("/nowhere", "file:///etc/passwd");
  server.start();
  EXPECT_EQ(refusal(declared(server.url("/loop"))), "from 127.0.0.1: more than 5 redirects");
  EXPECT_EQ(refusal(declared(server.url("/nowhere"))),
            "from 127.0.0.1: it redirects to an address that is not valid");
}

TEST_F(Fetch, TellsWhatTheServerAnswered) {
  server.start();
  EXPECT_EQ(refusal(declared(server.url("/missing"))), "from 127.0.0.1: HTTP 404");
  EXPECT_EQ(refusal(declared("gopher://loki/")), "the address is not an http or https URL");
}

TEST_F(Fetch, TellsThatNobodyAnswers) {
  const std::string port = std::to_string(test::free_port());
  EXPECT_EQ(refusal(declared("http://127.0.0.1:" + port + "/")).rfind("from 127.0.0.1: ", 0), 0U);
}

// A server without TLS, or with a certificate of no trusted authority, provides nothing.
TEST_F(Fetch, RefusesAnUnsafeHttps) {
  server.serve("/promtail.gz", gzipped(program));
  server.start();
  const std::string url = "https" + server.url("/promtail.gz").substr(4);
  EXPECT_EQ(refusal(declared(url)).rfind("from 127.0.0.1: ", 0), 0U);
}

TEST_F(Fetch, TrustsTheAuthoritiesThatItIsGiven) {
  const test::TemporaryDirectory folder("tls");
  test::make_authority(folder.path(), "ca");
  test::make_authority(folder.path(), "other");
  test::make_server_certificate(folder.path(), {"IP:127.0.0.1"});
  httplib::SSLServer tls((folder.path() / "server.crt").c_str(),
                         (folder.path() / "server.key").c_str());
  tls.Get("/promtail.gz", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(gzipped(program), "application/gzip");
  });
  const int port = tls.bind_to_any_port("127.0.0.1");
  std::thread serving([&tls] { tls.listen_after_bind(); });
  const auto given = [&folder](const std::string& name) {
    return Egress{.certificates = {test::file_text(folder.path() / (name + ".crt"))}};
  };
  const Download wanted = declared("https://127.0.0.1:" + std::to_string(port) + "/promtail.gz");
  EXPECT_EQ(fetch(wanted, given("ca")), program);
  for (const Egress& egress : {given("other"), Egress{}}) {
    EXPECT_EQ(refusal(wanted, {}, egress).rfind("from 127.0.0.1: SSL", 0), 0U)
        << refusal(wanted, {}, egress);
  }
  tls.stop();
  serving.join();
}

/// Sends one octet of the answer after the other.
test::SocketServer::Talk dripping(const std::string& answer) {
  return [answer](int connection) {
    for (const char octet : answer) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      if (!test::send_text(connection, {&octet, 1})) {
        break;
      }
    }
  };
}

TEST_F(Fetch, EndsInTimeHoweverSlowlyTheServerSpeaks) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
  for (const std::string& answer : {"HTTP/1.1 200 OK\r\nX: " + std::string(5000, 'x'),
                                    head + std::string(5000, 'x'), std::string()}) {
    const test::SocketServer slow(AF_INET, dripping(answer));
    const auto start = Clock::now();
    const std::string url = "http://127.0.0.1:" + std::to_string(slow.port()) + "/";
    const Limits limits{.total = std::chrono::milliseconds(300)};
    const std::string reason = refusal(declared(url), limits);
    EXPECT_EQ(reason.rfind("from 127.0.0.1: ", 0), 0U) << reason;
    EXPECT_LT(Clock::now() - start, std::chrono::seconds(2)) << answer.substr(0, 20);
  }
}

TEST_F(Fetch, GoesOnAfterTheHurryOnlyWhileTheServerIsFast) {
  const std::string body(1'000'000, 'x');
  const Limits limits{.unhurried = std::chrono::milliseconds(200)};
  // 500,000 bytes in 600 ms are fast enough, 1,000 bytes are not.
  for (const std::size_t first : {std::size_t{500'000}, std::size_t{1'000}}) {
    const test::SocketServer slow(AF_INET, pausing(body, first, std::chrono::milliseconds(600)));
    const std::string url = "http://127.0.0.1:" + std::to_string(slow.port()) + "/";
    std::string reason;
    try {
      EXPECT_EQ(fetch(Checksum{.sha256 = sha256(body), .name = url}, {}, limits), body);
    } catch (const DownloadError& error) {
      reason = error.what();
    }
    EXPECT_EQ(reason, first == 1'000 ? "from 127.0.0.1: it took too long" : "");
  }
}

TEST_F(Fetch, EndsInTimeDuringASlowTlsHandshake) {
  // The head of a TLS record that announces a great length.
  const test::SocketServer slow(
      AF_INET,
      dripping(std::string("\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", 9) + std::string(5000, 'x')));
  const auto start = Clock::now();
  const std::string url = "https://127.0.0.1:" + std::to_string(slow.port()) + "/";
  EXPECT_FALSE(refusal(declared(url), {.total = std::chrono::milliseconds(300)}).empty());
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(2));
}

TEST_F(Fetch, AsksTheProxyOfTheModel) {
  std::string asked;
  server.routes.Get(".*", [&asked](const httplib::Request& request, httplib::Response& response) {
    asked = request.target + " " + request.get_header_value("Proxy-Authorization");
    response.set_content(gzipped(program), "application/gzip");
  });
  server.start();
  const Databag proxies = {
      {"JUJU_CHARM_HTTP_PROXY", "http://me:pw@127.0.0.1:" + std::to_string(server.port())}};
  EXPECT_EQ(fetch(declared("http://loki.example/promtail.gz"), {.proxies = proxies}), program);
  EXPECT_EQ(asked, "http://loki.example:80/promtail.gz Basic bWU6cHc=");
}

}  // namespace
}  // namespace charm::download
