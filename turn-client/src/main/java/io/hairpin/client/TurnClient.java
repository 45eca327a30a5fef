package io.hairpin.client;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Method;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A client of one STUN or TURN server, over one socket.
///
/// Methods that ask the server block the calling thread until it answers, and never for longer than
/// [ClientOptions] says; a virtual thread of the client's own reads. Several threads may use a
/// client at once. A thread interrupted while it sends closes the socket, as sockets of the JDK do.
///
/// Whatever asks or sends throws [TurnException] if the server answers with an error, and
/// [ExchangeException] if there is no answer to be had. Opening throws `UncheckedIOException`.
/// Nothing is refreshed by itself.
public final class TurnClient implements AutoCloseable {
    /// How long closing waits for the server to confirm.
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private static final int MAX_CHANNEL_DATA_BYTES = 0xFFFF;

    private final InetSocketAddress server;
    private final ClientOptions options;
    private final Transport transport;
    private final Transactions transactions;
    private final Requests requests;
    private final ReceiveQueue queue;
    private final Incoming incoming;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean allocated;

    TurnClient(InetSocketAddress server, ClientOptions options, Transport transport, Time time) {
        this.server = server;
        this.options = options;
        this.transport = transport;
        transactions = new Transactions(transport, options.retransmission(), time);
        requests = new Requests(transactions, options.random());
        queue = new ReceiveQueue(options.receiveQueueLimit());
        incoming = new Incoming(transactions, queue);
        transport.start(incoming);
    }

    public static TurnClient udp(InetSocketAddress server) {
        return udp(server, ClientOptions.STANDARD);
    }

    public static TurnClient udp(InetSocketAddress server, ClientOptions options) {
        try {
            Transport transport = UdpTransport.open(server, options.local());
            return new TurnClient(server, options, transport, Time.SYSTEM);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot open a socket towards " + server, failure);
        }
    }

    public static TurnClient tcp(InetSocketAddress server) {
        return tcp(server, ClientOptions.STANDARD);
    }

    public static TurnClient tcp(InetSocketAddress server, ClientOptions options) {
        try {
            Transport transport = TcpTransport.open(server, options);
            return new TurnClient(server, options, transport, Time.SYSTEM);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot connect to " + server, failure);
        }
    }

    /// As [#tls(InetSocketAddress, TlsOptions, ClientOptions)] with the usual options.
    public static TurnClient tls(InetSocketAddress server, TlsOptions tls) {
        return tls(server, tls, ClientOptions.STANDARD);
    }

    /// Connects and shakes hands; a server that is not to be believed is a failure to open.
    public static TurnClient tls(InetSocketAddress server, TlsOptions tls, ClientOptions options) {
        try {
            Transport transport = TcpTransport.open(server, options, tls);
            return new TurnClient(server, options, transport, Time.SYSTEM);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot connect by TLS to " + server, failure);
        }
    }

    /// As [#dtls(InetSocketAddress, TlsOptions, ClientOptions)] with the usual options.
    public static TurnClient dtls(InetSocketAddress server, TlsOptions tls) {
        return dtls(server, tls, ClientOptions.STANDARD);
    }

    /// Shakes hands; a server that is not to be believed is a failure to open.
    public static TurnClient dtls(InetSocketAddress server, TlsOptions tls, ClientOptions options) {
        try {
            Transport transport = DtlsTransport.open(server, options, tls);
            return new TurnClient(server, options, transport, Time.SYSTEM);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot connect by DTLS to " + server, failure);
        }
    }

    /// Answers challenges with these long-term credentials from now on; returns this client.
    ///
    /// Throws `IllegalArgumentException` if OpaqueString (RFC 8265) does not allow them.
    public TurnClient with(String username, String password) {
        requests.authenticateWith(new Credentials(username, password));
        return this;
    }

    public InetSocketAddress server() {
        return server;
    }

    public InetSocketAddress localAddress() {
        return transport.localAddress();
    }

    /// The address that the server sees us at, by a Binding request without credentials.
    public InetSocketAddress bind() {
        StunMessage response = requests.sendAnonymously(Method.BINDING, patience());
        return response.find(Attributes.XOR_MAPPED_ADDRESS)
                .or(() -> response.find(Attributes.MAPPED_ADDRESS))
                .orElseThrow(() -> missing("a mapped address"));
    }

    public Allocation allocate(AllocateOptions wanted) {
        StunMessage response = request(Method.ALLOCATE, wanted::addTo);
        allocated = true;
        return Allocation.of(response);
    }

    /// Returns the lifetime that the allocation now has; zero ends it.
    public Duration refresh(Duration lifetime) {
        return refresh(lifetime, patience());
    }

    /// Takes over the allocation of another client, by the ticket that it was given (RFC 8016), and
    /// returns the next ticket. Peers' data comes here once some has been sent from here.
    public byte[] takeOver(byte[] ticket, Duration lifetime) {
        StunMessage response =
                request(
                        Method.REFRESH,
                        request ->
                                request.with(Attributes.LIFETIME, lifetime.toSeconds())
                                        .with(Attributes.MOBILITY_TICKET, ticket));
        allocated = true;
        return response.find(Attributes.MOBILITY_TICKET)
                .orElseThrow(() -> missing("MOBILITY-TICKET"));
    }

    /// Lets all ports of these addresses send to us, or none if the server refuses one.
    public void createPermission(InetAddress... peers) {
        request(
                Method.CREATE_PERMISSION,
                request -> {
                    for (InetAddress peer : peers) {
                        request.with(Attributes.XOR_PEER_ADDRESS, new InetSocketAddress(peer, 0));
                    }
                });
    }

    /// Binds, or rebinds, a channel; the number is not checked here.
    public void channelBind(int channel, InetSocketAddress peer) {
        // Data may come by the new channel before the calling thread knows of the response.
        @Nullable InetSocketAddress before = incoming.bind(channel, peer);
        boolean bound = false;
        try {
            request(
                    Method.CHANNEL_BIND,
                    request ->
                            request.with(Attributes.CHANNEL_NUMBER, channel)
                                    .with(Attributes.XOR_PEER_ADDRESS, peer));
            bound = true;
        } finally {
            if (!bound) {
                incoming.restore(channel, before);
            }
        }
    }

    /// Sends to a peer by a Send indication, which the server never answers.
    public void send(InetSocketAddress peer, byte[] bytes) {
        send(peer, bytes, false);
    }

    /// As [#send(InetSocketAddress, byte\[\])], if so wanted with DONT-FRAGMENT.
    public void send(InetSocketAddress peer, byte[] bytes, boolean dontFragment) {
        StunMessage.Builder indication =
                StunMessage.indication(Method.SEND, TransactionId.random(options.random()))
                        .with(Attributes.XOR_PEER_ADDRESS, peer);
        if (dontFragment) {
            indication.with(Attributes.DONT_FRAGMENT, Present.PRESENT);
        }
        sendRaw(indication.with(Attributes.DATA, bytes).build().toBytes());
    }

    /// Sends by ChannelData to the peer that the channel is bound to.
    public void sendChannel(int channel, byte[] bytes) {
        if (bytes.length > MAX_CHANNEL_DATA_BYTES) {
            throw new IllegalArgumentException("too long for ChannelData: " + bytes.length);
        }
        int length = transport.reliable() ? ChannelData.paddedLength(bytes.length) : bytes.length;
        ByteBuffer packet = ByteBuffer.allocate(ChannelData.HEADER_BYTES + length);
        ChannelData.writeHeader(packet, 0, channel, bytes.length);
        sendPacket(packet.put(ChannelData.HEADER_BYTES, bytes));
    }

    /// The next data from any peer; empty if none comes in time.
    public Optional<Received> receive(Duration atMost) {
        return queue.poll(atMost);
    }

    /// Has our TCP relay connect to a peer (RFC 6062 §4.3). Returns the id to bind a
    /// [DataConnection] by.
    ///
    /// @param atMost how long the peer may take; the server's patience ends sooner or later too
    public long connect(InetSocketAddress peer, Duration atMost) {
        return requests.send(
                        Method.CONNECT,
                        request -> request.with(Attributes.XOR_PEER_ADDRESS, peer),
                        atMost)
                .find(Attributes.CONNECTION_ID)
                .orElseThrow(() -> missing("CONNECTION-ID"));
    }

    /// The next peer that connects to our TCP relay; empty if none does in time.
    public Optional<ConnectionAttempt> connectionAttempt(Duration atMost) {
        return incoming.attempt(atMost);
    }

    public Drops drops() {
        return incoming.drops();
    }

    /// Sends a request of any method, authenticated if the server asks, and returns the success
    /// response. `attributes` is called once for each attempt.
    public StunMessage request(Method method, Consumer<StunMessage.Builder> attributes) {
        return requests.send(method, attributes, patience());
    }

    /// Sends a request exactly as it is and returns the first response, whatever it says and
    /// however it is protected; for trying what a proper client would not send.
    public StunMessage exchange(StunMessage request) {
        return transactions.exchange(request, _ -> Optional.empty(), patience().toNanos());
    }

    /// Sends bytes as one packet, exactly as they are.
    public void sendRaw(byte[] packet) {
        sendPacket(ByteBuffer.wrap(packet));
    }

    /// Leaves as a client that lost its network: the server is told nothing.
    public void vanish() {
        if (closed.compareAndSet(false, true)) {
            closeTransport();
        }
    }

    /// Ends the allocation, if there is one, and closes the socket.
    ///
    /// What cannot be ended ends by itself when its lifetime is over, so a server that refuses, or
    /// says nothing, is no error here.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (allocated) {
                refresh(Duration.ZERO, CLOSE_TIMEOUT);
            }
        } catch (TurnException | ExchangeException unconfirmed) {
            allocated = false;
        } finally {
            closeTransport();
        }
    }

    private Duration refresh(Duration lifetime, Duration atMost) {
        StunMessage response =
                requests.send(
                        Method.REFRESH,
                        request -> request.with(Attributes.LIFETIME, lifetime.toSeconds()),
                        atMost);
        long granted = response.find(Attributes.LIFETIME).orElseThrow(() -> missing("LIFETIME"));
        allocated = granted > 0;
        return Duration.ofSeconds(granted);
    }

    private Duration patience() {
        return options.retransmission().total();
    }

    private void sendPacket(ByteBuffer packet) {
        try {
            transport.send(packet);
        } catch (IOException failure) {
            throw ExchangeException.cannotSend(failure);
        }
    }

    private void closeTransport() {
        try {
            transport.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ExchangeException missing(String what) {
        return new ExchangeException(Reason.UNUSABLE_RESPONSE, "the response lacks " + what);
    }
}
