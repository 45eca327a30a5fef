package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunDecoder;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Access tokens that coturn's tools make are taken (RFC 7635).
///
/// `turnutils_uclient -J` has three keys built in, and makes a token with any of them for each
/// Allocate and Refresh request; `turnutils_oauth` makes one as it is told.
class AccessTokensIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String SERVER_NAME = "turn.example.org";

    /// As coturn's client has them; the line break at the end of each does not count.
    private static final Map<String, String> KEYS =
            Map.of(
                    "north", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEK",
                    "union", "MTIzNDU2Nzg5MDEyMzQ1Ngo=",
                    "oldempire", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIK");

    /// Where the tool prints the token.
    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

    private static final String MAC_KEY = "ZksjpweoixXmvn67534m";

    private static ServerUnderTest server;
    private static EchoPeer peer;
    private static Uclient uclient;

    @BeforeAll
    static void startServerAndPeer(@TempDir Path folder) {
        Tool.UCLIENT.path();
        Tool.OAUTH.path();
        peer = EchoPeer.start();
        server =
                ServerUnderTest.start(
                        folder,
                        Map.of(
                                "authentication.oauth.server-name",
                                SERVER_NAME,
                                "authentication.oauth.keys",
                                "{ id: north, algorithm: A256GCM, key: %s }, "
                                                .formatted(KEYS.get("north"))
                                        + "{ id: union, algorithm: A128GCM, key: %s }, "
                                                .formatted(KEYS.get("union"))
                                        + "{ id: oldempire, algorithm: A256GCM, key: %s }"
                                                .formatted(KEYS.get("oldempire"))));
        uclient = Uclient.of(server, peer).as("-J");
    }

    @AfterAll
    static void stopServerAndPeer() {
        if (server != null) {
            server.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    @AfterEach
    void theServerIsUnharmed() {
        server.assertUnharmed();
    }

    @ConcurrentTest
    void uclientsTokensCarryEverythingOverUdp() {
        uclient.losesNothing(2);
    }

    @ConcurrentTest
    void uclientsTokensCarryEverythingOverTcp() {
        uclient.losesNothing(2, "-t");
    }

    @ConcurrentTest
    void uclientsTokensPermitSendIndications() {
        uclient.losesNothing(2, "-s");
    }

    @ConcurrentTest
    void uclientsTokensCarryEverythingBetweenClients() {
        uclient.losesNothing(4, "-y");
    }

    @ConcurrentTest
    void manyClientsWithTokensAreServedAtOnce() {
        uclient.losesNothing(20, "-m", "20");
    }

    @ConcurrentTest
    void clientsThatKnowPasswordsAreServedBesideThem() {
        Uclient.of(server, peer).losesNothing(2);
    }

    @ConcurrentTest
    void aTokenOfTurnutilsOauthOpensAnAllocationForItsLifetime() throws IOException {
        StunMessage answer = allocate(token("north", "A256GCM", 240));

        assertThat(answer.messageClass()).isEqualTo(MessageClass.SUCCESS_RESPONSE);
        assertThat(answer.find(Attributes.LIFETIME).orElseThrow()).isBetween(200L, 245L);
        assertThat(answer.verify(Integrity.SHA1, key())).isTrue();
    }

    @ConcurrentTest
    void aTokenForAnotherServerIsRefused() throws IOException {
        StunMessage answer = allocate(token("north", "A256GCM", 240, "turn.example.com"));

        assertThat(answer.find(Attributes.ERROR_CODE).orElseThrow().code())
                .isEqualTo(ErrorCode.UNAUTHENTICATED.code());
        assertThat(answer.find(Attributes.THIRD_PARTY_AUTHORIZATION)).contains(SERVER_NAME);
    }

    /// Allocates as a client with that token, named after the key north.
    private static StunMessage allocate(byte[] token) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            socket.setSoTimeout((int) DEADLINE.toMillis());
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.ofLiteral("127.0.0.1"), server.port("udp", "127.0.0.1")));
            StunMessage challenge = exchange(socket, request -> request);
            assertThat(challenge.find(Attributes.THIRD_PARTY_AUTHORIZATION)).contains(SERVER_NAME);
            return exchange(
                    socket,
                    request ->
                            request.with(Attributes.USERNAME, "north")
                                    .with(
                                            Attributes.REALM,
                                            challenge.find(Attributes.REALM).orElseThrow())
                                    .with(
                                            Attributes.NONCE,
                                            challenge.find(Attributes.NONCE).orElseThrow())
                                    .with(Attributes.ACCESS_TOKEN, token)
                                    .integrity(Integrity.SHA1, key()));
        }
    }

    private static StunMessage exchange(
            DatagramSocket socket, UnaryOperator<StunMessage.Builder> more) throws IOException {
        StunMessage.Builder request =
                StunMessage.request(Method.ALLOCATE, TransactionId.random(new SplittableRandom()))
                        .with(Attributes.REQUESTED_TRANSPORT, 17);
        byte[] bytes = more.apply(request).build().toBytes();
        socket.send(new DatagramPacket(bytes, bytes.length));
        DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
        socket.receive(answer);
        Decoded decoded =
                StunDecoder.decode(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()));
        assertThat(decoded).isInstanceOf(Decoded.Message.class);
        return ((Decoded.Message) decoded).message();
    }

    private static IntegrityKey key() {
        return IntegrityKey.ofBytes(MAC_KEY.getBytes(US_ASCII));
    }

    private static byte[] token(String keyId, String algorithm, int seconds) {
        return token(keyId, algorithm, seconds, SERVER_NAME);
    }

    private static byte[] token(String keyId, String algorithm, int seconds, String serverName) {
        long now = Instant.now().getEpochSecond();
        List<String> command =
                List.of(
                        Tool.OAUTH.path(),
                        "-e",
                        "--server-name=" + serverName,
                        "--auth-key-id=" + keyId,
                        "--auth-key=" + KEYS.get(keyId),
                        "--auth-key-timestamp=" + now,
                        "--auth-key-lifetime=3600",
                        "--auth-key-as-rs-alg=" + algorithm,
                        "--token-mac-key="
                                + Base64.getEncoder().encodeToString(MAC_KEY.getBytes(US_ASCII)),
                        "--token-timestamp=" + (now << 16),
                        "--token-lifetime=" + seconds);
        Program.Finished run = Program.run(command, DEADLINE);
        assertThat(run.exitCode()).as("output:\n%s", run.output()).isZero();
        Matcher token = TOKEN.matcher(run.output());
        assertThat(token.find()).as("output:\n%s", run.output()).isTrue();
        return Base64.getDecoder().decode(token.group(1));
    }
}
