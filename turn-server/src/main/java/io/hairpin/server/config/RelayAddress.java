package io.hairpin.server.config;

import io.netty.util.NetUtil;

import java.net.InetAddress;

/// An address relays are opened on, and the one clients are told, which differs behind a NAT.
public record RelayAddress(InetAddress bind, @SameAs("bind") InetAddress advertise) {

    public RelayAddress {
        new Rules()
                .check(
                        !bind.isMulticastAddress(),
                        "bind",
                        NetUtil.toAddressString(bind),
                        "a multicast address cannot be relayed on",
                        "use an address of this machine")
                .check(
                        bind.getClass() == advertise.getClass(),
                        "advertise",
                        NetUtil.toAddressString(advertise),
                        "it is of another family than bind, " + NetUtil.toAddressString(bind),
                        "advertise an IPv4 address for an IPv4 bind and IPv6 for IPv6, each as a"
                                + " relay address of its own")
                .check(
                        !advertise.isAnyLocalAddress() && !advertise.isMulticastAddress(),
                        "advertise",
                        NetUtil.toAddressString(advertise),
                        "nobody can send to that address",
                        "advertise the address peers reach this machine at")
                .enforce();
    }
}
