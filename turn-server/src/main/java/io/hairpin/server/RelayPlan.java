package io.hairpin.server;

import io.hairpin.server.config.RelayConfig;
import io.hairpin.server.relay.RelayAddress;
import io.hairpin.stun.AddressFamily;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Finds the addresses to open relays on.
final class RelayPlan {

    private RelayPlan() {}

    /// The configured ones, or else this machine's own, one per family; all of them can be bound.
    static List<RelayAddress> addresses(RelayConfig relay) {
        List<RelayAddress> addresses =
                relay.addresses().isEmpty()
                        ? ownAddresses()
                        : relay.addresses().stream()
                                .map(each -> new RelayAddress(concrete(each), each.advertise()))
                                .toList();
        addresses.forEach(RelayPlan::requireLocal);
        return addresses;
    }

    /// What relays are opened on, for people to read: a line each.
    static List<String> describe(List<RelayAddress> addresses, RelayConfig relay) {
        List<String> lines = new ArrayList<>();
        addresses.forEach(address -> lines.add("relaying on " + text(address)));
        lines.add("relay ports " + relay.ports());
        return lines;
    }

    private static String text(RelayAddress address) {
        String bind = Text.of(address.bind());
        return address.bind().equals(address.advertise())
                ? bind
                : bind + ", seen by peers as " + Text.of(address.advertise());
    }

    /// What an operator behind a NAT is likely to have forgotten.
    static List<String> warnings(List<RelayAddress> addresses) {
        List<String> warnings = new ArrayList<>();
        for (RelayAddress address : addresses) {
            InetAddress advertised = address.advertise();
            if (isPrivate(advertised)) {
                warnings.add(
                        "relay address "
                                + Text.of(advertised)
                                + " is private: peers elsewhere cannot reach it; behind a NAT set"
                                + " advertise to the public address");
            }
        }
        return warnings;
    }

    /// Whether only neighbours can reach that address.
    static boolean isPrivate(InetAddress address) {
        return address.isSiteLocalAddress()
                || isUniqueLocal(address)
                || address.isLinkLocalAddress();
    }

    private static List<RelayAddress> ownAddresses() {
        List<RelayAddress> own =
                Arrays.stream(AddressFamily.values())
                        .map(MachineAddresses::outward)
                        .flatMap(Optional::stream)
                        .map(address -> new RelayAddress(address, address))
                        .toList();
        if (own.isEmpty()) {
            throw new StartupException(
                    "relay.addresses: this machine has no route to other networks, so none of its"
                            + " addresses was chosen; name one to relay on");
        }
        return own;
    }

    /// A relay needs one address to be reached at; a wildcard stands for the usual one.
    private static InetAddress concrete(io.hairpin.server.config.RelayAddress configured) {
        InetAddress bind = configured.bind();
        if (!bind.isAnyLocalAddress()) {
            return bind;
        }
        return MachineAddresses.outward(AddressFamily.of(bind))
                .orElseThrow(
                        () ->
                                new StartupException(
                                        "relay.addresses: this machine has no address that "
                                                + Text.of(bind)
                                                + " could stand for; name one to bind"));
    }

    private static void requireLocal(RelayAddress address) {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(address.bind(), 0))) {
            probe.getLocalPort();
        } catch (IOException e) {
            throw new StartupException(
                    "relay.addresses: "
                            + Text.of(address.bind())
                            + " is not an address of this machine; bind one that is, and put the"
                            + " one peers see under advertise");
        }
    }

    /// The range fc00::/7, which the JDK has no name for.
    private static boolean isUniqueLocal(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC;
    }
}
