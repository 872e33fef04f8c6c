// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "charm/juju/command_runner.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX.
#include <unistd.h>

namespace charm::juju {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

CommandResult shell(const std::string& script, std::string_view input = {}) {
  return ProcessRunner(no_deadline, 20s).run({"sh", "-c", script}, input);
}

TEST(ProcessRunner, KeepsOutputErrorAndExitCodeApart) {
  const CommandResult result = shell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
}

TEST(ProcessRunner, PassesArgumentsUntouched) {
  const CommandResult result = ProcessRunner().run({"printf", "%s|", "a b", "", "$HOME", "'"}, {});
  EXPECT_EQ(result.out, "a b||$HOME|'|");
}

TEST(ProcessRunner, GivesNothingToReadWithoutInput) {
  EXPECT_EQ(shell("cat; echo end").out, "end\n");
}

TEST(ProcessRunner, CarriesMegabytesBothWaysAtOnce) {
  const std::string text(5'000'000, 'x');
  const CommandResult result = shell("tee /dev/stderr", text);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, text);
  EXPECT_EQ(result.err, text);
}

TEST(ProcessRunner, SurvivesACommandThatDoesNotReadItsInput) {
  const CommandResult result = shell("exit 3", std::string(5'000'000, 'x'));
  EXPECT_EQ(result.exit_code, 3);
}

TEST(ProcessRunner, ReportsACommandThatDoesNotExist) {
  const CommandResult result = ProcessRunner().run({"no-such-hook-tool", "--format=json"}, {});
  EXPECT_EQ(result.exit_code, 127);
  EXPECT_NE(result.err.find("no-such-hook-tool"), std::string::npos);
}

TEST(ProcessRunner, ReportsAnArgumentThatLinuxDoesNotTake) {
  const CommandResult result = ProcessRunner().run({"true", std::string(200'000, 'x')}, {});
  EXPECT_EQ(result.exit_code, 127);
}

TEST(ProcessRunner, TellsTheSignalThatEndedACommand) {
  EXPECT_EQ(shell("kill -9 $$").exit_code, 128 + 9);
}

TEST(ProcessRunner, KillsACommandThatTakesTooLongWithItsChildren) {
  const auto start = std::chrono::steady_clock::now();
  const CommandResult result =
      ProcessRunner(no_deadline, 200ms).run({"sh", "-c", "echo $$; sleep 60; :"}, {});
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  EXPECT_EQ(result.exit_code, 124);
  EXPECT_NE(result.err.find("killed after 200 ms"), std::string::npos);
  // The group is gone, including `sleep`, unless init has yet to reap it.
  const auto group = static_cast<pid_t>(std::stol(result.out));
  for (int i = 0; i < 100 && ::kill(-group, 0) == 0; ++i) {
    ::usleep(20'000);
  }
  EXPECT_NE(::kill(-group, 0), 0);
}

TEST(ProcessRunner, KillsACommandThatClosesItsOutputAndStays) {
  const CommandResult result =
      ProcessRunner(no_deadline, 200ms).run({"sh", "-c", "exec >&- 2>&-; exec sleep 60"}, {});
  EXPECT_EQ(result.exit_code, 124);
}

TEST(ProcessRunner, LeavesACommandThreeSecondsAfterTheDeadline) {
  const Deadline over(0s);
  ProcessRunner runner(over);
  EXPECT_EQ(runner.run({"sleep", "0.5"}, {}).exit_code, 0);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(runner.run({"sleep", "60"}, {}).exit_code, 124);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 9s);
}

TEST(ProcessRunner, WaitsOneSecondForTheNextCommandAfterOneThatHung) {
  ProcessRunner runner(no_deadline, 1200ms);
  EXPECT_EQ(runner.run({"sleep", "60"}, {}).exit_code, 124);
  EXPECT_EQ(runner.run({"true"}, {}).exit_code, 0);
  const CommandResult result = runner.run({"sleep", "60"}, {});
  EXPECT_NE(result.err.find("killed after 1000 ms"), std::string::npos) << result.err;
}

TEST(ProcessRunner, LeaksNoDescriptorIntoTheCommand) {
  const int leaky = ::open("/dev/null", O_RDONLY);  // Deliberately without O_CLOEXEC.
  ASSERT_GE(leaky, 3);
  const CommandResult result = shell("ls /proc/$$/fd");
  ::close(leaky);
  EXPECT_EQ(result.out, "0\n1\n2\n");
}

TEST(ProcessRunner, RefusesEndlessOutput) {
  EXPECT_THROW(shell("head -c 70000000 /dev/zero"), Error);
}

}  // namespace
}  // namespace charm::juju
