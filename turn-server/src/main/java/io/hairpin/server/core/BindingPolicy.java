package io.hairpin.server.core;

import org.jspecify.annotations.Nullable;

/// What Binding requests may ask for beyond the address that their client is seen at.
///
/// @param classic whether clients of RFC 3489 are answered as well
/// @param discovery the addresses of NAT behaviour discovery, or null where it is off; shared by
///     the cores of a server
public record BindingPolicy(boolean classic, @Nullable NatDiscovery discovery) {

    /// The address alone, for clients of RFC 5389 and later.
    public static final BindingPolicy BASIC = new BindingPolicy(false, null);
}
