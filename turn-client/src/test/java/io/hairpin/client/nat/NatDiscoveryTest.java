package io.hairpin.client.nat;

import static io.hairpin.client.nat.Dependence.ADDRESS_AND_PORT_DEPENDENT;
import static io.hairpin.client.nat.Dependence.ADDRESS_DEPENDENT;
import static io.hairpin.client.nat.Dependence.ENDPOINT_INDEPENDENT;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// RFC 5780 §4: every kind of NAT gets its name.
class NatDiscoveryTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final NatLab lab = new NatLab();
    private Optional<Duration> longest = Optional.empty();

    @AfterEach
    void noSocketIsLeftOpen() {
        assertThat(lab.allClosed()).isTrue();
    }

    static Stream<Arguments> everyKind() {
        return Arrays.stream(Dependence.values())
                .flatMap(
                        mapping ->
                                Arrays.stream(Dependence.values())
                                        .map(filtering -> Arguments.of(mapping, filtering)));
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void everyKindOfNatGetsItsName(Dependence mapping, Dependence filtering) throws Exception {
        lab.mapping = mapping;
        lab.filtering = filtering;

        NatReport report = run();

        assertThat(report.translated()).isTrue();
        assertThat(report.other()).contains(NatLab.OTHER);
        assertThat(report.mapping()).contains(mapping);
        assertThat(report.filtering()).contains(filtering);
        assertThat(report.remarks()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("everyKind")
    void lossChangesNothing(Dependence mapping, Dependence filtering) throws Exception {
        lab.mapping = mapping;
        lab.filtering = filtering;
        lab.lossInterval = 2;

        NatReport report = run();

        assertThat(report.mapping()).contains(mapping);
        assertThat(report.filtering()).contains(filtering);
    }

    @ParameterizedTest
    @EnumSource
    void withoutANatThereMayStillBeAFirewall(Dependence filtering) throws Exception {
        lab.translating = false;
        lab.filtering = filtering;

        NatReport report = run();

        assertThat(report.translated()).isFalse();
        assertThat(report.mapped()).contains(report.local());
        assertThat(report.mapping()).contains(ENDPOINT_INDEPENDENT);
        assertThat(report.filtering()).contains(filtering);
        assertThat(report.hairpinning()).isEmpty();
    }

    @Test
    void silenceMeansThatUdpIsBlocked() throws Exception {
        lab.blocking = true;

        NatReport report = run();

        assertThat(report.blocked()).isTrue();
        assertThat(report.mapping()).isEmpty();
        assertThat(lab.nanoTime()).isEqualTo(Duration.ofSeconds(2).toNanos());
    }

    @ParameterizedTest
    @EnumSource
    void hairpinningIsSeenWhateverTheFilterLetsIn(Dependence filtering) throws Exception {
        lab.filtering = filtering;
        lab.hairpinning = true;

        assertThat(run().hairpinning()).contains(true);
    }

    @Test
    void withoutHairpinningNobodyMeets() throws Exception {
        assertThat(run().hairpinning()).contains(false);
    }

    @Test
    void aServerWithoutASecondAddressTellsTheMappedOneAlone() throws Exception {
        lab.hasOther = false;

        NatReport report = run();

        assertThat(report.mapped()).isPresent();
        assertThat(report.translated()).isTrue();
        assertThat(report.other()).isEmpty();
        assertThat(report.mapping()).isEmpty();
        assertThat(report.filtering()).isEmpty();
    }

    @Test
    void aSecondAddressThatIsNoneIsAFault() {
        lab.other = new InetSocketAddress(NatLab.SERVER.getAddress(), 3479);

        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(this::run)
                .withMessageContaining("OTHER-ADDRESS");
    }

    @Test
    void aSecondAddressThatDoesNotAnswerLeavesTheMappingUnknown() throws Exception {
        lab.answersAtOther = false;

        NatReport report = run();

        assertThat(report.mapping()).isEmpty();
        assertThat(report.filtering()).contains(ENDPOINT_INDEPENDENT);
        assertThat(report.remarks())
                .containsExactly("mapping: the server does not answer at its other address");
    }

    @Test
    void aServerThatIgnoresChangeRequestIsNotBelieved() {
        lab.changes = false;

        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(this::run)
                .withMessageContaining("CHANGE-REQUEST");
    }

    @Test
    void aServerThatRefusesChangeRequestIsAFault() {
        lab.knowsChange = false;

        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(this::run)
                .withMessage("the server refuses: 420 Unknown Attribute");
    }

    @Test
    void unusedMappingsAreWaitedForUntilTheyEnd() throws Exception {
        longest = Optional.of(MINUTE);
        lab.filtering = ADDRESS_AND_PORT_DEPENDENT;
        lab.mapping = ADDRESS_DEPENDENT;
        lab.lifetimeNanos = Duration.ofSeconds(33).toNanos();

        assertThat(run().lifetime())
                .contains(
                        new NatReport.Lifetime(
                                Duration.ofSeconds(30), Optional.of(Duration.ofSeconds(35))));
    }

    @Test
    void theLongestWaitMayBeTooShort() throws Exception {
        longest = Optional.of(MINUTE);

        assertThat(run().lifetime()).contains(new NatReport.Lifetime(MINUTE, Optional.empty()));
    }

    @Test
    void aServerWithoutResponsePortLeavesTheLifetimeUnknown() throws Exception {
        longest = Optional.of(MINUTE);
        lab.knowsResponsePort = false;

        NatReport report = run();

        assertThat(report.mapping()).contains(ENDPOINT_INDEPENDENT);
        assertThat(report.lifetime()).isEmpty();
        assertThat(report.remarks())
                .containsExactly("lifetime: the server refuses: 420 Unknown Attribute");
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        InetSocketAddress any = new InetSocketAddress(0);
        SplittableRandom random = new SplittableRandom(1);

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new NatOptions(Duration.ofNanos(5), Optional.empty(), any, random));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NatOptions(MINUTE, Optional.of(Duration.ZERO), any, random));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new NatOptions(
                                        MINUTE,
                                        Optional.empty(),
                                        InetSocketAddress.createUnresolved("here", 0),
                                        random));
    }

    private NatReport run() throws IOException, InterruptedException {
        NatOptions options =
                new NatOptions(
                        Duration.ofSeconds(2),
                        longest,
                        new InetSocketAddress(0),
                        new SplittableRandom(5));
        return new NatDiscovery(lab, NatLab.SERVER, options).run();
    }
}
