// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/packed_image.hpp"
#include "tests/support/temporary_directory.hpp"

namespace test {
namespace image_test {

/// An image like upstream's, with the stand-ins for its programs.
class OciImage : public RehearsalTest {
 protected:
  OciImage() : image_("hockeypuck-image=" + pack()) {}

  std::string pack() {
    const std::string stand_ins = BUILD_DIR "/rehearsal/keyserver/rehearsal-";
    return pack_image(
        folder_.path(),
        {.programs = {{"/hockeypuck/bin/hockeypuck", stand_ins + "hockeypuck"},
                      {"/hockeypuck/bin/hockeypuck-load", stand_ins + "hockeypuck-load"},
                      {"/hockeypuck/bin/hockeypuck-pbuild", stand_ins + "hockeypuck-pbuild"}},
         .texts = {{"/hockeypuck/bin/startup.sh", "#!/bin/sh\nexit 1\n"}},
         .folders = {{"/hockeypuck/lib",
                      SOURCE_DIR "/rehearsal/images/hockeypuck-k8s/hockeypuck/hockeypuck/lib"}}});
  }

  TemporaryDirectory folder_{"image"};
  std::string image_;
};

TEST_F(OciImage, IsTheWholeRootAndTheCharmWorksInIt) {
  model.deploy_postgresql();
  model.deploy_hockeypuck({"--resource", image_});
  model.integrate();
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(model.workload_output("ls -d /usr/bin 2>/dev/null; true"), "");
  EXPECT_EQ(model.workload_output("cat /etc/passwd"), "root:x:0:0:root:/root:/bin/sh");

  EXPECT_TRUE(upload("alice"));
  EXPECT_EQ(look_up(alice), 200);
  EXPECT_EQ(http_status("/"), 200);
  const Task blocked = model.act("block-keys", {std::string("fingerprints=") + alice});
  EXPECT_EQ(blocked.result("blocked"), "1");
  EXPECT_EQ(look_up(alice), 404);
  EXPECT_EQ(model.act("rebuild-prefix-tree").result("state"), "rebuilt");

  model.rehearse({"restart-container", hockeypuck_unit, "hockeypuck"});
  ASSERT_TRUE(model.becomes("active"));
  model.rehearse({"refresh", "hockeypuck-k8s", "--resource", image_});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_EQ(look_up(alice), 404);
}

TEST_F(OciImage, ThatIsNotThereChangesNothing) {
  const CommandResult refused =
      model.attempt({"deploy", BUILD_DIR "/charm", "--resource", "hockeypuck-image=/nowhere"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.error, "ERROR image folder /nowhere does not exist\n");
  EXPECT_EQ(model.kept().at("applications").size(), 0U);
}

}  // namespace image_test
}  // namespace test
