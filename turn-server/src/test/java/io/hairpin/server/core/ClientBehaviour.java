package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.CHANNEL_NUMBER;
import static io.hairpin.stun.Attributes.CONNECTION_ID;
import static io.hairpin.stun.Attributes.DATA;
import static io.hairpin.stun.Attributes.DONT_FRAGMENT;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.MOBILITY_TICKET;
import static io.hairpin.stun.Attributes.PADDING;
import static io.hairpin.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.Attributes.RESPONSE_PORT;
import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hairpin.server.core.ClientCredentials.Dialect;
import io.hairpin.stun.AddressFamily;
import io.hairpin.stun.AttributeType;
import io.hairpin.stun.ChangeRequest;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Method;
import io.hairpin.stun.Present;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// What a [SimulatedClient] takes it into its head to do next: mostly sensible, sometimes not.
final class ClientBehaviour {

    private static final int UDP = 17;
    private static final int TCP = 6;

    private final SimulatedClient client;
    private final TurnWorld world;
    private final RandomGenerator random;

    ClientBehaviour(SimulatedClient client) {
        this.client = client;
        world = client.world();
        random = client.random();
    }

    /// Does one thing.
    void act() {
        NetworkFaults faults = world.network().faults();
        if (random.nextDouble() < faults.rebinding()) {
            client.rebind();
        }
        if (random.nextDouble() < faults.hangUp()) {
            client.hangUp();
        }
        if (random.nextDouble() < faults.vanishing()) {
            client.vanish();
        }
        int choice = random.nextInt(100);
        if (client.isConnected() && random.nextInt(3) == 0) {
            if (client.isAllocated()) {
                connect();
            } else {
                connectionBind();
            }
        } else if (!client.isAllocated() && choice < 15) {
            takeOver();
        } else if (!client.isAllocated() && choice < 60) {
            allocate();
        } else if (!client.channels().isEmpty() && random.nextInt(4) == 0) {
            channelData();
        } else if (!client.permitted().isEmpty() && random.nextInt(4) == 0) {
            sendIndication();
        } else if (choice < 4) {
            binding();
        } else if (choice < 12) {
            allocate();
        } else if (choice < 20) {
            refresh();
        } else if (choice < 35) {
            createPermission();
        } else if (choice < 50) {
            channelBind();
        } else if (choice < 68) {
            sendIndication();
        } else if (choice < 86) {
            channelData();
        } else if (choice < 87) {
            client.renewCredentials();
        } else {
            misbehave();
        }
    }

    private void binding() {
        client.request(
                Method.BINDING,
                builder -> {
                    if (random.nextBoolean()) {
                        builder.with(
                                CHANGE_REQUEST,
                                new ChangeRequest(random.nextBoolean(), random.nextBoolean()));
                    }
                    return switch (random.nextInt(6)) {
                        case 0 -> builder.with(RESPONSE_PORT, random.nextInt(0x10000));
                        case 1 -> builder.with(PADDING, new byte[random.nextInt(3000)]);
                        default -> builder;
                    };
                });
    }

    private void allocate() {
        client.request(
                Method.ALLOCATE,
                builder -> {
                    if (client.isConnected() && random.nextInt(3) == 0) {
                        return tcpRelay(builder);
                    }
                    builder.with(REQUESTED_TRANSPORT, random.nextInt(20) == 0 ? 1 : UDP);
                    if (random.nextInt(3) == 0) {
                        builder.with(LIFETIME, lifetime());
                    }
                    if (random.nextInt(8) == 0) {
                        builder.with(DONT_FRAGMENT, Present.PRESENT);
                    }
                    if (random.nextBoolean()) {
                        builder.with(MOBILITY_TICKET, new byte[random.nextInt(20) / 19]);
                    }
                    return address(builder);
                });
        if (random.nextInt(6) == 0) { // and will not wait for it
            world.simulation().after(random.nextLong(2_000_000_000L), client::hangUp);
        }
    }

    private StunMessage.Builder tcpRelay(StunMessage.Builder builder) {
        builder.with(REQUESTED_TRANSPORT, TCP);
        return random.nextInt(4) == 0
                ? builder.with(ADDITIONAL_ADDRESS_FAMILY, AddressFamily.IPV6.code())
                : builder;
    }

    private void connect() {
        client.request(
                Method.CONNECT, builder -> builder.with(XOR_PEER_ADDRESS, world.anyPeer(random)));
    }

    private void connectionBind() {
        TurnWorld.PeerHeardOf peer = world.anyConnection(random);
        client.request(
                Method.CONNECTION_BIND,
                builder -> builder.with(CONNECTION_ID, peer.connectionId()),
                random.nextInt(8) == 0 ? client.credentials() : peer.owner(),
                0);
    }

    private StunMessage.Builder address(StunMessage.Builder builder) {
        return switch (random.nextInt(16)) {
            case 0, 1 -> builder.with(REQUESTED_ADDRESS_FAMILY, AddressFamily.IPV6.code());
            case 2, 3, 4 -> builder.with(ADDITIONAL_ADDRESS_FAMILY, AddressFamily.IPV6.code());
            case 5 -> builder.with(EVEN_PORT, false);
            case 6, 7, 8 -> builder.with(EVEN_PORT, true);
            case 9, 10, 13, 14 -> builder.with(RESERVATION_TOKEN, world.anyToken(random));
            case 11 ->
                    builder.with(REQUESTED_ADDRESS_FAMILY, random.nextInt(4))
                            .with(EVEN_PORT, random.nextBoolean());
            case 12 ->
                    builder.with(ADDITIONAL_ADDRESS_FAMILY, random.nextInt(4))
                            .with(EVEN_PORT, random.nextBoolean());
            default -> builder;
        };
    }

    private long lifetime() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextLong(4000);
            case 2 -> random.nextLong(1L << 32);
            default -> random.nextLong(100);
        };
    }

    private void refresh() {
        boolean delete = random.nextInt(4) == 0;
        client.request(
                Method.REFRESH,
                builder -> {
                    if (random.nextInt(4) > 0) {
                        builder.with(LIFETIME, delete ? 0 : lifetime());
                    }
                    if (random.nextInt(4) == 0) {
                        builder.with(REQUESTED_ADDRESS_FAMILY, 1 + random.nextInt(2));
                    }
                    if (random.nextInt(8) == 0) {
                        builder.with(MOBILITY_TICKET, world.anyTicket(random));
                    }
                    return builder;
                });
    }

    /// Moves to this client the allocation of another, which mostly is of the same user.
    private void takeOver() {
        byte[] ticket = world.anyTicket(random);
        client.request(
                Method.REFRESH,
                builder -> {
                    if (random.nextInt(3) == 0) {
                        builder.with(LIFETIME, lifetime());
                    }
                    if (random.nextInt(8) == 0) {
                        builder.with(REQUESTED_ADDRESS_FAMILY, 1 + random.nextInt(2));
                    }
                    return builder.with(MOBILITY_TICKET, ticket);
                });
    }

    private void createPermission() {
        int peers = 1 + random.nextInt(random.nextInt(1, 4));
        client.request(
                Method.CREATE_PERMISSION,
                builder -> {
                    for (int i = 0; i < peers; i++) {
                        builder.with(XOR_PEER_ADDRESS, world.anyPeer(random));
                    }
                    return builder;
                });
    }

    private void channelBind() {
        client.request(
                Method.CHANNEL_BIND,
                builder ->
                        builder.with(CHANNEL_NUMBER, channel())
                                .with(XOR_PEER_ADDRESS, world.anyPeer(random)));
    }

    private int channel() {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextInt(0x10000);
            case 1 -> ChannelData.MAX_CHANNEL + random.nextInt(2);
            default -> ChannelData.MIN_CHANNEL + random.nextInt(4);
        };
    }

    private void sendIndication() {
        InetSocketAddress peer = recent(client.permitted(), world.anyPeer(random));
        StunMessage.Builder indication =
                StunMessage.indication(Method.SEND, TransactionId.random(random));
        if (random.nextInt(6) == 0) {
            indication.with(DONT_FRAGMENT, Present.PRESENT);
        }
        indication.with(XOR_PEER_ADDRESS, peer).with(DATA, payload(peer));
        client.send(indication.build().toBytes());
    }

    /// Says nothing, as a client cannot know for sure whom a channel leads to.
    private void channelData() {
        int number = recent(client.channels(), channel());
        int claimed = random.nextInt(16) == 0 ? 1 : 0; // byte that is not there
        ByteBuffer frame = ByteBuffer.allocate(ChannelData.HEADER_BYTES);
        ChannelData.writeHeader(frame, 0, number, claimed);
        client.send(frame.array());
    }

    /// Mostly one of the last things that were granted, if any were.
    private <T> T recent(List<T> granted, T otherwise) {
        int index = granted.size() - 1 - random.nextInt(3);
        return index < 0 || random.nextInt(5) == 0 ? otherwise : granted.get(index);
    }

    private static byte[] payload(InetSocketAddress peer) {
        return (SimulatedPeer.TO + Names.canonical(peer)).getBytes(US_ASCII);
    }

    private void misbehave() {
        TransactionId id = TransactionId.random(random);
        switch (random.nextInt(9)) {
            case 0 -> {
                byte[] garbage = new byte[1 + random.nextInt(60)];
                random.nextBytes(garbage);
                client.send(garbage);
            }
            case 1 -> client.send(damaged());
            case 2 -> client.send(StunMessage.indication(anyMethod(), id).build().toBytes());
            case 3 -> client.send(StunMessage.success(anyMethod(), id).build().toBytes());
            case 4 ->
                    client.send(
                            StunMessage.error(anyMethod(), id, ErrorCode.BAD_REQUEST)
                                    .build()
                                    .toBytes());
            case 5 ->
                    client.request(
                            anyMethod(),
                            builder -> builder.with(REQUESTED_TRANSPORT, UDP),
                            new ClientCredentials("alice", "guessed", Dialect.SHA256),
                            1);
            case 6 ->
                    client.request(
                            anyMethod(),
                            builder -> builder.with(AttributeType.of(0x7F01), new byte[3]));
            case 7 ->
                    client.request(
                            anyMethod(),
                            builder -> builder.with(TestAttributes.raw(LIFETIME), new byte[5]));
            default ->
                    client.send(
                            StunMessage.request(Method.BINDING, new TransactionId(1, 2, 3))
                                    .build()
                                    .toBytes());
        }
    }

    private Method anyMethod() {
        List<Method> methods = List.of(Method.values());
        return methods.get(random.nextInt(methods.size()));
    }

    /// A message with some bits turned over on the way.
    private byte[] damaged() {
        byte[] bytes =
                StunMessage.request(anyMethod(), TransactionId.random(random))
                        .with(LIFETIME, 600L)
                        .with(XOR_PEER_ADDRESS, world.anyPeer(random))
                        .integrity(client.credentials().integrity(), client.credentials().key())
                        .build()
                        .toBytes();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }
}
