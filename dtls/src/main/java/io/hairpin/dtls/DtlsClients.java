package io.hairpin.dtls;

import io.hairpin.net.DatagramEndpoint;
import io.hairpin.net.IoLoop;
import io.hairpin.stun.TransportAddress;

import org.bouncycastle.tls.DTLSClientProtocol;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Duration;

/// Begins sessions with servers on one event loop. Used on that loop only.
public final class DtlsClients {

    /// What a client asks for.
    ///
    /// @param serverName what it calls the server (RFC 6066 §3), or null
    /// @param timeout how long a handshake may take
    public record Settings(DtlsTrust trust, @Nullable String serverName, Duration timeout) {}

    /// Holds a chain of certificates.
    private static final int MAX_MESSAGE_BYTES = 32 << 10;

    /// As RFC 6347 §4.2.4.1 recommends.
    private static final int RESEND_MILLIS = 1000;

    private final IoLoop loop;
    private final Settings settings;
    private final DtlsCrypto crypto;
    private final int resendMillis;
    private final SessionBuffers buffers = new SessionBuffers();

    public DtlsClients(IoLoop loop, Settings settings, SecureRandom random) {
        this(loop, settings, random, RESEND_MILLIS);
    }

    /// @param resendMillis after what silence a flight is first sent again
    DtlsClients(IoLoop loop, Settings settings, SecureRandom random, int resendMillis) {
        this.loop = loop;
        this.settings = settings;
        this.resendMillis = resendMillis;
        crypto = new DtlsCrypto(random, MAX_MESSAGE_BYTES);
    }

    /// Begins a session with a server, and returns who has to be given what the server sends.
    public DtlsClient connect(
            DatagramEndpoint endpoint, TransportAddress server, DtlsHandler handler) {
        return connect(endpoint, server, 0, 0, handler);
    }

    /// The same from that address of this machine, on a socket that is bound to none.
    public DtlsClient connect(
            DatagramEndpoint endpoint,
            TransportAddress server,
            long localHigh,
            long localLow,
            DtlsHandler handler) {
        return new DtlsClient(new Route(endpoint, server, localHigh, localLow), this, handler);
    }

    IoLoop loop() {
        return loop;
    }

    SessionBuffers buffers() {
        return buffers;
    }

    Duration timeout() {
        return settings.timeout();
    }

    Handshake handshake(Route route, Handshake.Owner owner) {
        return new Handshake(route, loop, MAX_MESSAGE_BYTES, owner);
    }

    /// The client's side of one handshake.
    Handshake.Role asking() {
        return wire -> {
            ClientRole role =
                    new ClientRole(crypto, settings.trust(), settings.serverName(), resendMillis);
            return new Established(new DTLSClientProtocol().connect(role, wire), null);
        };
    }
}
