package io.hairpin.client.load;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Sets clients up with a server that it plays itself, so that the JVM has compiled what set-ups
/// need before a real server waits for it: the first thousands of set-ups cost many times what
/// later ones do. Not thread-safe.
final class Rehearsal implements Link.Opener, LoadClient.Events {

    private static final InetSocketAddress RELAYED = new InetSocketAddress("192.0.2.1", 49152);

    private final ClientPlan plan;
    private int next;
    private int succeeded;

    Rehearsal(ClientPlan plan) {
        this.plan = plan;
    }

    /// Sets up so many clients and lets them leave.
    void play(int clients) {
        for (int i = 0; i < clients; i++) {
            LoadClient client = new LoadClient(plan, next++, RELAYED, this, this);
            client.start();
            client.leave();
        }
    }

    /// How many clients got their allocation.
    int succeeded() {
        return succeeded;
    }

    @Override
    public void open(Link.Handler handler) {
        handler.opened(new Stage(handler));
    }

    /// A link that answers by itself.
    private final class Stage implements Link {

        private final Handler handler;
        private boolean closed;

        Stage(Handler handler) {
            this.handler = handler;
        }

        @Override
        public boolean reliable() {
            return false;
        }

        @Override
        public void request(ByteBuffer bytes) {
            if (StunDecoder.decode(bytes) instanceof Decoded.Message(StunMessage request)) {
                byte[] answer = answer(request).toBytes();
                if (!closed) {
                    handler.received(ByteBuffer.wrap(answer), 0, answer.length);
                }
            }
        }

        @Override
        public void send(ByteBuffer bytes) {
            throw new IllegalStateException("nothing is sent in a rehearsal");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private StunMessage answer(StunMessage request) {
        if (plan.accounts().isPresent() && request.integrity().isEmpty()) {
            return StunMessage.error(
                            request.method(), request.transactionId(), ErrorCode.UNAUTHENTICATED)
                    .with(Attributes.REALM, "rehearsal.invalid")
                    .with(Attributes.NONCE, "a-nonce-as-long-as-servers-make-them")
                    .build();
        }
        return StunMessage.success(request.method(), request.transactionId())
                .with(Attributes.XOR_RELAYED_ADDRESS, RELAYED)
                .with(Attributes.LIFETIME, 600L)
                .build();
    }

    @Override
    public void ready(LoadClient client) {
        succeeded++;
    }

    /// What fails here shows in [#succeeded()].
    @Override
    public void failed(LoadClient client, String why) {}

    @Override
    public void gone(LoadClient client) {}

    @Override
    public void data(LoadClient client, ByteBuffer bytes, int offset, int length) {}
}
