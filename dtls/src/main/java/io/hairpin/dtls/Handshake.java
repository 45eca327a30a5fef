package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.hairpin.net.IoLoop;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/// A handshake under way. Bouncy Castle waits for what the other side sends, so it gets a virtual
/// thread of its own until it is done. Used on the event loop, but for what that thread does.
final class Handshake {

    private static final Logger log = LoggerFactory.getLogger(Handshake.class);

    /// What one of the two sides does.
    interface Role {
        Established perform(DatagramTransport wire) throws IOException;
    }

    /// Is told what came of it, on the event loop.
    interface Owner {

        /// It led to a session.
        void succeeded(Established established);

        void failed(DtlsFailure reason);
    }

    private final Route route;
    private final IoLoop loop;
    private final Owner owner;
    private final long startedNanos;
    private final HandshakeWire records;
    private final Wire wire;
    private final Datagram outgoing = new Datagram();
    private @Nullable Thread thread;
    private volatile boolean isCancelled;
    private boolean isOver;

    Handshake(Route route, IoLoop loop, int maxMessageBytes, Owner owner) {
        this.route = route;
        this.loop = loop;
        this.owner = owner;
        startedNanos = loop.clock().getAsLong();
        records = new HandshakeWire(maxMessageBytes, this::send);
        wire = new Wire(records);
    }

    long startedNanos() {
        return startedNanos;
    }

    void start(Role role) {
        thread = Thread.ofVirtual().name("dtls-handshake").start(() -> perform(role));
    }

    /// Takes records in; false if they were ignored.
    boolean received(ByteBuffer bytes, int start, int end) {
        return records.offer(bytes, start, end);
    }

    /// Gives it up; nobody is told.
    void cancel() {
        isOver = true;
        isCancelled = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /// Makes the session that it led to, and gives it what arrived since then.
    DtlsSession session(
            Established established, SessionBuffers buffers, DtlsSession.Owner sessionOwner)
            throws IOException {
        LoopWire next = new LoopWire(route, buffers);
        wire.use(next);
        return new DtlsSession(route, next, established, buffers, sessionOwner);
    }

    void drainTo(DtlsSession session) {
        for (byte[] next = records.poll(); next != null; next = records.poll()) {
            session.received(ByteBuffer.wrap(next), 0, next.length);
        }
    }

    private void perform(Role role) {
        Established established = null;
        DtlsFailure failure = DtlsFailure.INTERNAL;
        try {
            established = role.perform(wire);
        } catch (IOException e) {
            failure = failure(e);
            log.debug("Handshake with {} failed: {}", route.remote().socketAddress(), failure, e);
        } catch (RuntimeException e) {
            log.debug("Handshake with {} failed", route.remote().socketAddress(), e);
        }
        if (!isCancelled) {
            records.flush(); // there may be an alert left
        }
        tell(established, failure);
    }

    private void tell(@Nullable Established established, DtlsFailure failure) {
        onLoop(
                () -> {
                    if (isOver) {
                        return;
                    }
                    isOver = true;
                    if (established == null) {
                        owner.failed(failure);
                    } else {
                        owner.succeeded(established);
                    }
                });
    }

    /// Called on the thread of the handshake.
    private void send(byte[] datagram) {
        onLoop(() -> route.send(datagram, 0, datagram.length, 0, outgoing));
    }

    private void onLoop(Runnable task) {
        try {
            loop.loop().execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("Handshake with {} outlived its event loop", route.remote().socketAddress());
        }
    }

    private static DtlsFailure failure(IOException cause) {
        if (cause instanceof TlsFatalAlertReceived) {
            return DtlsFailure.REFUSED;
        }
        if (!(cause instanceof TlsFatalAlert alert)) {
            return DtlsFailure.BROKEN;
        }
        return switch (alert.getAlertDescription()) {
            case AlertDescription.handshake_failure,
                    AlertDescription.insufficient_security,
                    AlertDescription.no_application_protocol,
                    AlertDescription.protocol_version,
                    AlertDescription.unsupported_certificate ->
                    DtlsFailure.NOTHING_IN_COMMON;
            case AlertDescription.user_canceled -> DtlsFailure.REFUSED;
            case AlertDescription.bad_certificate -> DtlsFailure.NOT_TRUSTED;
            case AlertDescription.internal_error -> DtlsFailure.INTERNAL;
            default -> DtlsFailure.BROKEN;
        };
    }
}
