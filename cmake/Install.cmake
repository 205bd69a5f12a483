# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts on a machine; filled in with the library package.
