package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.XOR_PEER_ADDRESS;
import static io.hairpin.stun.ErrorCode.ALLOCATION_MISMATCH;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.FORBIDDEN;
import static io.hairpin.stun.ErrorCode.INSUFFICIENT_CAPACITY;
import static io.hairpin.stun.ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH;
import static io.hairpin.stun.ErrorCode.WRONG_CREDENTIALS;
import static io.hairpin.stun.Method.CREATE_PERMISSION;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/// RFC 8656 §10.2.
class CreatePermissionTest {

    private final TurnScript turn = TurnScript.start();
    private final ScriptClient alice = turn.client("alice");
    private final Allocation allocation = turn.allocated(alice, 1, "198.51.100.1:50000");

    @Test
    @Rfc({"8656 §10.2", "8656 §9"})
    void permitsThePeersAddressOnEveryPort() {
        StunMessage request = alice.createPermission("8.8.8.8:53");

        turn.receives(alice, request).expect(alice.success(request));

        assertThat(refusal("8.8.8.8:53")).isNull();
        assertThat(refusal("8.8.8.8:4242")).isNull();
        assertThat(refusal("8.8.8.9:53")).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc("8656 §10.2")
    void permitsSeveralPeersAtOnce() {
        StunMessage request = alice.createPermission("8.8.8.8:0", "8.8.4.4:0", "9.9.9.9:0");

        turn.receives(alice, request).expect(alice.success(request));

        assertThat(refusal("8.8.8.8:1")).isNull();
        assertThat(refusal("8.8.4.4:1")).isNull();
        assertThat(refusal("9.9.9.9:1")).isNull();
    }

    @Test
    @Rfc("8656 §10.2")
    void oneForbiddenPeerForbidsThemAll() {
        StunMessage request = alice.createPermission("8.8.8.8:0", "10.0.0.1:0");

        turn.receives(alice, request).expect(alice.error(request, FORBIDDEN));

        assertThat(refusal("8.8.8.8:1")).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc("8656 §10.2")
    void onePeerOfAnotherFamilyRefusesThemAll() {
        StunMessage request = alice.createPermission("8.8.8.8:0", "[2a00::8]:0");

        turn.receives(alice, request).expect(alice.error(request, PEER_ADDRESS_FAMILY_MISMATCH));

        assertThat(refusal("8.8.8.8:1")).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc("8656 §10.2")
    void withoutAPeerTheRequestIsBad() {
        StunMessage request = alice.request(CREATE_PERMISSION, builder -> builder);

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));
    }

    @Test
    @Rfc("8656 §10.2")
    void oneMalformedPeerSpoilsThemAll() {
        StunMessage request =
                alice.request(
                        CREATE_PERMISSION,
                        builder ->
                                builder.with(XOR_PEER_ADDRESS, TestAddresses.of("8.8.8.8:1"))
                                        .with(
                                                TestAttributes.raw(XOR_PEER_ADDRESS),
                                                new byte[] {0, 7, 0, 0, 0, 0, 0, 0}));

        turn.receives(alice, request).expect(alice.error(request, BAD_REQUEST));

        assertThat(refusal("8.8.8.8:1")).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc("8656 §5")
    void needsAnAllocation() {
        ScriptClient bob = turn.client("bob");
        StunMessage request = bob.createPermission("8.8.8.8:0");

        turn.receives(bob, request).expect(bob.error(request, ALLOCATION_MISMATCH));
    }

    @Test
    @Rfc("8656 §5")
    void needsTheUserOfTheAllocation() {
        ScriptClient bob = alice.impersonating("bob", "builder");
        StunMessage request = bob.createPermission("8.8.8.8:0");

        turn.receivesOn(alice, bob, request).expect(bob.error(request, WRONG_CREDENTIALS));

        assertThat(refusal("8.8.8.8:1")).isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    @Rfc("8656 §9")
    void theSamePeerTwiceIsOnePermissionProlonged() {
        turn.receives(alice, alice.createPermission("8.8.8.8:1")).ignored();
        turn.waits(Duration.ofSeconds(200));
        turn.receives(alice, alice.createPermission("8.8.8.8:2", "8.8.8.8:3")).ignored();

        turn.passes(Duration.ofSeconds(299)).expect();
        assertThat(refusal("8.8.8.8:9")).isNull();
        assertThat(allocation.permissions.size()).isEqualTo(1);
    }

    @Test
    @Rfc("8656 §9")
    void permissionsOfOneAllocationAreNoneOfAnother() {
        ScriptClient bob = turn.client("bob");
        Allocation bobs = turn.allocated(bob, 2, "198.51.100.1:50002");

        turn.receives(alice, alice.createPermission("8.8.8.8:1")).ignored();

        assertThat(TestAddresses.refusal(bobs, TestAddresses.of("8.8.8.8:1"), turn.now()))
                .isEqualTo(DropReason.NO_PERMISSION);
    }

    @Test
    void anIpv4PeerInIpv6ClothesIsAnIpv4Peer() {
        StunMessage compatible = alice.createPermission("[::8.8.8.8]:0");
        StunMessage mapped = alice.createPermission("[::ffff:8.8.4.4]:0");

        turn.receives(alice, compatible).expect(alice.success(compatible));
        turn.receives(alice, mapped).expect(alice.success(mapped));

        assertThat(refusal("8.8.8.8:1")).isNull();
        assertThat(refusal("8.8.4.4:1")).isNull();
    }

    @Test
    @Rfc("8656 §10.2")
    void anAllocationHoldsSoManyPermissionsAndNoMore() {
        TurnScript.Setting setting = TurnScript.setting();
        setting.policy = TestPolicies.withLimits(2, 10);
        TurnScript limited = setting.start();
        ScriptClient bob = limited.client("bob");
        limited.allocated(bob, 1, "198.51.100.1:50000");
        StunMessage one = bob.createPermission("8.8.8.1:0");
        StunMessage two = bob.createPermission("8.8.8.2:0", "8.8.8.3:0");
        StunMessage known = bob.createPermission("8.8.8.1:0", "8.8.8.2:0", "8.8.8.2:7");
        StunMessage three = bob.createPermission("8.8.8.3:0");

        limited.receives(bob, one).expect(bob.success(one));
        limited.receives(bob, two).expect(bob.error(two, INSUFFICIENT_CAPACITY));
        limited.receives(bob, known).expect(bob.success(known));
        limited.receives(bob, three).expect(bob.error(three, INSUFFICIENT_CAPACITY));
        limited.waits(Duration.ofMinutes(5));
        limited.receives(bob, three).expect(bob.success(three));
    }

    private @Nullable DropReason refusal(String peer) {
        return TestAddresses.refusal(allocation, TestAddresses.of(peer), turn.now());
    }
}
