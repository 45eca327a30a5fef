package io.hairpin.server.core;

import static io.hairpin.server.core.Expected.ANY_PORT;
import static io.hairpin.server.core.Expected.closeRelay;
import static io.hairpin.server.core.Expected.closed;
import static io.hairpin.server.core.Expected.openRelay;
import static io.hairpin.stun.AddressFamily.IPV4;
import static io.hairpin.stun.AddressFamily.IPV6;
import static io.hairpin.stun.Attributes.ADDRESS_ERROR_CODE;
import static io.hairpin.stun.Attributes.EVEN_PORT;
import static io.hairpin.stun.Attributes.LIFETIME;
import static io.hairpin.stun.Attributes.REQUESTED_TRANSPORT;
import static io.hairpin.stun.Attributes.RESERVATION_TOKEN;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.XOR_RELAYED_ADDRESS;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.Method.ALLOCATE;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.AddressError;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// RFC 8489 §6.3.1: a request that comes twice is answered twice, and acted upon once.
class RetransmissionTest {

    private static final String RELAYED = "198.51.100.1:50000";

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");

    @Test
    @Rfc("8489 §6.3.1")
    void anAllocateStillBeingWorkedOnIsNotStartedTwice() {
        StunMessage request = alice.allocate();
        turn.receives(alice, request).expect(openRelay(1, alice, IPV4, ANY_PORT));

        turn.receives(alice, request).expect(alice.drop(DropReason.ALLOCATE_PENDING));

        assertThat(turn.quotas.held()).isEqualTo(1);
    }

    @Test
    @Rfc({"8489 §6.3.1", "8656 §7.2"})
    void anAllocateThatSucceededIsAnsweredWithTheSameRelayAndTheTimeLeft() {
        StunMessage request = alice.allocate();
        turn.receives(alice, request).ignored();
        turn.relayOpens(1, RELAYED).ignored();
        turn.waits(Duration.ofSeconds(2));

        turn.receives(alice, request)
                .expect(
                        alice.success(request)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                                .with(LIFETIME, 598L)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client()));
        assertThat(turn.quotas.held()).isEqualTo(1);
    }

    @Test
    @Rfc("8489 §6.3.1")
    void theAnswerToACopyRepeatsTokenAndMissingFamily() {
        StunMessage reserving = alice.allocate(builder -> builder.with(EVEN_PORT, true));
        turn.receives(alice, reserving).ignored();
        Effect.Send first =
                (Effect.Send) turn.relayOpens(1, RELAYED, "198.51.100.1:50001").ignored().getLast();
        long token = first.message().find(RESERVATION_TOKEN).orElseThrow();
        turn.receives(alice, reserving)
                .expect(
                        alice.success(reserving)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of(RELAYED))
                                .with(LIFETIME, 600L)
                                .with(XOR_MAPPED_ADDRESS, alice.tuple().client())
                                .with(RESERVATION_TOKEN, token));

        ScriptClient bob = turn.client("bob");
        StunMessage both = bob.allocateBoth();
        turn.receives(bob, both).ignored();
        turn.relayFails(2, IPV6).ignored();
        turn.relayOpens(2, "198.51.100.1:50004").ignored();
        turn.receives(bob, both)
                .expect(
                        bob.success(both)
                                .with(XOR_RELAYED_ADDRESS, TestAddresses.of("198.51.100.1:50004"))
                                .with(LIFETIME, 600L)
                                .with(XOR_MAPPED_ADDRESS, bob.tuple().client())
                                .with(
                                        ADDRESS_ERROR_CODE,
                                        new AddressError(
                                                IPV6,
                                                INSUFFICIENT_CAPACITY.code(),
                                                INSUFFICIENT_CAPACITY.reason())));
    }

    @Test
    @Rfc("8656 §7.2 step 2")
    void anotherUserWithTheSameTransactionIsNoRetransmission() {
        StunMessage request = alice.allocate();
        turn.receives(alice, request).ignored();
        turn.relayOpens(1, RELAYED).ignored();
        ScriptClient bob = alice.impersonating("bob", "builder");
        StunMessage.Builder same =
                StunMessage.request(ALLOCATE, request.transactionId())
                        .with(REQUESTED_TRANSPORT, 17);
        StunMessage bobs = bob.signed(same).build();

        turn.receivesOn(alice, bob, bobs).expect(bob.error(bobs, ALLOCATION_MISMATCH));
    }

    @Test
    void anotherUserWithTheSameTransactionIsNoCopyOfWhatIsStillOpening() {
        StunMessage request = alice.allocate();
        turn.receives(alice, request).ignored();
        ScriptClient bob = alice.impersonating("bob", "builder");
        StunMessage.Builder same =
                StunMessage.request(ALLOCATE, request.transactionId())
                        .with(REQUESTED_TRANSPORT, 17);
        StunMessage bobs = bob.signed(same).build();

        turn.receivesOn(alice, bob, bobs).expect(bob.error(bobs, ALLOCATION_MISMATCH));
    }

    @Test
    void anAllocateThatFailedIsTriedAnew() {
        StunMessage request = alice.allocate();
        turn.receives(alice, request).ignored();
        turn.relayFails(1, IPV4).ignored();

        turn.receives(alice, request).expect(openRelay(2, alice, IPV4, ANY_PORT));
    }

    @Test
    @Rfc("8489 §6.3.1")
    void aRefreshMayComeTwice() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage refresh = alice.refresh(1200);

        turn.receives(alice, refresh).expect(alice.success(refresh).with(LIFETIME, 1200L));
        turn.receives(alice, refresh).expect(alice.success(refresh).with(LIFETIME, 1200L));
    }

    @Test
    @Rfc("8656 §8.2")
    void theCopyOfADeletionFindsNothing() {
        turn.allocated(alice, 1, RELAYED);
        StunMessage delete = alice.refresh(0);
        turn.receives(alice, delete)
                .expect(
                        closeRelay(1, IPV4),
                        closed(1, alice, CloseReason.DELETED),
                        alice.success(delete).with(LIFETIME, 0L));

        turn.receives(alice, delete).expect(alice.error(delete, ALLOCATION_MISMATCH));
    }

    @Test
    @Rfc("8489 §6.3.1")
    void permissionsAndChannelsMayComeTwice() {
        Allocation allocation = turn.allocated(alice, 1, RELAYED);
        StunMessage permission = alice.createPermission("8.8.8.8:1", "9.9.9.9:1");
        StunMessage channel = alice.channelBind(0x4000, "8.8.8.8:1");

        for (StunMessage request : List.of(permission, permission, channel, channel)) {
            turn.receives(alice, request).expect(alice.success(request));
        }

        assertThat(allocation.permissions.size()).isEqualTo(2);
        assertThat(allocation.channels.size()).isEqualTo(1);
    }
}
