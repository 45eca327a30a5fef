package io.hairpin.client.load;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// The ClientHello of somebody who means not to go on with the handshake.
final class TlsHello {

    private TlsHello() {}

    static byte[] bytes() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            engine.beginHandshake();
            ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            byte[] bytes = new byte[hello.position()];
            hello.get(0, bytes);
            return bytes;
        } catch (NoSuchAlgorithmException | SSLException e) {
            throw new LoadException("cannot make a ClientHello", e);
        }
    }
}
