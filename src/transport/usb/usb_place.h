// SPDX-License-Identifier: Apache-2.0
// A phone by its place on USB, by whichever way this computer lets it be reached.
#pragma once

#include "transport/serial.h"
#include "transport/usb/usb_transport.h"

namespace mtk {

/// The serial port of whatever phone is plugged in at a place.
SerialOptions serial_port_at(const UsbOptions& options, const SystemRoots& roots);

/// Opens the USB device itself; where that is refused or hidden, the serial port the system made of it.
/// Whichever opens first is kept, for reopen() too. Errors: timeout, busy, io, cancelled.
Result<std::unique_ptr<Transport>> open_usb_place(const UsbOptions& options, const SystemRoots& roots,
                                                  const Wait& wait);

}  // namespace mtk
