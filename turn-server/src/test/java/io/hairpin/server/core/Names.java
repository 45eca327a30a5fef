package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ACCESS_TOKEN;
import static io.hairpin.stun.Attributes.USERHASH;
import static io.hairpin.stun.Attributes.USERNAME;

import io.hairpin.stun.StunMessage;
import io.hairpin.stun.UserHash;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Who and where, told without the code that is tested.
final class Names {

    static final List<String> STATIC_USERS =
            List.of("alice", "bob", "dave@" + ClientCredentials.OTHER_REALM_NAME);

    /// The name of everybody who shows an access token, which is that of the key it was made with.
    static final String BEARER = "broker";

    private Names() {}

    /// The name a request is signed with; empty if it does not say.
    static String username(StunMessage request) {
        return request.find(USERHASH).map(Names::named).or(() -> request.find(USERNAME)).orElse("");
    }

    /// Whose quota a request counts for: that of the user whatever the time in front of the name.
    ///
    /// Each access token has a quota of its own.
    static String owner(StunMessage request) {
        Optional<byte[]> token = request.find(ACCESS_TOKEN);
        if (token.isPresent()) {
            return BEARER + HexFormat.of().formatHex(token.get());
        }
        return username(request).replaceFirst("^[0-9]+:", "");
    }

    private static String named(byte[] userhash) {
        return STATIC_USERS.stream()
                .filter(
                        user ->
                                Arrays.equals(
                                        UserHash.of(user, ClientCredentials.realm(user)), userhash))
                .findFirst()
                .orElse("");
    }

    /// The IPv4 address that a mapped or compatible IPv6 address stands for, or the address itself.
    static InetAddress canonical(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return address;
        }
        ByteBuffer words = ByteBuffer.wrap(bytes);
        long high = words.getLong(0);
        int third = words.getInt(8);
        int fourth = words.getInt(12);
        boolean special = third == 0 && (fourth == 0 || fourth == 1);
        return high == 0 && (third == 0xFFFF || third == 0) && !special
                ? Cidr.address(Arrays.copyOfRange(bytes, 12, 16))
                : address;
    }

    static InetSocketAddress canonical(InetSocketAddress address) {
        return new InetSocketAddress(canonical(address.getAddress()), address.getPort());
    }
}
