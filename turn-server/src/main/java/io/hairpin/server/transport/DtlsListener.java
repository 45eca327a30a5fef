package io.hairpin.server.transport;

import io.hairpin.dtls.DtlsDrop;
import io.hairpin.dtls.DtlsEngine;
import io.hairpin.dtls.DtlsFailure;
import io.hairpin.dtls.DtlsHandler;
import io.hairpin.dtls.DtlsReceiver;
import io.hairpin.dtls.DtlsServer;
import io.hairpin.dtls.DtlsSession;
import io.hairpin.net.Datagram;
import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.IoLoop;
import io.hairpin.server.core.DropReason;
import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.Transport;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;

/// The clients of one shard's share of a UDP listener that speak DTLS.
public final class DtlsListener implements DtlsHandler {

    private static final Logger log = LoggerFactory.getLogger(DtlsListener.class);

    private final ClientInput input;
    private final Control control;
    private final DtlsServer server;
    private final Set<DtlsFailure> explained = EnumSet.noneOf(DtlsFailure.class);

    public DtlsListener(DtlsEngine engine, IoLoop loop, ClientInput input, Control control) {
        this.input = input;
        this.control = control;
        server = engine.server(loop, this);
    }

    /// @param by what a proxy said of the client, or null if nothing did
    void received(DatagramEndpoint on, Datagram datagram, @Nullable DatagramProxyHeader by) {
        server.received(on, datagram, by);
    }

    void stop() {
        server.stop();
    }

    @Override
    public DtlsReceiver opened(DtlsSession session) {
        return new DtlsClient(session, this::tuple, input, control);
    }

    private FiveTuple tuple(DtlsSession session) {
        InetSocketAddress bound = input.server();
        boolean isBound = session.localHigh() == 0 && session.localLow() == 0;
        return new FiveTuple(
                Transport.DTLS,
                session.client(),
                isBound
                        ? bound
                        : TransportAddress.socketAddress(
                                session.localHigh(), session.localLow(), bound.getPort()));
    }

    @Override
    public void failed(DtlsFailure failure) {
        switch (failure) {
            case TOO_MANY_SESSIONS ->
                    explain(
                            failure,
                            "There are as many DTLS sessions as limits.dtls-sessions allows; raise"
                                    + " it if these clients are welcome");
            case INTERNAL ->
                    explain(
                            failure,
                            "A DTLS handshake failed on this side; logged at DEBUG why, by"
                                    + " io.hairpin.dtls");
            default -> {}
        }
        if (failure != DtlsFailure.STOPPED) {
            input.traffic().refused(reason(failure));
        }
    }

    /// Warns once: the metrics tell how often it happens.
    private void explain(DtlsFailure failure, String message) {
        if (explained.add(failure)) {
            log.warn(message);
        }
    }

    private static RefusalReason reason(DtlsFailure failure) {
        return switch (failure) {
            case TIMED_OUT -> RefusalReason.HANDSHAKE_TIMEOUT;
            case DISPLACED, TOO_MANY_HANDSHAKES -> RefusalReason.HANDSHAKE_LIMIT;
            case RESTARTED -> RefusalReason.HANDSHAKE_CLOSED;
            case OLD_VERSION -> RefusalReason.OLD_VERSION;
            case REFUSED -> RefusalReason.HANDSHAKE_ALERT;
            case TOO_MANY_SESSIONS -> RefusalReason.CONNECTION_LIMIT;
            case TOO_MANY_OF_SOURCE -> RefusalReason.ADDRESS_LIMIT;
            case NOTHING_IN_COMMON, BROKEN, NOT_TRUSTED, STOPPED, INTERNAL ->
                    RefusalReason.HANDSHAKE_FAILED;
        };
    }

    @Override
    public void dropped(DtlsDrop reason) {
        input.traffic()
                .dropped(
                        switch (reason) {
                            case MALFORMED -> DropReason.MALFORMED;
                            case NO_SESSION -> DropReason.NO_SESSION;
                            case BAD_RECORD -> DropReason.BAD_RECORD;
                            case QUEUE_FULL -> DropReason.HANDSHAKE_QUEUE_FULL;
                        });
    }
}
