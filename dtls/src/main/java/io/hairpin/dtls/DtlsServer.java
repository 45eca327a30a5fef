package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.IoLoop;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;

/// The clients of one socket that speak DTLS. Used on the socket's event loop only.
///
/// Nothing is kept of a client until it has returned a cookie. One that begins anew while it has a
/// session keeps that one until the new handshake is complete (RFC 6347 §4.2.8).
public final class DtlsServer {

    private static final Logger log = LoggerFactory.getLogger(DtlsServer.class);

    /// How often deadlines are looked at.
    private static final long SWEEP_MILLIS = 1000;

    /// How many times within its limit a session is looked at for idleness.
    private static final int IDLE_CHECKS = 8;

    /// Where there is no room for another handshake, the oldest makes room if it has taken longer
    /// than this, which honest ones rarely do.
    private static final long DISPLACEABLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final DtlsEngine engine;
    private final IoLoop loop;
    private final DtlsHandler handler;
    private final HelloVerifier verifier;
    private final PeerTable peers;
    private final Outcomes outcomes = new Outcomes();
    private final SessionBuffers buffers = new SessionBuffers();
    private final HelloFragment hello = new HelloFragment();

    /// In the order that they began in.
    private final SequencedSet<ServerHandshake> handshakes = new LinkedHashSet<>();

    private @Nullable Introduction introduction;
    private long idleCheckedNanos;
    private boolean isSweeping;
    private boolean isStopped;

    DtlsServer(DtlsEngine engine, IoLoop loop, DtlsHandler handler, Cookies cookies, long seed) {
        this.engine = engine;
        this.loop = loop;
        this.handler = handler;
        verifier = new HelloVerifier(cookies);
        peers = new PeerTable(seed);
        idleCheckedNanos = loop.clock().getAsLong();
    }

    /// Takes in a datagram that is neither STUN nor ChannelData. It is lent.
    public void received(DatagramEndpoint on, Datagram arrived) {
        received(on, arrived, null);
    }

    /// The same from behind a proxy. A session is that of the client who was introduced as its
    /// handshake began: what the client says first may come before the handshake is over here.
    ///
    /// @param by what a proxy said of the client, or null if nothing did
    public void received(DatagramEndpoint on, Datagram arrived, @Nullable Introduction by) {
        introduction = by;
        try {
            takeIn(on, arrived);
        } finally {
            introduction = null;
        }
    }

    private void takeIn(DatagramEndpoint on, Datagram arrived) {
        ByteBuffer bytes = arrived.bytes();
        int start = arrived.start();
        int end = start + arrived.length();
        int recordLength = Records.length(bytes, start, end);
        if (isStopped) {
            return;
        }
        if (recordLength < 0) {
            handler.dropped(DtlsDrop.MALFORMED);
        } else if (hello.read(bytes, start, recordLength)) {
            hellos(on, arrived, recordLength);
        } else {
            buffers.arrivedFields(arrived.headerFields());
            records(bytes, start, end, peers.find(arrived));
            buffers.arrivedFields(0);
        }
    }

    /// Takes in anything but the ClientHello. While a client with a session begins anew, what it
    /// sends may belong to either: to the other one, it is noise.
    private void records(ByteBuffer bytes, int start, int end, PeerTable.@Nullable Peer peer) {
        if (peer == null) {
            handler.dropped(DtlsDrop.NO_SESSION);
            return;
        }
        DtlsSession session = peer.session;
        ServerHandshake begun = peer.handshake;
        if (begun != null && !begun.handshake().received(bytes, start, end)) {
            handler.dropped(DtlsDrop.QUEUE_FULL);
        }
        if (session != null) {
            session.received(bytes, start, end);
        }
    }

    /// Takes in a datagram with one or more parts of a ClientHello.
    private void hellos(DatagramEndpoint on, Datagram arrived, int firstLength) {
        ByteBuffer bytes = arrived.bytes();
        int end = arrived.start() + arrived.length();
        int at = arrived.start();
        for (int length = firstLength; length >= 0; length = Records.length(bytes, at, end)) {
            if (!hello.read(bytes, at, length)) {
                return;
            }
            if (hello.partOffset() == 0) {
                firstPart(on, arrived);
            } else {
                PeerTable.Peer peer = peers.find(arrived);
                if (peer == null || peer.handshake == null) {
                    handler.dropped(DtlsDrop.NO_SESSION);
                } else {
                    part(peer.handshake);
                }
            }
            at += length;
        }
    }

    private void firstPart(DatagramEndpoint on, Datagram arrived) {
        if (!hello.readParameters() || hello.totalLength() > HelloAssembly.MAX_HELLO_BYTES) {
            handler.dropped(DtlsDrop.MALFORMED);
            return;
        }
        byte[] cookie = verifier.verify(hello, on, arrived, nowNanos());
        if (cookie == null) {
            return;
        }
        if (hello.version() > Records.DTLS_1_2) { // they count down
            verifier.refuseVersion(hello, on, arrived);
            handler.failed(DtlsFailure.OLD_VERSION);
            return;
        }
        PeerTable.Peer peer = peers.find(arrived);
        ServerHandshake begun = peer == null ? null : peer.handshake;
        if (begun != null && begun.isBegunBy(hello)) {
            part(begun);
            return;
        }
        if (isOfSession(peer)) {
            return; // a copy that was long on its way
        }
        if (begun != null) {
            fail(begun, DtlsFailure.RESTARTED);
            peer = peers.find(arrived);
        }
        InetAddress source = source(arrived);
        if (hasRoom(peer, source)) {
            PeerTable.Peer beginning =
                    peer == null ? new PeerTable.Peer(Route.back(on, arrived), source) : peer;
            part(begin(beginning, cookie, source));
        }
    }

    private InetAddress source(Datagram arrived) {
        return introduction == null
                ? TransportAddress.inetAddress(arrived.sourceHigh(), arrived.sourceLow())
                : introduction.client().getAddress();
    }

    private boolean isOfSession(PeerTable.@Nullable Peer peer) {
        return peer != null && peer.session != null && peer.sessionRandom == hello.shortRandom();
    }

    /// Adds to the ClientHello, or lets Bouncy Castle know that the client sends it again.
    private void part(ServerHandshake begun) {
        if (begun.isGathering()) {
            VerifiedHello whole = begun.gather(hello);
            if (whole != null) {
                begun.handshake().start(engine.answering(whole));
            }
        } else if (!begun.handshake()
                .received(hello.bytes(), hello.record(), hello.record() + hello.recordLength())) {
            handler.dropped(DtlsDrop.QUEUE_FULL);
        }
    }

    /// Whether another handshake may begin, which then counts.
    private boolean hasRoom(PeerTable.@Nullable Peer peer, InetAddress source) {
        boolean replaces = peer != null && peer.session != null;
        if (!replaces && !engine.hasRoomForSession()) {
            handler.failed(DtlsFailure.TOO_MANY_SESSIONS);
            return false;
        }
        boolean isNew = peer == null;
        if (!engine.countOf(source, isNew)) {
            handler.failed(DtlsFailure.TOO_MANY_OF_SOURCE);
            return false;
        }
        if (takeHandshake()) {
            return true;
        }
        engine.uncountOf(source, isNew);
        handler.failed(DtlsFailure.TOO_MANY_HANDSHAKES);
        return false;
    }

    private boolean takeHandshake() {
        if (engine.takeHandshake()) {
            return true;
        }
        if (handshakes.isEmpty() || age(handshakes.getFirst()) < DISPLACEABLE_NANOS) {
            return false;
        }
        fail(handshakes.getFirst(), DtlsFailure.DISPLACED);
        return engine.takeHandshake();
    }

    private ServerHandshake begin(PeerTable.Peer peer, byte[] cookie, InetAddress source) {
        ServerHandshake begun =
                new ServerHandshake(
                        peer, loop, engine.maxMessageBytes(), hello, cookie, source, outcomes);
        begun.client = introduction == null ? null : introduction.client();
        peer.handshake = begun;
        peers.add(peer);
        handshakes.add(begun);
        sweepLater();
        return begun;
    }

    private void forgetIfUnused(PeerTable.Peer peer) {
        if (peers.removeIfUnused(peer)) {
            engine.freeSessionOf(peer.source);
        }
    }

    private void fail(ServerHandshake begun, DtlsFailure reason) {
        begun.handshake().cancel();
        outcomes.failed(begun, reason);
    }

    /// What comes of handshakes, and of the sessions that they lead to.
    private final class Outcomes implements ServerHandshake.Owner, DtlsSession.Owner {

        @Override
        public void failed(ServerHandshake begun, DtlsFailure reason) {
            over(begun);
            forgetIfUnused(begun.peer());
            log.debug(
                    "Handshake with {} failed: {}", begun.peer().address().socketAddress(), reason);
            handler.failed(reason);
        }

        private void over(ServerHandshake begun) {
            handshakes.remove(begun);
            begun.peer().handshake = null;
            engine.freeHandshake();
            engine.freeHandshakeOf(begun.source);
        }

        @Override
        public void succeeded(ServerHandshake begun, Established established) {
            try {
                DtlsSession session = begun.handshake().session(established, buffers, this);
                if (makeRoom(begun.peer())) {
                    over(begun);
                    open(begun, session);
                } else {
                    session.close();
                    failed(begun, DtlsFailure.TOO_MANY_SESSIONS);
                }
            } catch (IOException e) {
                failed(begun, DtlsFailure.INTERNAL);
            }
        }

        /// Ends the former session of that client, or takes the place of a new one.
        private boolean makeRoom(PeerTable.Peer peer) {
            DtlsSession former = peer.session;
            if (former == null) {
                return engine.takeSession();
            }
            engine.takeSessionForReplacement();
            former.abandon();
            return true;
        }

        private void open(ServerHandshake begun, DtlsSession session) {
            PeerTable.Peer peer = begun.peer();
            peer.session = session;
            peer.sessionRandom = begun.shortRandom();
            peers.add(peer);
            log.debug("Session with {} begins", peer.address().socketAddress());
            session.introduce(begun.client);
            session.start(handler.opened(session));
            begun.handshake().drainTo(session);
        }

        @Override
        public void ended(DtlsSession session) {
            PeerTable.Peer peer = peers.find(session);
            if (peer != null && isOf(peer, session)) {
                peer.session = null;
                forgetIfUnused(peer);
                engine.freeSession();
                log.debug("Session with {} ends", peer.address().socketAddress());
            }
        }

        @SuppressWarnings("ReferenceEquality") // there may be another one of the same client
        private static boolean isOf(PeerTable.Peer peer, DtlsSession session) {
            return peer.session == session;
        }

        @Override
        public void dropped(DtlsDrop reason) {
            handler.dropped(reason);
        }

        @Override
        public long nowNanos() {
            return DtlsServer.this.nowNanos();
        }
    }

    private long nowNanos() {
        return loop.clock().getAsLong();
    }

    private long age(ServerHandshake begun) {
        return nowNanos() - begun.handshake().startedNanos();
    }

    private void sweepLater() {
        if (!isSweeping && !isStopped && !peers.isEmpty()) {
            isSweeping = true;
            loop.loop().schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        isSweeping = false;
        checkDeadlines();
        sweepLater();
    }

    /// Ends what has taken too long, and reports what is idle.
    void checkDeadlines() {
        endOverdueHandshakes();
        long idleNanos = engine.limits().idleTimeout().toNanos();
        long now = nowNanos();
        if (now - idleCheckedNanos >= idleNanos / IDLE_CHECKS) {
            idleCheckedNanos = now;
            for (PeerTable.Peer peer : peers.all()) {
                if (peer.session != null) {
                    peer.session.checkIdle(now - idleNanos);
                }
            }
        }
    }

    private void endOverdueHandshakes() {
        long limit = engine.limits().handshakeTimeout().toNanos();
        while (!handshakes.isEmpty() && age(handshakes.getFirst()) >= limit) {
            fail(handshakes.getFirst(), DtlsFailure.TIMED_OUT);
        }
    }

    /// Ends everything, and tells the clients that have a session.
    public void stop() {
        isStopped = true;
        while (!handshakes.isEmpty()) {
            fail(handshakes.getFirst(), DtlsFailure.STOPPED);
        }
        for (PeerTable.Peer peer : peers.all()) {
            if (peer.session != null) {
                peer.session.close();
            }
        }
    }

    /// How many clients anything is kept of.
    int peers() {
        return peers.size();
    }
}
