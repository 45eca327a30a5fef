package io.hairpin.server.core;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Reads addresses as people write them: `192.0.2.1:80`, `[2001:db8::1]:80`.
final class TestAddresses {

    private TestAddresses() {}

    static InetSocketAddress of(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon).replace("[", "").replace("]", "");
        return new InetSocketAddress(host(host), Integer.parseInt(text.substring(colon + 1)));
    }

    static InetAddress host(String text) {
        return InetAddress.ofLiteral(text);
    }
}
