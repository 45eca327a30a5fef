package io.hairpin.server.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslHandler;

import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

import java.security.SecureRandom;
import java.security.Security;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/// TLS for clients that would rather be shown a raw public key than a certificate (RFC 7250), which
/// neither BoringSSL nor the JDK can do. All others are served by [TlsContexts], as ever.
public final class RawPublicKeyTls {

    /// As Java writes them, the latest first.
    static final SequencedMap<String, ProtocolVersion> VERSIONS = versions();

    /// Those that may be configured and can be offered here.
    static final SequencedMap<String, Integer> SUITES = suites();

    /// How many records of handshakes may wait or be handled at once. One outlives its client by
    /// moments, so that limiting handshakes does not limit these.
    private static final int MAX_STEPS = 1024;

    private final TlsContexts contexts;
    private final Identities identities;
    private final TlsSettings settings;
    private final JcaTlsCrypto crypto;
    private final ProtocolVersion[] versions;
    private final int[] suites;
    private final Semaphore steps = new Semaphore(MAX_STEPS);
    private final Executor threads;

    /// @throws UnusableTls if none of the configured suites can be offered
    public RawPublicKeyTls(
            TlsSettings settings,
            TlsContexts contexts,
            Identities identities,
            SecureRandom random) {
        this(
                settings,
                contexts,
                identities,
                random,
                step -> Thread.ofVirtual().name("tls-handshake").start(step));
    }

    /// @param threads where the steps of handshakes are done
    RawPublicKeyTls(
            TlsSettings settings,
            TlsContexts contexts,
            Identities identities,
            SecureRandom random,
            Executor threads) {
        this.settings = settings;
        this.contexts = contexts;
        this.identities = identities;
        this.threads = threads;
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(new BouncyCastleProvider()); // for its form of ChaCha20
        }
        crypto = new JcaTlsCryptoProvider().create(random, random);
        versions =
                VERSIONS.entrySet().stream()
                        .filter(each -> settings.protocols().contains(each.getKey()))
                        .map(Map.Entry::getValue)
                        .toArray(ProtocolVersion[]::new);
        List<String> offered = contexts.ciphers().stream().filter(SUITES::containsKey).toList();
        if (offered.isEmpty()) {
            throw new UnusableTls(
                    "tls.raw-public-keys",
                    "none of tls.ciphers can be had with them",
                    "add " + SUITES.lastEntry().getKey() + ", or remove tls.ciphers");
        }
        suites = offered.stream().mapToInt(SUITES::get).toArray();
    }

    /// The handler that has to come first on a connection once its client begins a handshake; it
    /// gives its place to an [SslHandler] once it knows which.
    public ChannelHandler handlerFor(Channel channel) {
        return new CertificateTypeHandler(this);
    }

    SslHandler certificate(Channel channel) {
        return contexts.handlerFor(channel);
    }

    SslHandler rawPublicKey() {
        RawPublicKeyRole role = new RawPublicKeyRole(crypto, identities, versions, suites);
        return TlsContexts.prepared(
                new RawPublicKeyHandler(new RawPublicKeyEngine(role, steps), threads), settings);
    }

    static String nameOf(int suite) {
        return SUITES.entrySet().stream()
                .filter(each -> each.getValue() == suite)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static SequencedMap<String, ProtocolVersion> versions() {
        SequencedMap<String, ProtocolVersion> versions = new LinkedHashMap<>();
        versions.put("TLSv1.3", ProtocolVersion.TLSv13);
        versions.put("TLSv1.2", ProtocolVersion.TLSv12);
        return Collections.unmodifiableSequencedMap(versions);
    }

    private static SequencedMap<String, Integer> suites() {
        SequencedMap<String, Integer> suites = new LinkedHashMap<>();
        suites.put("TLS_AES_128_GCM_SHA256", CipherSuite.TLS_AES_128_GCM_SHA256);
        suites.put("TLS_AES_256_GCM_SHA384", CipherSuite.TLS_AES_256_GCM_SHA384);
        suites.put("TLS_CHACHA20_POLY1305_SHA256", CipherSuite.TLS_CHACHA20_POLY1305_SHA256);
        suites.put(
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256);
        suites.put(
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
        suites.put(
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384);
        suites.put(
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384);
        suites.put(
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256);
        suites.put(
                "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);
        return Collections.unmodifiableSequencedMap(suites);
    }
}
