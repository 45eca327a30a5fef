package io.hairpin.dtls;

import io.hairpin.net.IoLoop;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// What all DTLS servers of one process have in common: whom they pass for, how much their clients
/// may use together, and the secret behind their cookies. Thread-safe.
public final class DtlsEngine {

    /// A server asks for no certificate, so nothing that a client sends is long; see
    /// [HelloAssembly] for the ClientHello.
    private static final int MAX_MESSAGE_BYTES = 2 << 10;

    /// As RFC 6347 §4.2.4.1 recommends.
    private static final int RESEND_MILLIS = 1000;

    private final DtlsIdentities identities;
    private final DtlsLimits limits;
    private final SecureRandom random;
    private final DtlsCrypto crypto;
    private final byte[] secret;
    private final int resendMillis;
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final LongAdder opened = new LongAdder();

    public DtlsEngine(DtlsIdentities identities, DtlsLimits limits, SecureRandom random) {
        this(identities, limits, random, RESEND_MILLIS);
    }

    /// @param resendMillis after what silence a flight is first sent again
    DtlsEngine(
            DtlsIdentities identities, DtlsLimits limits, SecureRandom random, int resendMillis) {
        this.identities = identities;
        this.limits = limits;
        this.random = random;
        this.resendMillis = resendMillis;
        crypto = new DtlsCrypto(random, MAX_MESSAGE_BYTES);
        secret = Cookies.newSecret(random);
    }

    /// Makes a server on one event loop; it is used on that loop only.
    public DtlsServer server(IoLoop loop, DtlsHandler handler) {
        return new DtlsServer(this, loop, handler, new Cookies(secret), random.nextLong());
    }

    /// How many sessions there are now.
    public int sessions() {
        return sessions.get();
    }

    /// How many sessions there have been.
    public long opened() {
        return opened.sum();
    }

    /// How many handshakes are under way now.
    public int handshakes() {
        return handshakes.get();
    }

    DtlsLimits limits() {
        return limits;
    }

    int maxMessageBytes() {
        return MAX_MESSAGE_BYTES;
    }

    boolean hasRoomForSession() {
        return sessions.get() < limits.sessions();
    }

    boolean takeSession() {
        boolean isTaken = take(sessions, limits.sessions());
        if (isTaken) {
            opened.increment();
        }
        return isTaken;
    }

    /// For one that another makes room for right after.
    void takeSessionForReplacement() {
        sessions.incrementAndGet();
        opened.increment();
    }

    void freeSession() {
        sessions.decrementAndGet();
    }

    boolean takeHandshake() {
        return take(handshakes, limits.handshakes());
    }

    void freeHandshake() {
        handshakes.decrementAndGet();
    }

    /// Counts a handshake for where its client is from, and a client that is new as well.
    boolean countOf(InetAddress source, boolean isNew) {
        if (!limits.handshakesOf().tryAcquire(source)) {
            return false;
        }
        if (isNew && !limits.sessionsOf().tryAcquire(source)) {
            freeHandshakeOf(source);
            return false;
        }
        return true;
    }

    void uncountOf(InetAddress source, boolean isNew) {
        freeHandshakeOf(source);
        if (isNew) {
            freeSessionOf(source);
        }
    }

    void freeHandshakeOf(InetAddress source) {
        limits.handshakesOf().release(source);
    }

    void freeSessionOf(InetAddress source) {
        limits.sessionsOf().release(source);
    }

    private static boolean take(AtomicInteger used, int limit) {
        return used.getAndUpdate(now -> now < limit ? now + 1 : now) < limit;
    }

    /// The server's side of one handshake.
    Handshake.Role answering(VerifiedHello hello) {
        return wire -> {
            DTLSRequest request = hello.request(random);
            if (request == null) {
                throw new TlsFatalAlert(AlertDescription.decode_error);
            }
            ServerRole role = new ServerRole(crypto, identities, resendMillis);
            DTLSTransport transport = new DTLSServerProtocol().accept(role, wire, request);
            return new Established(transport, role.serverName());
        };
    }
}
