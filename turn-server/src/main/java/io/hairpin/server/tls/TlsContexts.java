package io.hairpin.server.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslServerContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;

import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// Makes the handlers that speak TLS with clients, by whichever identities are in use at the time.
///
/// A session can be resumed after its certificate was replaced. BoringSSL encrypts tickets with
/// keys of the server's, a new one every [#TICKET_KEY_LIFETIME]. The JDK would refuse tickets once
/// the certificate is another, so its sessions are kept here instead, a limited number of them.
public final class TlsContexts {

    /// How long a ticket key encrypts; it decrypts for as long again.
    public static final Duration TICKET_KEY_LIFETIME = Duration.ofHours(12);

    /// RFC 7443 §3, and HTTP for those who share the port with a web site; the first that a client
    /// offers as well is taken.
    static final List<String> APPLICATION_PROTOCOLS =
            List.of("stun.turn", "stun.nat-discovery", "http/1.1");

    // Departs from RFC 7301 §3.2: a client that offers other protocols alone is served without one,
    // not sent an alert, because BoringSSL cannot send it through Netty; such a client leaves by
    // itself, and by what it says first it is not taken for another.
    private static final ApplicationProtocolConfig ALPN =
            new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    APPLICATION_PROTOCOLS);

    /// The last ones are kept, some kilobytes each; clients whose session is gone shake hands anew.
    private static final int CACHED_SESSIONS = 4096;

    private final TlsSettings settings;
    private final SslProvider provider;
    private final List<String> ciphers;
    private final Identities identities;
    private final TicketKeys ticketKeys;
    private volatile SslContext context;

    /// @param clientAuthorities who may issue certificates to clients, where those are asked for
    /// @param random makes the keys of tickets, so it must be a secure one
    /// @throws UnusableTls if the implementation does not load, or does not know a cipher suite
    public TlsContexts(
            TlsSettings settings,
            Identities identities,
            List<X509Certificate> clientAuthorities,
            RandomGenerator random) {
        this.settings = settings;
        this.identities = identities;
        provider = provider(settings.provider());
        ciphers =
                CipherSuites.of(
                        settings.ciphers(),
                        settings.protocols(),
                        supported(provider),
                        provider == SslProvider.OPENSSL);
        ticketKeys = new TicketKeys(random);
        context = build(clientAuthorities);
    }

    /// The handler that has to come first on a connection once its client begins a handshake.
    public SslHandler handlerFor(Channel channel) {
        return prepared(context.newHandler(channel.alloc()), settings);
    }

    static SslHandler prepared(SslHandler handler, TlsSettings settings) {
        handler.setHandshakeTimeoutMillis(settings.handshakeTimeout().toMillis());
        handler.setWrapDataSize(0); // what is written at once is a record, not put with others
        return handler;
    }

    /// Which implementation it is.
    public String provider() {
        return provider == SslProvider.OPENSSL ? "BoringSSL" : "the JDK";
    }

    /// The versions and suites that clients are offered.
    public List<String> ciphers() {
        return ciphers;
    }

    /// Has tickets encrypted with a new key, and those of the key before still decrypted.
    public void rotateTicketKeys() {
        ticketKeys.rotate();
        applyTicketKeys(context);
    }

    /// Has new handshakes accept clients that these vouch for, and no tickets from before: who
    /// holds one may be nobody's client any more.
    void trust(List<X509Certificate> clientAuthorities) {
        ticketKeys.forget();
        context = build(clientAuthorities);
    }

    private SslContext build(List<X509Certificate> clientAuthorities) {
        boolean boringSsl = provider == SslProvider.OPENSSL;
        IdentityKeys keys = new IdentityKeys(identities, boringSsl);
        SslContextBuilder builder =
                SslContextBuilder.forServer(keys)
                        .sslProvider(provider)
                        .protocols(settings.protocols())
                        .ciphers(ciphers)
                        .applicationProtocolConfig(ALPN)
                        .sessionCacheSize(CACHED_SESSIONS)
                        .sessionTimeout(TICKET_KEY_LIFETIME.toSeconds())
                        .clientAuth(settings.clientAuth());
        if (boringSsl) {
            // Parsing certificate and key again at each handshake would cost as much as some do.
            builder.keyManager(
                    new OpenSslCachingX509KeyManagerFactory(new KeyManagerFactoryWrapper(keys)));
        }
        if (settings.clientAuth() != ClientAuth.NONE) {
            builder.trustManager(clientAuthorities);
        }
        try {
            SslContext built = builder.build();
            applyTicketKeys(built);
            return built;
        } catch (SSLException e) {
            throw new UnusableTls(
                    "tls", provider() + " refuses it: " + e.getMessage(), "try tls.provider: jdk");
        }
    }

    private void applyTicketKeys(SslContext to) {
        if (to instanceof OpenSslServerContext boringSsl) {
            boringSsl.sessionContext().setTicketKeys(ticketKeys.inUse());
            boringSsl.sessionContext().setSessionCacheEnabled(false); // tickets serve everybody
        }
    }

    private static SslProvider provider(TlsImplementation wanted) {
        return switch (wanted) {
            case JDK -> jdk();
            case AUTO -> OpenSsl.isAvailable() ? SslProvider.OPENSSL : jdk();
            case BORINGSSL -> {
                if (!OpenSsl.isAvailable()) {
                    throw new UnusableTls(
                            "tls.provider",
                            "boringssl does not load: " + OpenSsl.unavailabilityCause(),
                            "auto would take the JDK's TLS");
                }
                yield SslProvider.OPENSSL;
            }
        };
    }

    private static SslProvider jdk() {
        // The JDK has no other way to be told; it looks when its TLS is first used. BoringSSL never
        // renegotiates.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        System.setProperty("jdk.tls.server.enableSessionTicketExtension", "false");
        return SslProvider.JDK;
    }

    private static Set<String> supported(SslProvider provider) {
        if (provider == SslProvider.OPENSSL) {
            return OpenSsl.availableJavaCipherSuites();
        }
        try {
            return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
