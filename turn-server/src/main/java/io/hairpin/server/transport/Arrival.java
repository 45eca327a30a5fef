package io.hairpin.server.transport;

import io.hairpin.server.core.FiveTuple;
import io.hairpin.server.core.RefusalReason;
import io.hairpin.server.core.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A connection from when it is accepted until its first message: who it is from, what it is
/// carried by, and how long it may take. Each step has a deadline that nothing puts off but the
/// next step.
final class Arrival implements Handshakes.UnderWay {

    private static final Logger log = LoggerFactory.getLogger(Arrival.class);

    private final Channel channel;
    private final TcpSettings settings;
    private final StreamServices services;
    private final ConnectionLimit limit;
    private final TcpClient.Surroundings shard;
    private final InetSocketAddress connectedFrom;
    private InetSocketAddress client;
    private @Nullable InetSocketAddress proxy;
    private Transport transport = Transport.TCP;
    private String serverName = "";
    private boolean introduced;
    private boolean refused;
    private @Nullable ScheduledFuture<?> deadline;

    /// Where the TLS handshake that is under way is counted for.
    private @Nullable InetAddress handshakingFrom;

    Arrival(
            Channel channel,
            InetSocketAddress connectedFrom,
            TcpSettings settings,
            StreamServices services,
            ConnectionLimit limit,
            TcpClient.Surroundings shard) {
        this.channel = channel;
        this.connectedFrom = connectedFrom;
        this.client = connectedFrom;
        this.settings = settings;
        this.services = services;
        this.limit = limit;
        this.shard = shard;
        channel.closeFuture().addListener(_ -> settled());
    }

    /// Waits for the first bytes of whatever it may be.
    void begin() {
        if (countFor(connectedFrom.getAddress())) {
            expectFirstMessage();
            channel.pipeline().addLast(new FirstBytes(this));
        }
    }

    /// Counts the connection for where it is from until it closes; refused and false if that has as
    /// many as it may. Proxies may have as many as they like: their clients count for themselves.
    private boolean countFor(InetAddress source) {
        RefusalReason tooMany = limit.tryAcquire(source);
        if (tooMany != null) {
            refuse(tooMany, "limits.sources, connections");
            return false;
        }
        channel.closeFuture().addListener(_ -> limit.release(source));
        return true;
    }

    /// The same for a TLS handshake, until it is over.
    private boolean countHandshake() {
        InetAddress source = client.getAddress();
        RefusalReason tooMany = limit.ofHandshakes().tryBegin(this, source);
        if (tooMany != null) {
            refuse(
                    tooMany,
                    tooMany == RefusalReason.HANDSHAKE_LIMIT
                            ? "limits.tls-handshakes"
                            : "limits.sources, handshakes");
            return false;
        }
        handshakingFrom = source;
        channel.closeFuture().addListener(_ -> handshakeOver());
        return true;
    }

    private void handshakeOver() {
        if (handshakingFrom != null) {
            limit.ofHandshakes().over(this, handshakingFrom);
            handshakingFrom = null;
        }
    }

    /// Ends the connection, unless the handshake is over by the time that its event loop hears of
    /// this. A loop that is shutting down closes all it has.
    @Override
    public void giveWay() {
        if (!channel.eventLoop().isShuttingDown()) {
            channel.eventLoop()
                    .execute(
                            () -> {
                                if (handshakingFrom != null) {
                                    refuse(RefusalReason.HANDSHAKE_LIMIT, "gave way to a newer");
                                }
                            });
        }
    }

    /// Goes on as what those first bytes say. They reach the handlers that this adds once the
    /// caller has removed itself.
    void continueAs(StreamKind kind, ChannelPipeline pipeline) {
        switch (kind) {
            case TURN -> turn(pipeline);
            case PROXY -> proxied(pipeline);
            case TLS -> tls(pipeline);
            case HTTP -> http(pipeline);
            case UNKNOWN -> refuse(RefusalReason.NOT_TURN, "neither STUN nor ChannelData");
        }
    }

    private void turn(ChannelPipeline pipeline) {
        FrameDecoder decoder = new FrameDecoder();
        pipeline.addLast(decoder, settings.whenNothingIsRead(), new TcpClient(this, decoder));
    }

    private void proxied(ChannelPipeline pipeline) {
        InetAddress from = connectedFrom.getAddress();
        if (!services.proxies().contains(from)) {
            refuse(RefusalReason.UNTRUSTED_PROXY, "proxy-protocol.from does not have " + from);
        } else if (introduced || isEncrypted()) {
            refuse(RefusalReason.MALFORMED_PROXY_HEADER, "one is not where it belongs");
        } else {
            ProxyHeader.addTo(pipeline, this);
        }
    }

    private void tls(ChannelPipeline pipeline) {
        if (isEncrypted()) {
            refuse(RefusalReason.NOT_TURN, "TLS within TLS");
        } else if (services.tls() == null) {
            refuse(RefusalReason.NO_CERTIFICATE, "TLS");
        } else {
            transport = Transport.TLS;
            if (countHandshake()) {
                expect(settings.handshake(), RefusalReason.HANDSHAKE_TIMEOUT);
                pipeline.addLast(services.tls().create(channel), new TlsHandshake(this));
            }
        }
    }

    /// A browser that a page told to speak HTTP to this port, or a person who mistyped, is told so;
    /// what either sent in the open is handed on to nobody.
    private void http(ChannelPipeline pipeline) {
        if (isEncrypted()) {
            speaksHttp(pipeline);
        } else {
            count(RefusalReason.PLAIN_HTTP, "HTTP without TLS");
            pipeline.addLast(HttpAnswer.badRequest(this));
        }
    }

    /// Passes an encrypted connection on to who answers HTTP, or says that nobody does.
    void speaksHttp(ChannelPipeline pipeline) {
        InetSocketAddress backend = services.httpBackend();
        if (backend == null) {
            pipeline.addLast(HttpAnswer.notFound(this));
        } else {
            pipeline.addLast(settings.whenNothingMoves(), new HttpPassage(this, backend));
        }
    }

    /// A proxy said that it speaks for itself, or for somebody unknown.
    void introduced() {
        introduced = true;
        expectFirstMessage();
    }

    /// A proxy said who the client really is, and which of its addresses that one came to.
    void introduced(InetSocketAddress from, InetSocketAddress front) {
        client = from;
        proxy = front;
        if (countFor(from.getAddress())) {
            introduced();
        }
    }

    /// The handshake is done.
    ///
    /// @param asked the server that the client asked for, or empty
    void encrypted(String asked) {
        handshakeOver();
        serverName = asked;
        expectFirstMessage();
    }

    private void expectFirstMessage() {
        expect(settings.firstMessage(), RefusalReason.SILENT);
    }

    private void expect(Duration within, RefusalReason otherwise) {
        expect(within, () -> refuse(otherwise, "nothing more in " + within));
    }

    /// Does something unless the next step comes in time.
    void expect(Duration within, Runnable otherwise) {
        settled();
        deadline =
                channel.eventLoop().schedule(otherwise, within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Nothing more is waited for.
    void settled() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /// Closes the connection for that reason.
    void refuse(RefusalReason reason, String detail) {
        count(reason, detail);
        settled();
        channel.close();
    }

    private void count(RefusalReason reason, String detail) {
        if (!refused) {
            refused = true;
            shard.input(transport).traffic().refused(reason);
            log.debug("{} over {} refused: {}, {}", client, transport, reason, detail);
        }
    }

    /// The connection was reset, or there is a mistake of ours: either ends it alone.
    void failed(Throwable cause) {
        if (!RemoteFault.is(cause)) {
            shard.faults().report("handling a new connection", cause);
        }
        settled();
        channel.close();
    }

    /// Whether what still comes is of no interest.
    boolean isRefused() {
        return refused;
    }

    boolean isEncrypted() {
        return transport == Transport.TLS;
    }

    Channel channel() {
        return channel;
    }

    /// What names the client from now on.
    FiveTuple tuple() {
        return new FiveTuple(transport, client, (InetSocketAddress) channel.localAddress(), proxy);
    }

    String serverName() {
        return serverName;
    }

    Transport transport() {
        return transport;
    }

    TcpSettings settings() {
        return settings;
    }

    TcpClient.Surroundings shard() {
        return shard;
    }
}
