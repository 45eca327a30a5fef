/// Hairpin talked to by software that others wrote: coturn's client tools, Chromium, and Wireshark
/// as the referee.
@NullMarked
package io.hairpin.interop;

import org.jspecify.annotations.NullMarked;
