package io.hairpin.client;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.IcmpError;
import io.hairpin.stun.Method;
import io.hairpin.stun.PacketKind;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Gives each packet from the server to who waits for it, on the transport's thread.
final class Incoming implements Transport.Inbound {
    /// More than wait for anybody to take notice of them are dropped.
    private static final int MAX_ATTEMPTS = 256;

    private final Transactions transactions;
    private final ReceiveQueue queue;

    /// As many as there are channel numbers at most.
    private final Map<Integer, InetSocketAddress> channels = new ConcurrentHashMap<>();

    private final BlockingQueue<ConnectionAttempt> attempts =
            new ArrayBlockingQueue<>(MAX_ATTEMPTS);

    private final AtomicLong queueFull = new AtomicLong();
    private final AtomicLong unknownChannel = new AtomicLong();
    private final AtomicLong unusable = new AtomicLong();

    Incoming(Transactions transactions, ReceiveQueue queue) {
        this.transactions = transactions;
        this.queue = queue;
    }

    @Nullable InetSocketAddress bind(int channel, InetSocketAddress peer) {
        return channels.put(channel, peer);
    }

    /// Undoes [#bind].
    void restore(int channel, @Nullable InetSocketAddress before) {
        channels.compute(channel, (_, _) -> before);
    }

    /// The next peer that connected; empty if none does in time.
    Optional<ConnectionAttempt> attempt(Duration atMost) {
        try {
            return Optional.ofNullable(attempts.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ExchangeException(
                    ExchangeException.Reason.INTERRUPTED, "interrupted", interrupted);
        }
    }

    Drops drops() {
        return new Drops(queueFull.get(), unknownChannel.get(), unusable.get());
    }

    @Override
    public void packet(ByteBuffer bytes) {
        PacketKind kind =
                bytes.hasRemaining()
                        ? PacketKind.of(bytes.get(bytes.position()))
                        : PacketKind.UNKNOWN;
        boolean used =
                switch (kind) {
                    case STUN -> message(bytes);
                    case CHANNEL_DATA -> channelData(bytes);
                    case DTLS, UNKNOWN -> false;
                };
        if (!used) {
            unusable.incrementAndGet();
        }
    }

    @Override
    public void unreachable(IOException cause) {
        transactions.unreachable(cause);
    }

    @Override
    public void ended(IOException cause) {
        transactions.ended(cause);
        queue.end(cause);
    }

    private boolean message(ByteBuffer bytes) {
        return switch (StunDecoder.decode(bytes)) {
            case Decoded.Malformed _ -> false;
            case Decoded.Message(StunMessage message) ->
                    switch (message.messageClass()) {
                        case SUCCESS_RESPONSE, ERROR_RESPONSE -> transactions.received(message);
                        case INDICATION -> indication(message);
                        case REQUEST -> false;
                    };
        };
    }

    private boolean indication(StunMessage message) {
        Optional<InetSocketAddress> peer = message.find(Attributes.XOR_PEER_ADDRESS);
        Optional<Long> connection = message.find(Attributes.CONNECTION_ID);
        if (message.method() == Method.CONNECTION_ATTEMPT
                && peer.isPresent()
                && connection.isPresent()) {
            if (!attempts.offer(new ConnectionAttempt(peer.get(), connection.get()))) {
                queueFull.incrementAndGet();
            }
            return true;
        }
        if (message.method() != Method.DATA || peer.isEmpty()) {
            return false;
        }
        Optional<IcmpError> error = message.find(Attributes.ICMP);
        Optional<byte[]> data = message.find(Attributes.DATA);
        if (error.isPresent()) {
            enqueue(Received.error(peer.get(), error.get()));
        } else if (data.isPresent()) {
            enqueue(Received.byIndication(peer.get(), data.get()));
        }
        return error.isPresent() || data.isPresent();
    }

    private boolean channelData(ByteBuffer bytes) {
        if (!ChannelData.isWhole(bytes, bytes.position(), bytes.remaining())) {
            return false;
        }
        int channel = ChannelData.channel(bytes, bytes.position());
        InetSocketAddress peer = channels.get(channel);
        if (peer == null) {
            unknownChannel.incrementAndGet();
            return true;
        }
        byte[] data = new byte[ChannelData.length(bytes, bytes.position())];
        bytes.get(bytes.position() + ChannelData.HEADER_BYTES, data);
        enqueue(Received.byChannel(channel, peer, data));
        return true;
    }

    private void enqueue(Received packet) {
        if (!queue.offer(packet)) {
            queueFull.incrementAndGet();
        }
    }
}
