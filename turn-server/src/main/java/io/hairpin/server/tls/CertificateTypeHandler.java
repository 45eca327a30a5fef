package io.hairpin.server.tls;

import io.hairpin.dtls.ClientExtensions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.util.concurrent.Future;

import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;

import javax.net.ssl.SSLException;

/// Waits for a client's ClientHello, and gives its own place to who can show what that asks for.
final class CertificateTypeHandler extends SslClientHelloHandler<Boolean> {

    /// As BoringSSL has it.
    static final int MAX_CLIENT_HELLO_BYTES = 16 << 10;

    /// The same in as many records as anybody has reason to make of it.
    private static final int MAX_RECORD_BYTES = 2 * MAX_CLIENT_HELLO_BYTES;

    private final RawPublicKeyTls tls;
    private long received;

    CertificateTypeHandler(RawPublicKeyTls tls) {
        super(MAX_CLIENT_HELLO_BYTES);
        this.tls = tls;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            boolean hadRoom = received <= MAX_RECORD_BYTES;
            received += bytes.readableBytes();
            if (!hadRoom) {
                bytes.release();
                throw new SSLException("a ClientHello in too many pieces");
            }
        }
        super.channelRead(context, message);
    }

    @Override
    protected Future<Boolean> lookup(ChannelHandlerContext context, @Nullable ByteBuf clientHello) {
        return context.executor()
                .newSucceededFuture(clientHello != null && prefersRawPublicKey(clientHello));
    }

    private static boolean prefersRawPublicKey(ByteBuf clientHello) {
        ClientHello hello;
        try {
            hello =
                    ClientHello.parse(
                            new ByteArrayInputStream(ByteBufUtil.getBytes(clientHello)), null);
        } catch (TlsFatalAlert e) {
            return false; // who serves everybody else says what is wrong with it
        }
        try {
            return ClientExtensions.preferRawPublicKey(hello.getExtensions());
        } catch (IOException e) {
            return true; // and so does, of this, who alone knows of it
        }
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext context, Future<Boolean> wanted) {
        context.pipeline()
                .replace(
                        this,
                        null,
                        Boolean.TRUE.equals(wanted.getNow())
                                ? tls.rawPublicKey()
                                : tls.certificate(context.channel()));
    }

    /// A ClientHello that is too long is the client's doing, as is all else that is wrong with it.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.fireExceptionCaught(
                cause instanceof TooLongFrameException
                        ? new DecoderException(new SSLException(cause.getMessage()))
                        : cause);
    }
}
