package io.hairpin.client.load;

import io.hairpin.client.Challenge;
import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// Makes messages of somebody who knows the protocol and breaks its rules: valid requests and
/// indications, changed before they are signed, so that the server has to look at what they say, or
/// after, so that it must not.
///
/// All peers that a signed message names are addresses where nobody is: whatever the server makes
/// of it, nothing is sent to anybody.
final class Mutations {

    /// The ways in which messages are changed.
    enum Kind {
        /// Not at all.
        NONE,
        /// Attributes are left out, repeated, reordered, renamed, cut, filled or invented, and the
        /// whole is signed.
        ATTRIBUTES,
        /// Bytes are changed that were signed.
        BYTES,
        /// The length of the message, or of an attribute, is another.
        LENGTHS,
        /// Another class or method is in the header.
        TYPE,
        /// Attributes come behind the integrity.
        BEHIND,
        /// The message ends early.
        CUT
    }

    private static final Kind[] KINDS = Kind.values();
    private static final Method[] METHODS = Method.values();
    private static final List<AttributeType<?>> KNOWN = List.copyOf(Attributes.all());

    private static final int HEADER_BYTES = 20;
    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int MAX_CHANGES = 4;
    private static final int MAX_ATTRIBUTES = 40;
    private static final int MAX_VALUE_BYTES = 64;
    private static final int MAX_LIFETIME = 600;

    /// The service that throws away what it gets, on this machine and on networks that are for
    /// documentation; and what is no peer at all.
    private static final List<InetSocketAddress> NOBODY =
            List.of(
                    address("127.0.0.9", 9),
                    address("::1", 9),
                    address("192.0.2.1", 9),
                    address("2001:db8::1", 9),
                    address("0.0.0.0", 9),
                    address("127.0.0.9", 0),
                    address("255.255.255.255", 9));

    private final RandomGenerator random;

    /// @param value as on the wire, without padding
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Attribute(int code, byte[] value) {}

    Mutations(RandomGenerator random) {
        this.random = random;
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    /// Any method, changed in any way.
    ///
    /// @param challenge what requests are signed by, or null
    ByteBuffer next(@Nullable Challenge challenge) {
        return next(
                METHODS[random.nextInt(METHODS.length)],
                KINDS[random.nextInt(KINDS.length)],
                challenge);
    }

    ByteBuffer next(Method method, Kind kind, @Nullable Challenge challenge) {
        StunMessage plain = plain(method);
        byte[] message =
                switch (kind) {
                    case NONE -> signed(plain, challenge);
                    case ATTRIBUTES -> finished(plain, changed(attributes(plain)), challenge);
                    case BYTES -> bytesChanged(signed(plain, challenge));
                    case LENGTHS -> lengthChanged(signed(plain, challenge));
                    case TYPE -> typeChanged(signed(plain, challenge));
                    case BEHIND -> extended(signed(plain, challenge));
                    case CUT -> cut(signed(plain, challenge));
                };
        return ByteBuffer.wrap(message);
    }

    /// What a client could send, before it is signed.
    private StunMessage plain(Method method) {
        TransactionId id = TransactionId.random(random);
        StunMessage.Builder builder =
                method == Method.SEND || method == Method.DATA
                        ? StunMessage.indication(method, id)
                        : StunMessage.request(method, id);
        switch (method) {
            case ALLOCATE -> builder.with(Attributes.REQUESTED_TRANSPORT, 17);
            case REFRESH -> builder.with(Attributes.LIFETIME, 1L + random.nextInt(MAX_LIFETIME));
            case CREATE_PERMISSION, CONNECT -> builder.with(Attributes.XOR_PEER_ADDRESS, nobody());
            case CHANNEL_BIND ->
                    builder.with(Attributes.CHANNEL_NUMBER, 0x4000 + random.nextInt(4))
                            .with(Attributes.XOR_PEER_ADDRESS, nobody());
            case SEND, DATA ->
                    builder.with(Attributes.XOR_PEER_ADDRESS, nobody())
                            .with(Attributes.DATA, bytes());
            case CONNECTION_BIND, CONNECTION_ATTEMPT ->
                    builder.with(Attributes.CONNECTION_ID, random.nextLong(1L << 32));
            case BINDING -> {}
        }
        return builder.build();
    }

    private static byte[] signed(StunMessage plain, @Nullable Challenge challenge) {
        return finished(plain, attributes(plain), challenge);
    }

    private static byte[] finished(
            StunMessage plain, List<Attribute> attributes, @Nullable Challenge challenge) {
        boolean isRequest = plain.messageClass() == MessageClass.REQUEST;
        StunMessage.Builder builder =
                isRequest
                        ? StunMessage.request(plain.method(), plain.transactionId())
                        : StunMessage.indication(plain.method(), plain.transactionId());
        for (Attribute attribute : attributes) {
            builder.with(AttributeType.of(attribute.code()), attribute.value());
        }
        if (isRequest && challenge != null) {
            challenge.sign(builder);
        }
        return builder.build().toBytes();
    }

    private static List<Attribute> attributes(StunMessage message) {
        ByteBuffer bytes = ByteBuffer.wrap(message.toBytes()).position(HEADER_BYTES);
        List<Attribute> attributes = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int code = bytes.getShort() & 0xFFFF;
            byte[] value = new byte[bytes.getShort() & 0xFFFF];
            bytes.get(value).position((bytes.position() + 3) & ~3);
            attributes.add(new Attribute(code, value));
        }
        return attributes;
    }

    private List<Attribute> changed(List<Attribute> attributes) {
        int changes = 1 + random.nextInt(MAX_CHANGES);
        for (int i = 0; i < changes && attributes.size() < MAX_ATTRIBUTES; i++) {
            if (attributes.isEmpty()) {
                attributes.add(invented());
            }
            int at = random.nextInt(attributes.size());
            Attribute chosen = attributes.get(at);
            switch (random.nextInt(6)) {
                case 0 -> attributes.remove(at);
                case 1 -> attributes.addAll(at, Collections.nCopies(1 + random.nextInt(9), chosen));
                case 2 -> attributes.add(at, invented());
                case 3 -> Collections.swap(attributes, at, attributes.size() - 1);
                case 4 -> attributes.set(at, new Attribute(code(), chosen.value()));
                default -> attributes.set(at, resized(chosen));
            }
        }
        attributes.replaceAll(this::harmless);
        return attributes;
    }

    /// A peer is nobody, or of a length that no address has.
    private Attribute harmless(Attribute attribute) {
        int length = attribute.value().length;
        boolean namesPeer =
                attribute.code() == Attributes.XOR_PEER_ADDRESS.code()
                        && (length == 8 || length == 20);
        return namesPeer && !isNobody(attribute)
                ? new Attribute(attribute.code(), new byte[length])
                : attribute;
    }

    /// Addresses are only ever taken over from a message that named nobody; what was made of them
    /// or of anything else has another port.
    private static boolean isNobody(Attribute attribute) {
        int port = ByteBuffer.wrap(attribute.value()).getShort(2) & 0xFFFF;
        int named = port ^ (TransactionId.MAGIC_COOKIE >>> 16);
        return NOBODY.stream().anyMatch(each -> each.getPort() == named);
    }

    private Attribute resized(Attribute attribute) {
        int length = random.nextInt(attribute.value().length + 9);
        return new Attribute(attribute.code(), Arrays.copyOf(attribute.value(), length));
    }

    private Attribute invented() {
        return new Attribute(code(), bytes());
    }

    private int code() {
        return random.nextInt(4) == 0
                ? random.nextInt(0x10000)
                : KNOWN.get(random.nextInt(KNOWN.size())).code();
    }

    private InetSocketAddress nobody() {
        return NOBODY.get(random.nextInt(NOBODY.size()));
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(MAX_VALUE_BYTES)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] bytesChanged(byte[] message) {
        int changes = 1 + random.nextInt(2 * MAX_CHANGES);
        for (int i = 0; i < changes; i++) {
            message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return message;
    }

    private byte[] lengthChanged(byte[] message) {
        boolean whole = random.nextBoolean() || message.length == HEADER_BYTES;
        int at = whole ? 2 : HEADER_BYTES + 2;
        int length =
                switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(0x10000);
                    case 1 -> 0xFFFC + random.nextInt(4);
                    case 2 -> 0;
                    default -> message.length + 4 * random.nextInt(-2, 3);
                };
        ByteBuffer.wrap(message).putShort(at, (short) length);
        return message;
    }

    private byte[] typeChanged(byte[] message) {
        ByteBuffer.wrap(message).putShort(0, (short) random.nextInt(0x4000));
        return message;
    }

    private byte[] extended(byte[] message) {
        List<Attribute> more = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(MAX_CHANGES); i++) {
            more.add(harmless(invented()));
        }
        int length =
                more.stream()
                        .mapToInt(each -> ATTRIBUTE_HEADER_BYTES + ((each.value().length + 3) & ~3))
                        .sum();
        ByteBuffer longer = ByteBuffer.wrap(Arrays.copyOf(message, message.length + length));
        longer.putShort(2, (short) (longer.capacity() - HEADER_BYTES)).position(message.length);
        for (Attribute each : more) {
            longer.putShort((short) each.code()).putShort((short) each.value().length);
            longer.put(each.value()).position((longer.position() + 3) & ~3);
        }
        return longer.array();
    }

    private byte[] cut(byte[] message) {
        return Arrays.copyOf(message, 1 + random.nextInt(message.length - 1));
    }
}
