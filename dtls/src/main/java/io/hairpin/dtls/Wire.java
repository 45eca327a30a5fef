package io.hairpin.dtls;

import org.bouncycastle.tls.DatagramTransport;

import java.io.IOException;

/// What Bouncy Castle sends and receives by: one thing while the handshake lasts, and another
/// thereafter.
final class Wire implements DatagramTransport {

    private DatagramTransport current;

    Wire(DatagramTransport first) {
        current = first;
    }

    void use(DatagramTransport next) {
        current = next;
    }

    @Override
    public int getReceiveLimit() throws IOException {
        return current.getReceiveLimit();
    }

    @Override
    public int receive(byte[] target, int offset, int length, int waitMillis) throws IOException {
        return current.receive(target, offset, length, waitMillis);
    }

    @Override
    public int getSendLimit() throws IOException {
        return current.getSendLimit();
    }

    @Override
    public void send(byte[] bytes, int offset, int length) throws IOException {
        current.send(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
