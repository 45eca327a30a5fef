package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.Credentials;
import io.hairpin.client.Retransmission;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Optional;
import java.util.SplittableRandom;

class RehearsalTest {

    private static final Credentials ALICE = new Credentials("alice", "secret");

    @ParameterizedTest
    @EnumSource(ClientPlan.Permission.class)
    void everyClientIsSetUpWithAndWithoutCredentials(ClientPlan.Permission permission) {
        assertThat(succeeded(permission, Optional.empty())).isEqualTo(10);
        assertThat(succeeded(permission, Optional.of(_ -> ALICE))).isEqualTo(10);
    }

    private static int succeeded(ClientPlan.Permission permission, Optional<Accounts> accounts) {
        Rehearsal rehearsal =
                new Rehearsal(
                        new ClientPlan(
                                accounts,
                                Retransmission.STANDARD,
                                false,
                                permission,
                                new SplittableRandom(1),
                                () -> 0,
                                () -> 0));
        rehearsal.play(10);
        return rehearsal.succeeded();
    }
}
