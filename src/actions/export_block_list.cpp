// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/actions/export_block_list.hpp"

#include "charm/domain/layer.hpp"
#include "workload_files.hpp"

namespace charm::actions {

Results ExportBlockList::run(const ActionContext& context) const {
  const auto database = context.open_database();
  std::string text;
  database->export_block_list([&text](std::string_view piece) { text += piece; });
  const File file{.path = context.parameters.text("path"), .content = text, .mode = 0600};
  write_file(context, file);
  return {{"path", file.path}, {"bytes", std::to_string(text.size())}};
}

}  // namespace charm::actions
