package io.hairpin.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void everyShapeIsFoundByItsName() {
        for (Shape shape : Shape.values()) {
            assertThat(Shape.find(shape.label())).contains(shape);
        }
        assertThat(Shape.find("maxb-gso")).contains(Shape.MAXB_GSO);
        assertThat(Shape.find("MAX")).isEmpty();
    }

    @Test
    void theGeneratorIsToldWhatAShapeIs() {
        assertThat(Shape.B_GSO.arguments())
                .containsExactly(
                        "--clients",
                        "50",
                        "--size",
                        "1200",
                        "--burst",
                        "10",
                        "--rate",
                        "1000",
                        "--gso");
        assertThat(Shape.TCP.arguments()).containsSubsequence("--saturate", "--transport", "tcp");
    }

    @Test
    void handshakesAreMadeWhereClientsAreSecured() {
        assertThat(Shape.DTLS.isSecured()).isTrue();
        assertThat(Shape.DTLS.isTraffic()).isTrue();
        assertThat(Shape.TLS_SESSIONS.isSetUps()).isTrue();
        assertThat(Shape.TCP.isSecured()).isFalse();
    }

    @Test
    void onlyWhatGoesThereAndBackHasARoundTrip() {
        assertThat(Shape.A.isRoundTrip()).isTrue();
        assertThat(Shape.UP.isRoundTrip()).isFalse();
        assertThat(Shape.START.isRoundTrip()).isFalse();
    }

    @Test
    void theLimitKnowsPlainUdpAlone() {
        assertThat(ServerKind.LIMIT.serves(Shape.DTLS)).isFalse();
        assertThat(ServerKind.LIMIT.serves(Shape.TCP)).isFalse();
        assertThat(ServerKind.LIMIT.serves(Shape.MAX)).isTrue();
        assertThat(ServerKind.COTURN.serves(Shape.TCP)).isTrue();
    }
}
