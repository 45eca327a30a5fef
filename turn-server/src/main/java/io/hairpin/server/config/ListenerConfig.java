package io.hairpin.server.config;

import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/// Where clients are served. Port 0 lets the system choose.
public record ListenerConfig(ListenerTransport transport, InetAddress address, int port) {

    public ListenerConfig {
        new Rules()
                .range("port", port, 0, 65535)
                .check(
                        !address.isMulticastAddress(),
                        "address",
                        NetUtil.toAddressString(address),
                        "a multicast address cannot be listened on",
                        "use an address of this machine, 0.0.0.0 or ::")
                .enforce();
    }

    /// Whether this listener occupies the port on that address, of UDP or of TCP.
    boolean covers(ListenerTransport carrier, InetAddress address, int port) {
        boolean overlapping =
                this.address.equals(address)
                        || (this.address.getClass() == address.getClass()
                                && (this.address.isAnyLocalAddress()
                                        || address.isAnyLocalAddress()));
        return transport.carrier() == carrier && port != 0 && this.port == port && overlapping;
    }

    /// Whether clients of that transport are served at that address of this machine.
    public boolean serves(ListenerTransport transport, InetAddress address, int port) {
        return covers(transport.carrier(), address, port);
    }

    /// Whether this listener is on that very address, and of UDP or of TCP as is asked.
    boolean isOn(ListenerTransport carrier, InetAddress address) {
        return transport.carrier() == carrier && this.address.equals(address);
    }

    /// Whether the other server is this listener, as far as its address tells.
    boolean isExactly(AlternateConfig other) {
        return address.equals(other.address())
                && serves(other.transport(), other.address(), other.port());
    }

    /// Address and port, as realms name it.
    String endpoint() {
        return NetUtil.toSocketAddressString(new InetSocketAddress(address, port));
    }

    @Override
    public String toString() {
        return transport.name().toLowerCase(Locale.ROOT) + " " + endpoint();
    }
}
