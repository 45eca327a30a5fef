package io.hairpin.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The short form of what `lab/run` does: two browsers behind some pairs of NATs and firewalls hold
/// a call, by the best route there is.
class NatLabIT {

    private static final Duration MEDIA = Duration.ofSeconds(1);

    private static Lab lab;

    @BeforeAll
    static void openLab(@TempDir Path folder) {
        lab = Lab.open(folder);
    }

    @AfterAll
    static void closeLab() {
        if (lab != null) {
            try (Lab closed = lab) {
                closed.assertServerUnharmed();
            }
        }
    }

    static List<Pair> pairs() {
        return Pair.SHORT;
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theCallIsHeldByTheBestRoute(Pair pair) {
        Outcome outcome = lab.call(pair, MEDIA);

        assertThat(outcome.problems()).as(outcome.toString()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"ADDRESS_RESTRICTED", "SYMMETRIC"})
    void theNatIsWhatItIsCalled(Kind kind) {
        NatFinding found = lab.find(kind);

        assertThat(found.isAsExpected()).as(found.toString()).isTrue();
    }
}
