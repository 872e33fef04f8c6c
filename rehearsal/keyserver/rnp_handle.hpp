// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <type_traits>

#include <rnp/rnp.h>
#include <rnp/rnp_err.h>

namespace rehearsal::keyserver {

template <auto destroy>
struct DestroyRnpHandle {
  template <typename Handle>
  void operator()(Handle* handle) const {
    destroy(handle);
  }
};

/// Owners of the handles of librnp.
template <typename Handle, auto destroy>
using RnpHandle = std::unique_ptr<std::remove_pointer_t<Handle>, DestroyRnpHandle<destroy>>;

using RnpInput = RnpHandle<rnp_input_t, rnp_input_destroy>;
using RnpOutput = RnpHandle<rnp_output_t, rnp_output_destroy>;
using RnpKeyring = RnpHandle<rnp_ffi_t, rnp_ffi_destroy>;
using RnpKey = RnpHandle<rnp_key_handle_t, rnp_key_handle_destroy>;
using RnpUserId = RnpHandle<rnp_uid_handle_t, rnp_uid_handle_destroy>;
using RnpSignature = RnpHandle<rnp_signature_handle_t, rnp_signature_handle_destroy>;
using RnpVerification = RnpHandle<rnp_op_verify_t, rnp_op_verify_destroy>;
using RnpText = RnpHandle<char*, rnp_buffer_destroy>;

/// Reads from the octets, which must outlive it.
inline RnpInput input_of(const std::string& octets) {
  rnp_input_t input = nullptr;
  rnp_input_from_memory(&input, reinterpret_cast<const uint8_t*>(octets.data()), octets.size(),
                        false);
  return RnpInput(input);
}

}  // namespace rehearsal::keyserver
