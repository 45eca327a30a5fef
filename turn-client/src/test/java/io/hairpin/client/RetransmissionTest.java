package io.hairpin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.stream.IntStream;

class RetransmissionTest {
    @Test
    void standardScheduleIsTheOneOfTheRfc() {
        assertThat(IntStream.range(0, 7).mapToObj(Retransmission.STANDARD::untilNext))
                .extracting(Duration::toMillis)
                .containsExactly(0L, 500L, 1_500L, 3_500L, 7_500L, 15_500L, 31_500L);
        assertThat(Retransmission.STANDARD.total()).isEqualTo(Duration.ofMillis(39_500));
    }

    @Test
    void afterTheLastRequestTheNextStepIsGivingUp() {
        Retransmission twice = new Retransmission(Duration.ofMillis(100), 2, 4);

        assertThat(twice.untilNext(2)).isEqualTo(Duration.ofMillis(500)).isEqualTo(twice.total());
    }

    @Test
    void valuesThatMakeNoScheduleAreRefused() {
        Duration second = Duration.ofSeconds(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retransmission(Duration.ZERO, 7, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> new Retransmission(second, 0, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> new Retransmission(second, 17, 16));
        assertThatIllegalArgumentException().isThrownBy(() -> new Retransmission(second, 7, 0));
    }
}
