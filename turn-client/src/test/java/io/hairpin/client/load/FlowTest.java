package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.load.Flow.Arrival;

import org.junit.jupiter.api.Test;

class FlowTest {

    private final Flow flow = new Flow((_, _) -> {});

    @Test
    void packetsInOrderAreNew() {
        send(3);

        assertThat(flow.arrived(0)).isEqualTo(Arrival.FIRST);
        assertThat(flow.arrived(1)).isEqualTo(Arrival.FIRST);
        assertThat(flow.arrived(2)).isEqualTo(Arrival.FIRST);
        assertThat(flow.outstanding()).isZero();
    }

    @Test
    void aPacketThatComesTwiceIsADuplicate() {
        send(200);
        flow.arrived(0);
        flow.arrived(199);

        assertThat(flow.arrived(199)).isEqualTo(Arrival.DUPLICATE);
        assertThat(flow.arrived(150)).isEqualTo(Arrival.FIRST);
        assertThat(flow.arrived(150)).isEqualTo(Arrival.DUPLICATE);
        assertThat(flow.arrived(136)).isEqualTo(Arrival.FIRST);
        assertThat(flow.arrived(136)).isEqualTo(Arrival.DUPLICATE);
    }

    @Test
    void aPacketThatWasOvertakenIsNew() {
        send(3);
        flow.arrived(2);

        assertThat(flow.arrived(0)).isEqualTo(Arrival.FIRST);
        assertThat(flow.arrived(1)).isEqualTo(Arrival.FIRST);
        assertThat(flow.arrived(0)).isEqualTo(Arrival.DUPLICATE);
    }

    @Test
    void whatALaterPacketOvertookIsNotWaitedFor() {
        send(10);

        flow.arrived(6);

        assertThat(flow.outstanding()).isEqualTo(3);
    }

    @Test
    void aFlowThatIsStuckGivesUpAtTheSecondLook() {
        send(4);
        flow.arrived(0);

        flow.giveUpIfStuck();
        assertThat(flow.outstanding()).isEqualTo(3);
        flow.giveUpIfStuck();

        assertThat(flow.outstanding()).isZero();
        assertThat(flow.arrived(2)).isEqualTo(Arrival.FIRST);
    }

    @Test
    void aFlowThatMovesDoesNotGiveUp() {
        send(4);
        flow.arrived(0);
        flow.giveUpIfStuck();
        flow.arrived(1);

        flow.giveUpIfStuck();

        assertThat(flow.outstanding()).isEqualTo(2);
    }

    @Test
    void itKnowsWhatItSent() {
        send(2);

        assertThat(flow.knows(1)).isTrue();
        assertThat(flow.knows(2)).isFalse();
        assertThat(flow.knows(-1)).isFalse();
    }

    private void send(int packets) {
        for (int i = 0; i < packets; i++) {
            flow.send(0);
        }
    }
}
