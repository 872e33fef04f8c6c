// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/model/pod_spec.hpp"

#include "rehearsal/model/hook_context.hpp"
#include "rehearsal/model/tools/tool.hpp"

#include <fstream>
#include <system_error>

#include <unistd.h>

namespace rehearsal {
namespace {

std::vector<StorageInstance> make_storage(Model& model, const Charm& charm) {
  std::vector<StorageInstance> stores;
  for (const auto& [name, spec] : charm.storage) {
    for (int count = 0; count < spec.minimum; ++count) {
      const std::string number = std::to_string(model.next_storage++);
      std::string location = "/var/lib/juju/storage/" + name + "/" + number;
      stores.push_back({name + "/" + number, name, std::move(location)});
    }
  }
  return stores;
}

void add_unit(Model& model, Application& app, const std::string& name) {
  auto [volumes, fresh] = app.volumes.try_emplace(name);
  if (fresh) {
    volumes->second = make_storage(model, app.charm);
  }
  Unit unit{.name = name, .app = app.name, .revision = app.revision, .storage = volumes->second};
  unit.agent.since = model.now;
  unit.status = {.status = "unknown", .message = {}, .since = model.now};
  unit.update_status_due = model.now + model.update_status_interval;
  model.units[name] = unit;
  if (app.leader.empty()) {
    app.leader = name;
  }
}

namespace fs = std::filesystem;

fs::path inside(const fs::path& root, const std::string& path) {
  return root / fs::path(path).relative_path();
}

void give(const fs::path& path, uid_t user) {
  if (geteuid() == 0 && lchown(path.c_str(), user, user) != 0) {
    throw std::system_error(errno, std::generic_category(), "chown " + path.string());
  }
}

void give_all(const fs::path& directory, uid_t user) {
  give(directory, user);
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    give(entry.path(), user);
  }
}

}  // namespace

PodSpec pod_spec(const Model& model, const Unit& unit, const ControllerFiles& files) {
  const Application& app = model.application(unit.app);
  const Charm& charm = app.charm;
  PodSpec spec{.unit = unit.name,
               .address = unit.address,
               .dns_name = pod_dns_name(model, unit.name),
               .charm_user = charm_uid(charm)};
  for (const auto& [name, container] : charm.containers) {
    spec.containers.push_back({.name = name, .image = files.image(app, name)});
  }
  for (const StorageInstance& storage : unit.storage) {
    StorageMount mount{.id = storage.id, .location = storage.location};
    for (const auto& [name, container] : charm.containers) {
      for (const Mount& place : container.mounts) {
        if (place.storage == storage.name) {
          mount.container_locations[name] = place.location;
        }
      }
    }
    spec.storage.push_back(mount);
  }
  return spec;
}

void add_units(Model& model, const std::string& name, int scale) {
  Application& app = model.application(name);
  app.scale = scale;
  for (int number = 0; number < scale; ++number) {
    const std::string unit = name + "/" + std::to_string(number);
    if (model.units.count(unit) == 0) {
      add_unit(model, app, unit);
    }
  }
}

std::string next_address(Model& model) {
  constexpr int first_host = 10;
  constexpr int hosts = 240;
  const int number = model.next_address++;
  return "10." + std::to_string(model.subnet) + "." + std::to_string(number / hosts) + "." +
         std::to_string(first_host + number % hosts);
}

std::vector<FileResource> file_resources(const Application& app, const std::string& unit) {
  std::vector<FileResource> resources;
  for (const auto& [name, file_name] : app.charm.resource_files) {
    const auto given = app.resources.find(name);
    if (given != app.resources.end() && fs::exists(given->second)) {
      const std::string place = agent_directory(unit) + "/resources/" + name + "/" + file_name;
      resources.push_back({.name = name, .file = given->second, .place = place});
    }
  }
  return resources;
}

void lay_out_unit(const fs::path& root, const std::string& unit, uid_t user,
                  const UnitSource& source) {
  const fs::path charm = inside(root, charm_directory(unit));
  const fs::path tools = inside(root, tools_directory(unit));
  fs::remove_all(charm);
  fs::remove_all(tools);
  fs::create_directories(charm);
  fs::create_directories(tools);
  fs::copy(source.charm, charm, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  // The unit agent writes the deployed charm there (Juju 3.6, worker/uniter/charm).
  std::ofstream(charm / ".juju-charm") << source.charm_url << "\n";
  fs::copy_file(source.hook_tool, tools / "jujuc");
  for (const std::string& name : tools::tool_names()) {
    fs::create_symlink("jujuc", tools / name);
  }
  for (const FileResource& resource : source.resources) {
    const fs::path place = inside(root, resource.place);
    fs::create_directories(place.parent_path());
    fs::copy_file(resource.file, place, fs::copy_options::overwrite_existing);
  }
  give_all(inside(root, agent_directory(unit)), user);
  give_all(tools, user);
}

}  // namespace rehearsal
