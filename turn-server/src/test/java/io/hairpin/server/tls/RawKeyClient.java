package io.hairpin.server.tls;

import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.ServerOnlyTlsAuthentication;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import java.util.stream.Stream;

/// What a client of Bouncy Castle's asks for, and keeps of what it is shown: one that prefers raw
/// public keys, unless told otherwise.
public final class RawKeyClient extends DefaultTlsClient {

    /// The value of the extension, which lists what is preferred first; none if null.
    byte @Nullable [] certificateTypes = {2, CertificateType.RawPublicKey, CertificateType.X509};

    ProtocolVersion[] versions = ProtocolVersion.TLSv13.downTo(ProtocolVersion.TLSv12);
    int[] suites = RawPublicKeyTls.SUITES.values().stream().mapToInt(Integer::intValue).toArray();
    List<String> protocols = List.of();

    /// Whether it has to be asked for its share of a key, which costs another round trip.
    boolean keepsShareBack;

    private final String serverName;
    private short shownType = -1;
    private byte[] shown = {};

    public RawKeyClient(String serverName) {
        super(new BcTlsCrypto(new SecureRandom()));
        this.serverName = serverName;
    }

    /// One that comes over DTLS.
    public static RawKeyClient overDtls(String serverName) {
        RawKeyClient client = new RawKeyClient(serverName);
        client.versions = ProtocolVersion.DTLSv12.only();
        return client;
    }

    /// What one sends first, over TLS.
    public static byte[] hello(RawKeyClient client) throws IOException {
        TlsClientProtocol protocol = new TlsClientProtocol();
        protocol.connect(client);
        byte[] hello = new byte[protocol.getAvailableOutputBytes()];
        protocol.readOutput(hello, 0, hello.length);
        return hello;
    }

    /// Whether it was shown a key without a certificate.
    public boolean isShownKey() {
        return shownType == CertificateType.RawPublicKey;
    }

    /// What the server showed first: its certificate or its key.
    public byte[] shown() {
        return shown.clone();
    }

    String version() {
        return context.getServerVersion().equals(ProtocolVersion.TLSv13) ? "TLSv1.3" : "TLSv1.2";
    }

    @Nullable String applicationProtocol() {
        ProtocolName agreed = context.getSecurityParametersConnection().getApplicationProtocol();
        return agreed == null ? null : agreed.getUtf8Decoding();
    }

    int suite() {
        return context.getSecurityParametersConnection().getCipherSuite();
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return versions.clone();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return suites.clone();
    }

    @Override
    protected @Nullable Vector<ProtocolName> getProtocolNames() {
        Stream<ProtocolName> names = protocols.stream().map(ProtocolName::asUtf8Encoding);
        return protocols.isEmpty() ? null : new Vector<>(names.toList());
    }

    @Override
    protected Vector<ServerName> getSNIServerNames() {
        byte[] name = serverName.getBytes(StandardCharsets.US_ASCII);
        return new Vector<>(List.of(new ServerName(NameType.host_name, name)));
    }

    @Override
    @SuppressWarnings("rawtypes") // as Bouncy Castle declares it
    public Vector getEarlyKeyShareGroups() {
        return keepsShareBack ? new Vector<>() : super.getEarlyKeyShareGroups();
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // as above
    public Hashtable getClientExtensions() throws IOException {
        Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
        if (certificateTypes != null) {
            extensions.put(TlsExtensionsUtils.EXT_server_certificate_type, certificateTypes);
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
