package io.hairpin.lab;

import java.net.InetAddress;
import java.nio.file.Path;

/// The network between all others, with the server's addresses. All of them are set aside for
/// documentation (RFC 5737, RFC 3849), so nothing of the lab could be meant for anybody else.
final class Internet implements AutoCloseable {

    /// What the server is found by.
    static final String SERVER = "203.0.113.7";

    /// Its second address, for [RFC 5780](https://www.rfc-editor.org/rfc/rfc5780).
    static final String SECOND = "203.0.113.8";

    /// Where the networks have their addresses outside.
    static final String OUTSIDE = "198.51.100.";

    /// What stands before an IPv4 address in a network with IPv6 alone.
    static final String NAT64_PREFIX = "2001:db8:64::";

    private static final String ROUTER = OUTSIDE + "254";

    private final Namespace namespace;

    private Internet(Namespace namespace) {
        this.namespace = namespace;
    }

    static Internet make(Path rules) {
        Wiring wiring = new Wiring(rules);
        Namespace namespace = wiring.router("internet");
        wiring.address(namespace, "lo", SERVER + "/32");
        wiring.address(namespace, "lo", SECOND + "/32");
        Internet internet = new Internet(namespace);
        try {
            wiring.run();
        } catch (AssertionError e) {
            internet.close();
            throw e;
        }
        return internet;
    }

    /// An IPv4 address as networks with IPv6 alone have it (RFC 6052 §2.2).
    static String translated(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return NAT64_PREFIX + "%02x%02x:%02x%02x".formatted(bytes[0], bytes[1], bytes[2], bytes[3]);
    }

    Namespace namespace() {
        return namespace;
    }

    /// Connects a namespace by its interface `wan`.
    ///
    /// @param number of the network, 1 or 2
    /// @return its address
    String connect(Wiring wiring, Namespace network, int number) {
        String address = OUTSIDE + number;
        wiring.cable(
                new Wiring.End(network, "wan", address),
                new Wiring.End(namespace, "to-" + number, ROUTER));
        wiring.route(network, "default", ROUTER);
        return address;
    }

    /// Connects it by IPv6 as well.
    ///
    /// @param inside what is behind it
    void connectIpv6(Wiring wiring, Namespace network, int number, String inside) {
        String transfer = "2001:db8:ff:%d::".formatted(number);
        wiring.address(network, "wan", transfer + "2/64");
        wiring.address(namespace, "to-" + number, transfer + "1/64");
        wiring.route(network, "default", transfer + "1");
        wiring.route(namespace, inside, transfer + "2");
    }

    /// Takes a network off at once, where deleting its namespace would do so by and by.
    void disconnect(int number) {
        namespace.deleteInterface("to-" + number);
    }

    @Override
    public void close() {
        namespace.delete();
    }
}
