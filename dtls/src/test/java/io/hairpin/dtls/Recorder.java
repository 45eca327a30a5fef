package io.hairpin.dtls;

import io.hairpin.net.Datagram;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Remembers all it is told, and sends messages back where it is asked to.
final class Recorder implements DtlsHandler {

    final BlockingQueue<DtlsSession> sessions = new LinkedBlockingQueue<>();
    final BlockingQueue<DtlsFailure> failures = new LinkedBlockingQueue<>();
    final BlockingQueue<DtlsDrop> drops = new LinkedBlockingQueue<>();
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> headerFields = new LinkedBlockingQueue<>();
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile boolean echoes;

    @Override
    public DtlsReceiver opened(DtlsSession session) {
        sessions.add(session);
        return new DtlsReceiver() {
            @Override
            public void received(Datagram plaintext) {
                headerFields.add(plaintext.headerFields());
                messages.add(new String(bytes(plaintext), StandardCharsets.UTF_8));
                if (echoes) {
                    session.send(plaintext);
                }
            }

            @Override
            public void idle() {
                events.add("idle");
            }

            @Override
            public void closed() {
                events.add("closed");
            }
        };
    }

    @Override
    public void failed(DtlsFailure reason) {
        failures.add(reason);
    }

    @Override
    public void dropped(DtlsDrop reason) {
        drops.add(reason);
    }

    static byte[] bytes(Datagram datagram) {
        byte[] bytes = new byte[datagram.totalLength()];
        datagram.copyTo(bytes, 0);
        return bytes;
    }

    static Datagram datagram(String text) {
        Datagram datagram = new Datagram();
        datagram.wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return datagram;
    }

    /// The next of those, which has to come soon.
    static <T> T next(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
