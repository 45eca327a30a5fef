package io.hairpin.dtls;

import io.hairpin.net.Datagram;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// One session with a server, from its handshake on. Used on its event loop only.
public final class DtlsClient {

    private final DtlsClients clients;
    private final DtlsHandler handler;
    private @Nullable Handshake handshake;
    private final Outcomes outcomes = new Outcomes();
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable DtlsSession session;
    private boolean isOver;

    DtlsClient(Route route, DtlsClients clients, DtlsHandler handler) {
        this.clients = clients;
        this.handler = handler;
        Handshake begun = clients.handshake(route, outcomes);
        handshake = begun;
        begun.start(clients.asking());
        deadline =
                clients.loop()
                        .loop()
                        .schedule(
                                () -> give(DtlsFailure.TIMED_OUT),
                                clients.timeout().toNanos(),
                                TimeUnit.NANOSECONDS);
    }

    /// Takes in what the server sent. It is lent.
    public void received(Datagram arrived) {
        ByteBuffer bytes = arrived.bytes();
        int start = arrived.start();
        int end = start + arrived.length();
        if (isOver) {
            handler.dropped(DtlsDrop.NO_SESSION);
        } else if (session != null) {
            session.received(bytes, start, end);
        } else if (handshake != null && !handshake.received(bytes, start, end)) {
            handler.dropped(DtlsDrop.QUEUE_FULL);
        }
    }

    /// Ends the session, or the handshake that was to lead to it.
    public void close() {
        if (session != null) {
            session.close();
        } else {
            give(DtlsFailure.STOPPED);
        }
    }

    private void give(DtlsFailure reason) {
        if (!isOver && handshake != null) {
            handshake.cancel();
            outcomes.failed(reason);
        }
    }

    private final class Outcomes implements Handshake.Owner, DtlsSession.Owner {

        @Override
        public void failed(DtlsFailure reason) {
            isOver = true;
            forgetHandshake();
            handler.failed(reason);
        }

        private void forgetHandshake() {
            handshake = null;
            if (deadline != null) {
                deadline.cancel(false);
                deadline = null;
            }
        }

        @Override
        public void succeeded(Established established) {
            Handshake done = Objects.requireNonNull(handshake);
            forgetHandshake();
            try {
                DtlsSession opened = done.session(established, clients.buffers(), this);
                session = opened;
                opened.start(handler.opened(opened));
                done.drainTo(opened);
            } catch (IOException e) {
                failed(DtlsFailure.INTERNAL);
            }
        }

        @Override
        public void ended(DtlsSession ended) {
            isOver = true;
        }

        @Override
        public void dropped(DtlsDrop reason) {
            handler.dropped(reason);
        }

        @Override
        public long nowNanos() {
            return clients.loop().clock().getAsLong();
        }
    }
}
