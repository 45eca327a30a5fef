package io.hairpin.server.tls;

import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.RecordFormat;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsServerProtocol;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/// Bouncy Castle's TLS as what [io.netty.handler.ssl.SslHandler] drives, which does the rest.
///
/// What a record of the handshake asks for may take milliseconds, so each is a step of its own, for
/// another thread; records after it are handled at once. While a step waits or runs, nothing else
/// touches the protocol. All but steps is called on the event loop.
final class RawPublicKeyEngine extends ServerEngine {

    private enum Step {
        NONE,
        WAITING,
        RUNNING
    }

    private static final int NO_ROOM = -1;

    private final TlsServerProtocol protocol = new TlsServerProtocol();
    private final RawPublicKeyRole role;
    private final Semaphore steps;
    private final SSLSession session;
    private final AtomicReference<Step> step = new AtomicReference<>(Step.NONE);

    /// What the step handles.
    private byte[] record = {};

    /// What a step came to, until it is thrown; the alert that says so is sent first.
    private @Nullable SSLException failure;

    private volatile boolean isInboundClosed;
    private volatile boolean isOutboundClosed;

    /// @param steps how many more may wait, of all engines together
    RawPublicKeyEngine(RawPublicKeyRole role, Semaphore steps) {
        this.role = role;
        this.steps = steps;
        session = new RawPublicKeySession(role);
        try {
            protocol.accept(role);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is read or written yet", e);
        }
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length)
            throws SSLException {
        if (isBusy()) {
            return result(Status.OK, 0, 0);
        }
        closeIfAsked();
        throwFailure();
        if (protocol.getAvailableInputBytes() > 0) {
            return decrypted(0, targets, offset, length);
        }
        if (isInboundDone()) {
            return result(Status.CLOSED, 0, 0);
        }
        int size = recordBytes(source);
        if (size > source.remaining()) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        byte[] taken = new byte[size];
        source.get(taken);
        if (role.isComplete()) {
            decrypt(taken);
            return decrypted(size, targets, offset, length);
        }
        delegate(taken);
        return result(Status.OK, size, 0);
    }

    /// How long the next record is; more than there is if that cannot be told yet.
    private int recordBytes(ByteBuffer source) throws SSLException {
        if (source.remaining() < RecordFormat.FRAGMENT_OFFSET) {
            return Integer.MAX_VALUE;
        }
        byte[] header = new byte[RecordFormat.FRAGMENT_OFFSET];
        source.get(source.position(), header);
        try {
            return protocol.previewInputRecord(header).getRecordSize();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void delegate(byte[] taken) throws SSLException {
        if (!steps.tryAcquire()) {
            throw new SSLException("too many steps of handshakes are waiting");
        }
        record = taken;
        step.set(Step.WAITING);
    }

    @Override
    public @Nullable Runnable getDelegatedTask() {
        return step.compareAndSet(Step.WAITING, Step.RUNNING) ? this::perform : null;
    }

    private void perform() {
        try {
            if (!isInboundClosed && !isOutboundClosed) { // else whoever waited for it has left
                protocol.offerInput(record);
            }
        } catch (IOException e) {
            failure = failure(e);
        } finally {
            record = new byte[0];
            steps.release();
            step.set(Step.NONE);
        }
    }

    private boolean isBusy() {
        return step.get() != Step.NONE;
    }

    private void decrypt(byte[] taken) throws SSLException {
        if (taken[RecordFormat.TYPE_OFFSET] == ContentType.handshake) {
            throw new SSLException("nobody renegotiates"); // as BoringSSL has it
        }
        try {
            protocol.offerInput(taken);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private SSLEngineResult decrypted(int consumed, ByteBuffer[] targets, int offset, int length) {
        int produced = 0;
        for (int i = offset; i < offset + length; i++) {
            produced += protocol.readInput(targets[i], targets[i].remaining());
        }
        if (protocol.getAvailableInputBytes() > 0) {
            return result(Status.BUFFER_OVERFLOW, consumed, produced);
        }
        return result(isInboundDone() ? Status.CLOSED : Status.OK, consumed, produced);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
            throws SSLException {
        if (isBusy()) {
            return result(Status.OK, 0, 0);
        }
        closeIfAsked();
        int consumed = 0;
        if (protocol.getAvailableOutputBytes() == 0) {
            throwFailure();
            consumed = encrypt(sources, offset, length, target.remaining());
        }
        if (consumed == NO_ROOM
                || (protocol.getAvailableOutputBytes() > 0 && !target.hasRemaining())) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        int produced = protocol.readOutput(target, target.remaining());
        return result(isOutboundDone() ? Status.CLOSED : Status.OK, consumed, produced);
    }

    /// Makes a record of as much as goes into one, and says of how much.
    private int encrypt(ByteBuffer[] sources, int offset, int length, int room)
            throws SSLException {
        if (!role.isComplete() || protocol.isClosed()) {
            return 0;
        }
        int size = 0;
        for (int i = offset; i < offset + length; i++) {
            size = Math.min(size + sources[i].remaining(), protocol.getApplicationDataLimit());
        }
        if (size == 0) {
            return 0;
        }
        try {
            if (protocol.previewOutputRecord(size).getRecordSize() > room) {
                return NO_ROOM;
            }
            protocol.writeApplicationData(gathered(sources, offset, size), 0, size);
            return size;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static byte[] gathered(ByteBuffer[] sources, int offset, int size) {
        byte[] plain = new byte[size];
        int filled = 0;
        for (int i = offset; filled < size; i++) {
            int part = Math.min(sources[i].remaining(), size - filled);
            sources[i].get(plain, filled, part);
            filled += part;
        }
        return plain;
    }

    @Override
    public HandshakeStatus getHandshakeStatus() {
        if (isBusy()) {
            return HandshakeStatus.NEED_TASK;
        }
        if (protocol.getAvailableOutputBytes() > 0 || failure != null) {
            return HandshakeStatus.NEED_WRAP;
        }
        return role.isComplete() ? HandshakeStatus.NOT_HANDSHAKING : HandshakeStatus.NEED_UNWRAP;
    }

    private SSLEngineResult result(Status status, int consumed, int produced) {
        return new SSLEngineResult(status, getHandshakeStatus(), consumed, produced);
    }

    private void throwFailure() throws SSLException {
        SSLException thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown;
        }
    }

    private static SSLException failure(IOException cause) {
        String what = cause instanceof TlsFatalAlertReceived ? "alert received: " : "";
        return new SSLException(what + cause.getMessage(), cause);
    }

    @Override
    public void closeOutbound() {
        isOutboundClosed = true;
        if (!isBusy()) {
            closeIfAsked();
        }
    }

    private void closeIfAsked() {
        if (isOutboundClosed && !protocol.isClosed()) {
            try {
                protocol.close();
            } catch (IOException e) {
                failure = failure(e);
            }
        }
    }

    @Override
    public void closeInbound() {
        isInboundClosed = true;
    }

    @Override
    public boolean isInboundDone() {
        return isInboundClosed || (!isBusy() && protocol.isClosed());
    }

    @Override
    public boolean isOutboundDone() {
        return !isBusy() && protocol.isClosed() && protocol.getAvailableOutputBytes() == 0;
    }

    @Override
    public SSLSession getSession() {
        return session;
    }

    /// Empty where none was agreed on, and null before that.
    @Override
    public @Nullable String getApplicationProtocol() {
        if (isBusy() || !role.isComplete()) {
            return null;
        }
        String agreed = role.applicationProtocol();
        return agreed == null ? "" : agreed;
    }
}
