# Copyright 2026 The hockeypuck-k8s authors
# SPDX-License-Identifier: Apache-2.0
"""The pages of docs/reference that docs/generate writes, one module each."""
