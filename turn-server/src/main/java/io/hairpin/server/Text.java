package io.hairpin.server;

import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;

/// How things are written for operators.
final class Text {

    private Text() {}

    static String of(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }

    static String of(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    static String of(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
