package io.hairpin.dtls;

import io.hairpin.net.IoLoop;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// A handshake with a client whose first part of a ClientHello had a good cookie in it.
final class ServerHandshake {

    /// Is told what came of it, on the event loop.
    interface Owner {

        void succeeded(ServerHandshake begun, Established established);

        void failed(ServerHandshake begun, DtlsFailure reason);
    }

    private final PeerTable.Peer peer;
    private final Handshake handshake;
    private final byte[] random;
    private @Nullable HelloAssembly hello;

    /// Where the client is from, which the handshake counts for until it is over.
    final InetAddress source;

    /// Whom a proxy began it for, if one did.
    @Nullable InetSocketAddress client;

    /// @param first the first part of its ClientHello
    ServerHandshake(
            PeerTable.Peer peer,
            IoLoop loop,
            int maxMessageBytes,
            HelloFragment first,
            byte[] cookie,
            InetAddress source,
            Owner owner) {
        this.peer = peer;
        this.source = source;
        random = first.copyOfRandom();
        hello = new HelloAssembly(first, cookie);
        handshake = new Handshake(peer.route, loop, maxMessageBytes, new Outcome(owner));
    }

    private final class Outcome implements Handshake.Owner {

        private final Owner owner;

        Outcome(Owner owner) {
            this.owner = owner;
        }

        @Override
        public void succeeded(Established established) {
            owner.succeeded(ServerHandshake.this, established);
        }

        @Override
        public void failed(DtlsFailure reason) {
            owner.failed(ServerHandshake.this, reason);
        }
    }

    PeerTable.Peer peer() {
        return peer;
    }

    Handshake handshake() {
        return handshake;
    }

    /// Whether a first part belongs to this ClientHello, rather than to a new one.
    boolean isBegunBy(HelloFragment first) {
        return first.hasRandom(random);
    }

    long shortRandom() {
        return ByteBuffer.wrap(random).getLong(random.length - Long.BYTES);
    }

    /// Whether parts of the ClientHello are missing.
    boolean isGathering() {
        return hello != null;
    }

    /// Adds a part, and returns the whole once it is.
    @Nullable VerifiedHello gather(HelloFragment part) {
        VerifiedHello whole = hello == null ? null : hello.add(part);
        if (whole != null) {
            hello = null;
        }
        return whole;
    }
}
