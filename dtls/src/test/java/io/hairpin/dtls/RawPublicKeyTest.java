package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hairpin.net.SocketKind;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerOnlyTlsAuthentication;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UDPTransport;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Hashtable;
import java.util.List;

/// What a server shows clients that say which kind of certificate they understand (RFC 7250).
class RawPublicKeyTest {

    private static final short X509 = CertificateType.X509;
    private static final short RAW = CertificateType.RawPublicKey;
    private static final short OPEN_PGP = CertificateType.OpenPGP;
    private static final short UNKNOWN = 77;

    private static final int MTU = 1400;
    private static final int PATIENCE_MILLIS = 10_000;

    @Test
    void aClientThatPrefersTheKeyIsShownNothingElse() throws Exception {
        for (DtlsIdentity identity :
                List.of(
                        TestIdentity.ECDSA,
                        TestIdentity.rsa("turn.example.org"),
                        TestIdentity.ed25519("turn.example.org"))) {
            Client client = connect(raw(identity), RAW, X509);

            assertThat(client.shownType).isEqualTo(RAW);
            assertThat(client.shown)
                    .isEqualTo(identity.chain().getFirst().getPublicKey().getEncoded());
        }
    }

    @Test
    void whatTheClientDoesNotRankIsPassedOver() throws Exception {
        assertThat(connect(raw(TestIdentity.ECDSA), UNKNOWN, RAW).shownType).isEqualTo(RAW);
        assertThat(connect(raw(TestIdentity.ECDSA), OPEN_PGP, RAW, X509).shownType).isEqualTo(RAW);
    }

    @Test
    void aClientThatPrefersCertificatesIsShownOne() throws Exception {
        for (short[] types : List.of(new short[] {X509, RAW}, new short[] {X509}, new short[0])) {
            Client client = connect(raw(TestIdentity.ECDSA), types);

            assertThat(client.shownType).isEqualTo(X509);
            assertThat(client.shown).isEqualTo(TestIdentity.ECDSA.chain().getFirst().getEncoded());
        }
    }

    @Test
    void whoeverIsNotToldToShowKeysShowsTheCertificate() throws Exception {
        Client client = connect(TestIdentity.ECDSA, RAW, X509);

        assertThat(client.shownType).isEqualTo(X509);
        assertRefused(TestIdentity.ECDSA, AlertDescription.unsupported_certificate, RAW);
    }

    @Test
    void aClientThatUnderstandsNeitherIsToldSo() {
        assertRefused(raw(TestIdentity.ECDSA), AlertDescription.unsupported_certificate, OPEN_PGP);
    }

    @Test
    void aMalformedListIsRefused() throws Exception {
        try (EchoServer server = new EchoServer(SocketKind.best(), _ -> raw(TestIdentity.ECDSA))) {
            Client client = new Client();
            client.extension = new byte[] {3, RAW};

            assertThatThrownBy(() -> talk(server, client))
                    .isInstanceOfSatisfying(
                            TlsFatalAlertReceived.class,
                            alert ->
                                    assertThat(alert.getAlertDescription())
                                            .isEqualTo(AlertDescription.decode_error));
            assertThat(Recorder.next(server.served.failures)).isEqualTo(DtlsFailure.BROKEN);
            assertThat(server.faults).isEmpty();
        }
    }

    private static void assertRefused(DtlsIdentity identity, short alert, short... types) {
        try (EchoServer server = new EchoServer(SocketKind.best(), _ -> identity)) {
            assertThatThrownBy(() -> talk(server, new Client(types)))
                    .isInstanceOfSatisfying(
                            TlsFatalAlertReceived.class,
                            received ->
                                    assertThat(received.getAlertDescription()).isEqualTo(alert));
            assertThat(Recorder.next(server.served.failures))
                    .isEqualTo(DtlsFailure.NOTHING_IN_COMMON);
            assertThat(server.faults).isEmpty();
        }
    }

    private static DtlsIdentity raw(DtlsIdentity identity) {
        return new DtlsIdentity(identity.chain(), identity.key(), true);
    }

    private static Client connect(DtlsIdentity identity, short... types) throws IOException {
        try (EchoServer server = new EchoServer(SocketKind.best(), _ -> identity)) {
            Client client = new Client(types);
            assertThat(talk(server, client)).isEqualTo("hello");
            assertThat(server.faults).isEmpty();
            return client;
        }
    }

    private static String talk(EchoServer server, Client client) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server.address());
            DTLSTransport session =
                    new DTLSClientProtocol().connect(client, new UDPTransport(socket, MTU));
            byte[] line = "hello".getBytes(StandardCharsets.UTF_8);
            session.send(line, 0, line.length);
            byte[] echoed = new byte[session.getReceiveLimit()];
            int length = session.receive(echoed, 0, echoed.length, PATIENCE_MILLIS);
            session.close();
            return new String(echoed, 0, Math.max(0, length), StandardCharsets.UTF_8);
        }
    }

    /// Says which kinds of certificate it understands, if it is given any, and keeps what it is
    /// shown.
    private static final class Client extends DefaultTlsClient {

        private final short[] types;
        private byte @Nullable [] extension;
        private short shownType = -1;
        private byte[] shown = {};

        Client(short... types) {
            super(new BcTlsCrypto(new SecureRandom()));
            this.types = types;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        @Override
        @SuppressWarnings({"rawtypes", "unchecked"}) // as Bouncy Castle declares it
        public Hashtable getClientExtensions() throws IOException {
            Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
            if (extension != null) {
                extensions.put(TlsExtensionsUtils.EXT_server_certificate_type, extension);
            } else if (types.length > 0) {
                TlsExtensionsUtils.addServerCertificateTypeExtensionClient(extensions, types);
            }
            return extensions;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new ServerOnlyTlsAuthentication() {
                @Override
                public void notifyServerCertificate(TlsServerCertificate certificate)
                        throws IOException {
                    shownType = certificate.getCertificate().getCertificateType();
                    shown = certificate.getCertificate().getCertificateAt(0).getEncoded();
                }
            };
        }
    }
}
