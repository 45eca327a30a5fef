package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.*;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The comprehension-required attributes this server acts upon; the others are named in a 420
/// (RFC 8489 §6.3.1).
///
/// Departs from RFC 8489 §6.3, by which attributes that are known, but not expected, should be
/// ignored: one that means something elsewhere alone, such as DATA in a request, is named like one
/// that nobody knows, because whoever sends it counts on an effect that it does not have.
final class UnderstoodAttributes {

    private static final Set<Integer> CODES =
            Stream.<AttributeType<?>>of(
                            USERNAME,
                            MESSAGE_INTEGRITY,
                            MESSAGE_INTEGRITY_SHA256,
                            USERHASH,
                            PASSWORD_ALGORITHM,
                            REALM,
                            NONCE,
                            CHANNEL_NUMBER,
                            LIFETIME,
                            XOR_PEER_ADDRESS,
                            REQUESTED_ADDRESS_FAMILY,
                            EVEN_PORT,
                            REQUESTED_TRANSPORT,
                            DONT_FRAGMENT,
                            RESERVATION_TOKEN,
                            // ICE agents put these into checks; to a server they say nothing.
                            PRIORITY,
                            USE_CANDIDATE)
                    .map(AttributeType::code)
                    .collect(Collectors.toUnmodifiableSet());

    private UnderstoodAttributes() {}

    /// The codes of those in `message` that must be understood and are not.
    static List<Integer> unknownIn(StunMessage message) {
        return message.comprehensionRequired().stream()
                .filter(code -> !CODES.contains(code))
                .toList();
    }

    /// The same in a request whose sender is known. Where datagrams cannot be kept from being
    /// fragmented, DONT-FRAGMENT is one of them (RFC 8656 §7.2 step 4); an access token is
    /// understood by whoever authenticates by it, and a connection by ConnectionBind alone.
    static List<Integer> unknownIn(Request request, TurnPolicy policy) {
        return request.message().comprehensionRequired().stream()
                .filter(code -> !isUnderstood(code, request, policy))
                .toList();
    }

    private static boolean isUnderstood(int code, Request request, TurnPolicy policy) {
        if (code == ACCESS_TOKEN.code()) {
            return request.sender().token().isPresent();
        }
        if (code == CONNECTION_ID.code()) {
            return request.message().method() == Method.CONNECTION_BIND;
        }
        return CODES.contains(code) && (code != DONT_FRAGMENT.code() || policy.dontFragment());
    }
}
