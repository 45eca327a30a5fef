package io.hairpin.server.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;

import javax.net.ssl.SSLException;

/// Serves one client that asked for a raw public key.
final class RawPublicKeyHandler extends SslHandler {

    /// What may come before the handshake is over, with the data that a hasty client has sent by
    /// then. While another thread is busy with a step of it, what comes is kept.
    private static final int MAX_EARLY_BYTES = 64 << 10;

    private long early;

    RawPublicKeyHandler(RawPublicKeyEngine engine, Executor steps) {
        super(engine, steps);
    }

    @Override
    public @Nullable String applicationProtocol() {
        String agreed = engine().getApplicationProtocol();
        return agreed == null || agreed.isEmpty() ? null : agreed;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof ByteBuf bytes && !handshakeFuture().isDone()) {
            early += bytes.readableBytes();
            if (early > MAX_EARLY_BYTES) {
                bytes.release();
                throw new SSLException("more than a handshake has");
            }
        }
        super.channelRead(context, message);
    }
}
