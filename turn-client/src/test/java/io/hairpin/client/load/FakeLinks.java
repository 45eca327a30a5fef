package io.hairpin.client.load;

import io.hairpin.stun.Decoded;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;

/// Links to a server that the test plays.
final class FakeLinks implements Link.Opener, Link {

    final Queue<StunMessage> sent = new ArrayDeque<>();
    int data;
    int opened;
    int closed;
    boolean reliable;
    @Nullable String refusal;
    private @Nullable Handler handler;

    @Override
    public void open(Handler handler) {
        this.handler = handler;
        if (refusal != null) {
            handler.notOpened(refusal);
        } else {
            opened++;
            handler.opened(this);
        }
    }

    Handler handler() {
        return Objects.requireNonNull(handler);
    }

    /// The oldest request that was not looked at yet.
    StunMessage request() {
        return sent.remove();
    }

    void answer(StunMessage response) {
        receive(response.toBytes());
    }

    void receive(byte[] bytes) {
        handler().received(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    @Override
    public boolean reliable() {
        return reliable;
    }

    @Override
    public void send(ByteBuffer bytes) {
        data++;
    }

    @Override
    public void request(ByteBuffer bytes) {
        if (StunDecoder.decode(bytes) instanceof Decoded.Message(StunMessage request)) {
            sent.add(request);
        } else {
            throw new AssertionError("not a request");
        }
    }

    @Override
    public void close() {
        closed++;
    }
}
