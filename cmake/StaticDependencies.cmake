# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
# The libraries of the release: the archives of the -dev packages, and build/static for libraries
# that the distribution does not have in a suitable form. Only glibc stays a shared library.
set(HOCKEYPUCK_ARCHIVES ${PROJECT_SOURCE_DIR}/build/static CACHE PATH "What scripts/build-static-libraries built")
set(built ${HOCKEYPUCK_ARCHIVES})
if(NOT EXISTS ${built}/libpq.a)
  message(FATAL_ERROR "${built} is empty: run scripts/build-static-libraries first")
endif()
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(OpenSSL 3.0 REQUIRED)
find_library(YAML_CPP_ARCHIVE libyaml-cpp.a HINTS ${built} REQUIRED)
find_library(PQXX_ARCHIVE libpqxx.a HINTS ${built} REQUIRED)
pkg_check_modules(pqxx REQUIRED libpqxx>=6.4)

dependency(yaml ${YAML_CPP_ARCHIVE})
# Without their compiled parts both are header-only.
dependency(spdlog fmt::fmt-header-only Threads::Threads)
target_compile_definitions(dep_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
# TLS for downloads. Compression is not needed.
dependency(httplib OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
target_compile_definitions(dep_httplib INTERFACE CPPHTTPLIB_OPENSSL_SUPPORT)
find_library(ZLIB_ARCHIVE libz.a REQUIRED)
dependency(zlib ${ZLIB_ARCHIVE})
target_include_directories(dep_httplib SYSTEM BEFORE INTERFACE ${built})
# A target, so that the libraries that it needs come after it on the linker's command line.
add_library(libpq STATIC IMPORTED)
set_target_properties(libpq PROPERTIES IMPORTED_LOCATION ${built}/libpq.a)
target_link_libraries(libpq INTERFACE ${built}/libpgcommon_shlib.a ${built}/libpgport_shlib.a OpenSSL::SSL
  OpenSSL::Crypto m)
dependency(pqxx ${PQXX_ARCHIVE} libpq Threads::Threads)
target_include_directories(dep_pqxx SYSTEM INTERFACE ${pqxx_INCLUDE_DIRS})
dependency(openssl OpenSSL::Crypto)
