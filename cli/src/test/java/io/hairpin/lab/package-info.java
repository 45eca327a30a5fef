/// The NAT lab: two browsers, each behind a NAT or firewall of its own, hold a call through
/// Hairpin, all on networks made for it.
@NullMarked
package io.hairpin.lab;

import org.jspecify.annotations.NullMarked;
