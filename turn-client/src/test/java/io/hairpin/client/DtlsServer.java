package io.hairpin.client;

import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DTLSVerifier;
import org.bouncycastle.tls.DatagramSender;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.UDPTransport;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// A DTLS server on loopback that the test plays, for one client.
final class DtlsServer implements AutoCloseable {

    private static final int MTU = 1500;

    private final DatagramSocket socket;
    private final SelfSigned identity;
    private final JcaTlsCrypto crypto = new JcaTlsCryptoProvider().create(new SecureRandom());

    private DtlsServer(DatagramSocket socket, SelfSigned identity) {
        this.socket = socket;
        this.identity = identity;
    }

    static DtlsServer open(SelfSigned identity) throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        return new DtlsServer(new DatagramSocket(loopback), identity);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /// Waits for a client, asks for its cookie and shakes hands, on a thread of its own.
    CompletableFuture<DTLSTransport> accept() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        DTLSRequest hello = verifiedHello();
                        UDPTransport datagrams = new UDPTransport(socket, MTU);
                        return new DTLSServerProtocol().accept(new Peer(), datagrams, hello);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private DTLSRequest verifiedHello() throws IOException {
        DTLSVerifier verifier = new DTLSVerifier(crypto);
        DatagramPacket packet = new DatagramPacket(new byte[MTU], MTU);
        while (true) {
            socket.receive(packet);
            socket.connect(packet.getSocketAddress());
            DatagramSender back =
                    new DatagramSender() {
                        @Override
                        public int getSendLimit() {
                            return MTU;
                        }

                        @Override
                        public void send(byte[] bytes, int offset, int length) throws IOException {
                            socket.send(new DatagramPacket(bytes, offset, length));
                        }
                    };
            byte[] client = packet.getSocketAddress().toString().getBytes(StandardCharsets.UTF_8);
            DTLSRequest request =
                    verifier.verifyRequest(client, packet.getData(), 0, packet.getLength(), back);
            if (request != null) {
                return request;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private final class Peer extends DefaultTlsServer {

        Peer() {
            super(crypto);
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        protected int[] getSupportedCipherSuites() {
            return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
        }

        @Override
        protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
            try {
                TlsCertificate[] chain = {
                    crypto.createCertificate(identity.certificate().getEncoded())
                };
                return new JcaDefaultTlsCredentialedSigner(
                        new TlsCryptoParameters(context),
                        crypto,
                        identity.key(),
                        new Certificate(chain),
                        SignatureAndHashAlgorithm.getInstance(
                                SignatureScheme.getHashAlgorithm(
                                        SignatureScheme.ecdsa_secp256r1_sha256),
                                SignatureScheme.getSignatureAlgorithm(
                                        SignatureScheme.ecdsa_secp256r1_sha256)));
            } catch (CertificateEncodingException e) {
                throw new IOException(e);
            }
        }
    }
}
