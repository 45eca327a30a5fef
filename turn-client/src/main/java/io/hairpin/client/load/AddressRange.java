package io.hairpin.client.load;

import io.hairpin.stun.TransportAddress;

import java.net.InetAddress;

/// Addresses in a row, such as all of a network on the loopback interface.
///
/// @param high the upper half of all of them as [TransportAddress] has it
/// @param firstLow the lower half of the first
public record AddressRange(long high, long firstLow, int count) {

    /// So many clients have nowhere else to go either.
    private static final int MAX_COUNT = LoadPlan.MAX_CLIENTS;

    /// Reads `127.1.0.0/16`, leaving out the first address of the network, and the last one.
    ///
    /// Throws `IllegalArgumentException` if it is no network with room for a few clients.
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw wrong(text);
        }
        InetAddress address;
        int prefix;
        try {
            address = InetAddress.ofLiteral(text.substring(0, slash));
            prefix = Integer.parseInt(text.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
        int hostBits = 8 * address.getAddress().length - prefix;
        int usableBits = Math.min(hostBits, 30);
        if (prefix < 1 || hostBits < 2) {
            throw wrong(text);
        }
        long low = TransportAddress.low(address) & -(1L << Math.min(hostBits, 62));
        int count = Math.min(MAX_COUNT, (1 << usableBits) - 2);
        return new AddressRange(TransportAddress.high(address), low + 1, count);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text + "' is not a network such as 127.1.0.0/16");
    }

    public boolean isIpv4() {
        return TransportAddress.isIpv4(high, firstLow);
    }

    long low(int index) {
        return firstLow + index;
    }

    /// Which of the addresses that is, or -1 if none.
    int indexOf(long high, long low) {
        long index = low - firstLow;
        return high == this.high && index >= 0 && index < count ? (int) index : -1;
    }
}
