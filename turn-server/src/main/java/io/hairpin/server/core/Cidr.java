package io.hairpin.server.core;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A range of addresses that share a prefix, such as `10.0.0.0/8` or `fc00::/7`.
public record Cidr(InetAddress network, int prefixLength) {

    private static final String OCTET = "(0|[1-9][0-9]{0,2})";
    private static final String IPV4 = OCTET + "([.]" + OCTET + "){3}";
    private static final String IPV6 = "[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";
    private static final Pattern NOTATION =
            Pattern.compile("(?<address>" + IPV4 + "|" + IPV6 + ")(/(?<length>[0-9]{1,3}))?");

    public Cidr {
        int bits = network.getAddress().length * 8;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException(
                    "prefix length " + prefixLength + " is not within 0.." + bits);
        }
        if (!Arrays.equals(masked(network.getAddress(), prefixLength), network.getAddress())) {
            throw new IllegalArgumentException(
                    "address has bits set beyond its prefix of " + prefixLength);
        }
    }

    /// Reads `address/length`, or a lone address as the range of just itself. Names are never
    /// looked up, and IPv4 is four decimal numbers: what shorter forms and leading zeros mean
    /// differs from tool to tool, and a rule must not be read otherwise than it was meant.
    public static Optional<Cidr> parse(String text) {
        Matcher parts = NOTATION.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            InetAddress network = InetAddress.ofLiteral(parts.group("address"));
            String length = parts.group("length");
            return Optional.of(
                    length == null ? of(network) : new Cidr(network, Integer.parseInt(length)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The range of one address.
    public static Cidr of(InetAddress address) {
        return new Cidr(address, address.getAddress().length * 8);
    }

    /// Whether the address lies within; one of the other family never does.
    public boolean contains(InetAddress address) {
        byte[] candidate = address.getAddress();
        byte[] base = network.getAddress();
        return candidate.length == base.length
                && Arrays.equals(masked(candidate, prefixLength), base);
    }

    private static byte[] masked(byte[] address, int prefixLength) {
        byte[] result = new byte[address.length];
        for (int i = 0; i < address.length; i++) {
            int kept = Math.clamp(prefixLength - i * 8, 0, 8);
            result[i] = (byte) (address[i] & (0xFF00 >> kept));
        }
        return result;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefixLength;
    }

    /// The range that `text` names, which is known to be one.
    static Cidr of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("neither 4 nor 16 bytes", e);
        }
    }
}
