package io.hairpin.client.load;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// Makes packets that no server should make anything of, one kind after another at random.
public final class BrokenPackets {

    /// The ways in which packets are broken.
    enum Kind {
        /// Bytes without any sense.
        RANDOM_BYTES,
        /// A request that ends too early.
        TRUNCATED,
        /// A request that somebody signed without knowing the password.
        WRONG_INTEGRITY,
        /// A request of a method that does not exist.
        UNKNOWN_METHOD,
        /// Data in a channel of nobody.
        STRAY_CHANNEL_DATA,
        /// Lengths of a message or an attribute that reach past the end.
        LYING_LENGTHS
    }

    private static final Kind[] KINDS = Kind.values();
    private static final int MAX_RANDOM_BYTES = 1200;
    private static final int UDP_PROTOCOL = 17;

    private final RandomGenerator random;
    private final IntegrityKey key;

    public BrokenPackets(RandomGenerator random) {
        this.random = random;
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        this.key = IntegrityKey.ofBytes(bytes);
    }

    /// From position to limit of what is returned.
    public ByteBuffer next() {
        return next(KINDS[random.nextInt(KINDS.length)]);
    }

    ByteBuffer next(Kind kind) {
        return ByteBuffer.wrap(
                switch (kind) {
                    case RANDOM_BYTES -> randomBytes(1 + random.nextInt(MAX_RANDOM_BYTES));
                    case TRUNCATED -> truncated();
                    case WRONG_INTEGRITY -> signed();
                    case UNKNOWN_METHOD -> unknownMethod();
                    case STRAY_CHANNEL_DATA -> channelData();
                    case LYING_LENGTHS -> lying();
                });
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] truncated() {
        byte[] whole = signed();
        byte[] part = new byte[1 + random.nextInt(whole.length - 1)];
        System.arraycopy(whole, 0, part, 0, part.length);
        return part;
    }

    private byte[] signed() {
        return StunMessage.request(Method.ALLOCATE, TransactionId.random(random))
                .with(Attributes.REQUESTED_TRANSPORT, UDP_PROTOCOL)
                .with(Attributes.USERNAME, "nobody")
                .with(Attributes.REALM, "nowhere")
                .with(Attributes.NONCE, "never-issued")
                .integrity(Integrity.SHA1, key)
                .build()
                .toBytes();
    }

    /// The seventh bit of the method is set, which no registered one has.
    private byte[] unknownMethod() {
        byte[] message =
                StunMessage.request(Method.BINDING, TransactionId.random(random)).build().toBytes();
        message[0] = 0x02;
        message[1] = (byte) (random.nextInt() & 0xEF);
        return message;
    }

    private byte[] channelData() {
        byte[] data = randomBytes(ChannelData.HEADER_BYTES + random.nextInt(MAX_RANDOM_BYTES));
        ByteBuffer bytes = ByteBuffer.wrap(data);
        int channel = random.nextInt(ChannelData.MIN_CHANNEL, ChannelData.MAX_CHANNEL + 1);
        ChannelData.writeHeader(bytes, 0, channel, data.length - ChannelData.HEADER_BYTES);
        return data;
    }

    /// Either the message or its first attribute is longer than what is there.
    private byte[] lying() {
        byte[] message = signed();
        int lengthAt = random.nextBoolean() ? 2 : 22;
        int length = (message.length + 4 * (1 + random.nextInt(1000))) & 0xFFFC;
        ByteBuffer.wrap(message).putShort(lengthAt, (short) length);
        return message;
    }
}
