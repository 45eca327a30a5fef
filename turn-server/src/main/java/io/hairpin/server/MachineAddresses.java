package io.hairpin.server;

import io.hairpin.stun.AddressFamily;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The addresses this machine has.
final class MachineAddresses {

    /// Documentation addresses, which no route but the default one leads to.
    private static final InetAddress FAR_IPV4 = InetAddress.ofLiteral("192.0.2.1");

    private static final InetAddress FAR_IPV6 = InetAddress.ofLiteral("2001:db8::1");

    private static final int DISCARD = 9;

    private MachineAddresses() {}

    /// The address that packets to the rest of the world leave from, if there is a way for them.
    static Optional<InetAddress> outward(AddressFamily family) {
        // Connecting a UDP socket looks up the route and sends nothing.
        try (DatagramChannel channel = DatagramChannel.open(protocolFamily(family))) {
            channel.connect(
                    new InetSocketAddress(
                            switch (family) {
                                case IPV4 -> FAR_IPV4;
                                case IPV6 -> FAR_IPV6;
                            },
                            DISCARD));
            InetAddress local = ((InetSocketAddress) channel.getLocalAddress()).getAddress();
            boolean usable =
                    !local.isAnyLocalAddress()
                            && !local.isLoopbackAddress()
                            && !local.isLinkLocalAddress();
            return usable ? Optional.of(local) : Optional.empty();
        } catch (IOException | UnsupportedOperationException | UnresolvedAddressException e) {
            return Optional.empty(); // no route, or no such family on this machine
        }
    }

    /// All addresses of all interfaces that are up now.
    static Set<InetAddress> all() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StandardProtocolFamily protocolFamily(AddressFamily family) {
        return switch (family) {
            case IPV4 -> StandardProtocolFamily.INET;
            case IPV6 -> StandardProtocolFamily.INET6;
        };
    }
}
