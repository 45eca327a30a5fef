package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.Credentials;
import io.hairpin.client.Retransmission;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

class LoadClientTest implements LoadClient.Events {

    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4000);
    private static final InetSocketAddress RELAYED = new InetSocketAddress("192.0.2.1", 50000);
    private static final Credentials ALICE = new Credentials("alice", "secret");
    private static final IntegrityKey KEY =
            IntegrityKey.longTerm(PasswordAlgorithm.MD5, "alice", "example.org", "secret");

    private final FakeLinks links = new FakeLinks();
    private final List<String> events = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1_000;

    @Test
    void anOpenServerNeedsNoCredentials() {
        LoadClient client = start(ClientPlan.Permission.CHANNEL, Optional.empty());

        StunMessage allocate = links.request();
        assertThat(allocate.method()).isEqualTo(Method.ALLOCATE);
        assertThat(allocate.find(Attributes.REQUESTED_TRANSPORT)).contains(17);
        links.answer(allocated(allocate, 600));
        StunMessage bind = links.request();
        assertThat(bind.method()).isEqualTo(Method.CHANNEL_BIND);
        assertThat(bind.find(Attributes.CHANNEL_NUMBER)).contains(0x4000);
        assertThat(bind.find(Attributes.XOR_PEER_ADDRESS)).contains(PEER);
        assertThat(events).isEmpty();
        now += 3_000;
        links.answer(success(bind));

        assertThat(events).containsExactly("ready");
        assertThat(client.relayed()).isEqualTo(RELAYED);
        assertThat(client.setUpNanos()).isEqualTo(3_000);
    }

    @Test
    void aChallengeIsMetWithTheUsersKey() {
        start(ClientPlan.Permission.PLAIN, Optional.of(ALICE));

        links.answer(challenge(links.request(), ErrorCode.UNAUTHENTICATED, "n1"));
        StunMessage signed = links.request();

        assertThat(signed.method()).isEqualTo(Method.ALLOCATE);
        assertThat(signed.find(Attributes.NONCE)).contains("n1");
        assertThat(signed.verify(Integrity.SHA1, KEY)).isTrue();
        links.answer(allocated(signed, 600));
        StunMessage permission = links.request();
        assertThat(permission.method()).isEqualTo(Method.CREATE_PERMISSION);
        assertThat(permission.verify(Integrity.SHA1, KEY)).isTrue();
    }

    @Test
    void aStaleNonceIsReplaced() {
        start(ClientPlan.Permission.NONE, Optional.of(ALICE));
        links.answer(challenge(links.request(), ErrorCode.UNAUTHENTICATED, "n1"));

        links.answer(challenge(links.request(), ErrorCode.STALE_NONCE, "n2"));
        StunMessage again = links.request();

        assertThat(again.find(Attributes.NONCE)).contains("n2");
        links.answer(allocated(again, 600));
        assertThat(events).containsExactly("ready");
    }

    @Test
    void aNonceThatIsAlwaysStaleEnds() {
        start(ClientPlan.Permission.NONE, Optional.of(ALICE));
        links.answer(challenge(links.request(), ErrorCode.UNAUTHENTICATED, "n0"));

        for (int i = 1; i < 4 && events.isEmpty(); i++) {
            links.answer(challenge(links.request(), ErrorCode.STALE_NONCE, "n" + i));
        }

        assertThat(events).containsExactly("failed ALLOCATE refused: 438 Stale Nonce");
    }

    @Test
    void aWrongPasswordIsTriedOnce() {
        start(ClientPlan.Permission.NONE, Optional.of(ALICE));
        links.answer(challenge(links.request(), ErrorCode.UNAUTHENTICATED, "n1"));

        links.answer(challenge(links.request(), ErrorCode.UNAUTHENTICATED, "n2"));

        assertThat(events).containsExactly("failed ALLOCATE refused: 401 Unauthenticated");
        assertThat(links.closed).isEqualTo(1);
    }

    @Test
    void aServerThatWantsCredentialsIsToldApart() {
        start(ClientPlan.Permission.NONE, Optional.empty());

        links.answer(challenge(links.request(), ErrorCode.UNAUTHENTICATED, "n1"));

        assertThat(events)
                .containsExactly("failed the server wants credentials, and there are none");
    }

    @Test
    void aPortWithAnAllocationOfAnEarlierRunIsLeft() {
        start(ClientPlan.Permission.NONE, Optional.empty());

        links.answer(error(links.request(), ErrorCode.ALLOCATION_MISMATCH));

        assertThat(links.opened).isEqualTo(2);
        assertThat(links.closed).isEqualTo(1);
        links.answer(allocated(links.request(), 600));
        assertThat(events).containsExactly("ready");
    }

    @Test
    void requestsAreRepeatedAndGivenUp() {
        LoadClient client = start(ClientPlan.Permission.NONE, Optional.empty());
        StunMessage first = links.request();

        tickAfter(client, millis(499));
        assertThat(links.sent).isEmpty();
        tickAfter(client, millis(500));
        assertThat(links.request()).isEqualTo(first);
        tickAfter(client, millis(1499));
        assertThat(links.sent).isEmpty();
        for (int i = 0; i < 6; i++) {
            tickAfter(client, TimeUnit.MINUTES.toNanos(1));
        }

        assertThat(links.sent).hasSize(5);
        assertThat(events).containsExactly("failed no answer to ALLOCATE");
    }

    @Test
    void overTcpNothingIsRepeated() {
        links.reliable = true;
        LoadClient client = start(ClientPlan.Permission.NONE, Optional.empty());
        links.request();

        tickAfter(client, TimeUnit.SECONDS.toNanos(39));
        assertThat(links.sent).isEmpty();
        tickAfter(client, TimeUnit.SECONDS.toNanos(40));

        assertThat(events).containsExactly("failed no answer to ALLOCATE");
    }

    @Test
    void responsesOfOthersAreIgnored() {
        start(ClientPlan.Permission.NONE, Optional.empty());
        StunMessage allocate = links.request();

        links.answer(
                allocated(
                        StunMessage.request(Method.ALLOCATE, TransactionId.of(1, 1)).build(), 600));
        links.receive(new byte[] {1, 2, 3});
        assertThat(events).isEmpty();

        links.answer(allocated(allocate, 600));
        assertThat(events).containsExactly("ready");
    }

    @Test
    void anAllocationIsRefreshedAndAPermissionRenewedInTime() {
        LoadClient client = ready();

        tickAfter(client, TimeUnit.SECONDS.toNanos(239));
        assertThat(links.sent).isEmpty();
        now += TimeUnit.SECONDS.toNanos(240);
        client.tick();
        StunMessage bind = links.request();
        assertThat(bind.method()).isEqualTo(Method.CHANNEL_BIND);
        links.answer(success(bind));
        now += TimeUnit.SECONDS.toNanos(300);
        client.tick();
        StunMessage refresh = links.request();
        assertThat(refresh.method()).isEqualTo(Method.REFRESH);
        assertThat(refresh.has(Attributes.LIFETIME)).isFalse();
        links.answer(refreshed(refresh, 600));
        client.tick();

        assertThat(links.request().method()).isEqualTo(Method.CHANNEL_BIND);
    }

    @Test
    void itGivesItsAllocationBack() {
        LoadClient client = ready();

        client.leave();
        StunMessage refresh = links.request();
        assertThat(refresh.find(Attributes.LIFETIME)).contains(0L);
        links.answer(refreshed(refresh, 0));

        assertThat(events).containsExactly("ready", "gone");
        assertThat(links.closed).isEqualTo(1);
    }

    @Test
    void aServerThatDoesNotAnswerIsLeftAnyway() {
        LoadClient client = ready();
        client.leave();

        for (int i = 0; i < 8; i++) {
            tickAfter(client, TimeUnit.MINUTES.toNanos(1));
        }

        assertThat(events).containsExactly("ready", "gone");
    }

    @Test
    void dataIsHandedOn() {
        LoadClient client = ready();

        links.receive(new byte[] {0x40, 0, 0, 2, 7, 8});

        assertThat(events).containsExactly("ready", "data 2 at 4");
        client.send(ByteBuffer.wrap(new byte[] {0x40, 0, 0, 0}));
        assertThat(links.data).isEqualTo(1);
    }

    @Test
    void aConnectionThatBreaksIsAFailure() {
        LoadClient client = ready();

        links.handler().lost("the server closed the connection");

        assertThat(events).containsExactly("ready", "failed the server closed the connection");
        client.send(ByteBuffer.wrap(new byte[] {0x40, 0, 0, 0}));
        assertThat(links.data).isZero();
    }

    @Test
    void aSocketThatDoesNotOpenIsAFailure() {
        links.refusal = "no socket: too many open files";

        start(ClientPlan.Permission.NONE, Optional.empty());

        assertThat(events).containsExactly("failed no socket: too many open files");
    }

    /// Looks at what is due when that much has passed, and goes back.
    private void tickAfter(LoadClient client, long nanos) {
        now += nanos;
        client.tick();
        now -= nanos;
    }

    private LoadClient ready() {
        LoadClient client = start(ClientPlan.Permission.CHANNEL, Optional.empty());
        links.answer(allocated(links.request(), 600));
        links.answer(success(links.request()));
        assertThat(events).containsExactly("ready");
        return client;
    }

    private LoadClient start(ClientPlan.Permission permission, Optional<Credentials> user) {
        ClientPlan plan =
                new ClientPlan(
                        user.map(credentials -> _ -> credentials),
                        Retransmission.STANDARD,
                        false,
                        permission,
                        new SplittableRandom(1),
                        () -> now,
                        () -> now);
        LoadClient client = new LoadClient(plan, 0, PEER, links, this);
        client.start();
        return client;
    }

    private static StunMessage allocated(StunMessage request, long lifetime) {
        return StunMessage.success(request.method(), request.transactionId())
                .with(Attributes.XOR_RELAYED_ADDRESS, RELAYED)
                .with(Attributes.LIFETIME, lifetime)
                .build();
    }

    private static StunMessage refreshed(StunMessage request, long lifetime) {
        return StunMessage.success(request.method(), request.transactionId())
                .with(Attributes.LIFETIME, lifetime)
                .build();
    }

    private static StunMessage success(StunMessage request) {
        return StunMessage.success(request.method(), request.transactionId()).build();
    }

    private static StunMessage error(StunMessage request, ErrorCode code) {
        return StunMessage.error(request.method(), request.transactionId(), code).build();
    }

    private static StunMessage challenge(StunMessage request, ErrorCode code, String nonce) {
        return StunMessage.error(request.method(), request.transactionId(), code)
                .with(Attributes.REALM, "example.org")
                .with(Attributes.NONCE, nonce)
                .build();
    }

    private static long millis(int millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public void ready(LoadClient client) {
        events.add("ready");
    }

    @Override
    public void failed(LoadClient client, String why) {
        events.add("failed " + why);
    }

    @Override
    public void gone(LoadClient client) {
        events.add("gone");
    }

    @Override
    public void data(LoadClient client, ByteBuffer bytes, int offset, int length) {
        events.add("data " + length + " at " + offset);
    }
}
