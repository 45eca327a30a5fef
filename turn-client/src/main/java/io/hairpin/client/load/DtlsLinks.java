package io.hairpin.client.load;

import io.hairpin.client.TlsOptions;
import io.hairpin.dtls.DtlsClient;
import io.hairpin.dtls.DtlsClients;
import io.hairpin.dtls.DtlsDrop;
import io.hairpin.dtls.DtlsFailure;
import io.hairpin.dtls.DtlsHandler;
import io.hairpin.dtls.DtlsReceiver;
import io.hairpin.dtls.DtlsSession;
import io.hairpin.net.Datagram;
import io.hairpin.net.IoLoop;
import io.hairpin.stun.TransportAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;

/// Puts DTLS on UDP links, be they sockets of their own or a shared one.
final class DtlsLinks implements Link.Opener {

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(20);

    private final Link.Opener udp;
    private final DtlsClients clients;
    private final TransportAddress server;
    private final Negotiated negotiated;
    private final SocketFaults faults;
    private final Datagram arrived = new Datagram();
    private final Datagram outgoing = new Datagram();

    /// @param udp opens the links that sessions are put on
    DtlsLinks(
            Link.Opener udp,
            IoLoop loop,
            TlsOptions tls,
            InetSocketAddress server,
            Negotiated negotiated,
            SocketFaults faults) {
        this.udp = udp;
        this.server = TransportAddress.of(server);
        this.negotiated = negotiated;
        this.faults = faults;
        String name = tls.nameOf(server);
        DtlsClients.Settings settings =
                new DtlsClients.Settings(
                        chain -> tls.trust().check(chain.toArray(X509Certificate[]::new), name),
                        tls.indicatedName(server).orElse(null),
                        HANDSHAKE_TIMEOUT);
        clients = new DtlsClients(loop, settings, new SecureRandom());
    }

    @Override
    public void open(Link.Handler handler) {
        udp.open(new Secured(handler));
    }

    /// One session, from the datagrams below to the messages above.
    private final class Secured implements Link, Link.Handler, DtlsHandler, DtlsReceiver {

        private final Link.Handler handler;
        private Link.@Nullable Datagrams link;
        private @Nullable DtlsClient client;
        private @Nullable DtlsSession session;
        private boolean closed;

        Secured(Link.Handler handler) {
            this.handler = handler;
        }

        @Override
        public void opened(Link opened) {
            Link.Datagrams datagrams = (Link.Datagrams) opened;
            link = datagrams;
            client =
                    clients.connect(
                            datagrams.endpoint(),
                            server,
                            datagrams.localHigh(),
                            datagrams.localLow(),
                            this);
        }

        @Override
        public void notOpened(String why) {
            handler.notOpened(why);
        }

        @Override
        public void received(ByteBuffer bytes, int start, int length) {
            if (client != null) {
                arrived.wrap(bytes, start, length);
                client.received(arrived);
            }
        }

        @Override
        public void lost(String why) {
            handler.lost(why);
        }

        @Override
        public DtlsReceiver opened(DtlsSession opened) {
            session = opened;
            negotiated.note("DTLSv1.2");
            handler.opened(this);
            return this;
        }

        @Override
        public void failed(DtlsFailure reason) {
            if (!closed) {
                close();
                String why = reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
                handler.notOpened("no DTLS: " + why);
            }
        }

        /// What is lost that way is missed by whoever waits for it.
        @Override
        public void dropped(DtlsDrop reason) {}

        @Override
        public void received(Datagram plaintext) {
            handler.received(plaintext.bytes(), plaintext.start(), plaintext.length());
        }

        @Override
        public void idle() {}

        @Override
        public void closed() {
            if (!closed) {
                close();
                handler.lost("the server ended the session");
            }
        }

        @Override
        public boolean reliable() {
            return false;
        }

        @Override
        public void send(ByteBuffer bytes) {
            outgoing.wrap(bytes);
            if (session != null && !session.send(outgoing)) {
                faults.unsent(1);
            }
        }

        @Override
        public void request(ByteBuffer bytes) {
            send(bytes);
        }

        /// The farewell is sent with all else that leaves the socket, before it is closed.
        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (client != null) {
                client.close();
            }
            if (link != null) {
                link.close();
            }
        }
    }
}
