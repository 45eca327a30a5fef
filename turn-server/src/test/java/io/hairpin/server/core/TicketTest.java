package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicketTest {

    private static final long LAST_NAME = (1L << 38) - 1;

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1023, 274877906943, 65535", "1, 2, 3", "512, 137438953472, 32768"})
    void aNumberKeepsEveryPart(int home, long allocation, int issue) {
        Ticket ticket = new Ticket(home, new AllocationId(allocation), issue);

        assertThat(Ticket.of(ticket.number())).isEqualTo(ticket);
    }

    @Test
    void theIssueRunsOver() {
        Ticket last = new Ticket(1, new AllocationId(2), 65_535);

        assertThat(last.next()).isEqualTo(new Ticket(1, new AllocationId(2), 0));
    }

    @Test
    void aNameThatIsTooLongIsNotCutOff() {
        assertThat(Ticket.canName(new AllocationId(LAST_NAME))).isTrue();
        assertThat(Ticket.canName(new AllocationId(LAST_NAME + 1))).isFalse();
    }

    @Test
    void aShardThatNoTicketCanNameHasNoMobility() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Mobility(Mobility.MAX_SHARDS, new TestSeal()));
    }
}
