package io.hairpin.client.nat;

/// What a NAT makes its mappings, or what it lets in, depend on (RFC 4787 §4.1, §5).
public enum Dependence {
    /// On the inner address and port alone. Peers reach such a client directly.
    ENDPOINT_INDEPENDENT,
    /// On the address of the other end as well.
    ADDRESS_DEPENDENT,
    /// On the address and the port of the other end.
    ADDRESS_AND_PORT_DEPENDENT
}
