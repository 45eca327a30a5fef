package io.hairpin.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What a lab prints, and when it is content.
class FindingsTest {

    private static final Pair PAIR = new Pair(Kind.SYMMETRIC, Kind.TCP_443);

    @Test
    void theMatrixHasTheRouteOfEachPair() {
        Findings findings = findings(Outcome.of(PAIR, held("udp", "tls")));

        assertThat(findings.areAsExpected()).isTrue();
        assertThat(findings.text())
                .startsWith(
                        """
                        route, seconds to set up  10
                        5 symmetric               relayed 0.3
                        10 tcp-443
                        """);
        assertThat(findings.markdown())
                .contains("| symmetric | tcp-443 | relayed |")
                .contains("| relay/udp → relay | relay/tls → relay |")
                .contains("| 250 ms | 65/s, 300 kbit/s | 65/s, 300 kbit/s | 1.5 / 1.5 ms |");
        assertThat(findings.json())
                .contains("\"asExpected\":true", "\"setUpMillis\":250", "\"route\":\"relayed\"");
    }

    @Test
    void aCallByTheWrongProtocolIsAProblem() {
        Findings findings = findings(Outcome.of(PAIR, held("udp", "tcp")));

        assertThat(findings.areAsExpected()).isFalse();
        assertThat(findings.text())
                .contains("relayed 0.3 WRONG", "the callee speaks tcp with its relay");
    }

    @Test
    void aCallThatDidNotComeAboutIsAProblem() {
        Findings findings = findings(Outcome.failed(PAIR, "no pair of candidates works"));

        assertThat(findings.areAsExpected()).isFalse();
        assertThat(findings.text())
                .contains("none WRONG", "not connected: no pair of candidates works");
    }

    @Test
    void aNatThatIsNotWhatItIsCalledIsAProblem() {
        NatFinding found =
                NatFinding.of(
                        Kind.SYMMETRIC,
                        "{\"mapping\":\"endpoint-independent\",\"filtering\":null}");
        Findings findings = new Findings(List.of(found), List.of());

        assertThat(findings.areAsExpected()).isFalse();
        assertThat(findings.text()).contains("endpoint-independent", "unknown", "WRONG");
    }

    private static Findings findings(Outcome outcome) {
        return new Findings(List.of(), List.of(outcome));
    }

    private static Outcome.Held held(String callerSpeaks, String calleeSpeaks) {
        return new Outcome.Held(250, end(callerSpeaks), end(calleeSpeaks));
    }

    private static End end(String relayProtocol) {
        return new End(
                "relay",
                "relay",
                relayProtocol,
                "203.0.113.7:50000",
                "203.0.113.7:50001",
                65,
                300,
                30,
                1.5);
    }
}
