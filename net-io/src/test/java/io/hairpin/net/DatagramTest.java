package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatagramTest {

    private final Datagram datagram = Networks.datagram(new byte[1]);

    @ParameterizedTest
    @CsvSource({"255, 254", "64, 63", "2, 1"})
    void passingItOnTakesAHopOffAndNothingElse(int before, int after) {
        datagram.trafficClass(0xFF);
        datagram.hopLimit(before);

        assertThat(datagram.countDown()).isTrue();

        assertThat(datagram.hopLimit()).isEqualTo(after);
        assertThat(datagram.trafficClass()).isEqualTo(0xFF);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0xFF})
    void withItsLastHopItIsNotPassedOn(int trafficClass) {
        datagram.hopLimit(1);
        datagram.trafficClass(trafficClass);

        assertThat(datagram.countDown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 0xFF})
    void aHopLimitThatIsNotKnownStaysSo(int trafficClass) {
        datagram.trafficClass(trafficClass);

        assertThat(datagram.countDown()).isTrue();

        assertThat(datagram.hopLimit()).isZero();
        assertThat(datagram.trafficClass()).isEqualTo(trafficClass);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "255, 255", "255, 0", "0, 255", "184, 64"})
    void theFieldsOfItsHeaderPassThroughANumber(int trafficClass, int hopLimit) {
        Datagram copy = Networks.datagram(new byte[1]);
        datagram.hopLimit(hopLimit);
        datagram.trafficClass(trafficClass);

        copy.headerFields(datagram.headerFields());

        assertThat(copy.trafficClass()).isEqualTo(trafficClass);
        assertThat(copy.hopLimit()).isEqualTo(hopLimit);
    }
}
