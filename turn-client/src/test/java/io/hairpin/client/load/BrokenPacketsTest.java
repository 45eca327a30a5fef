package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.load.BrokenPackets.Kind;
import io.hairpin.stun.ChannelData;
import io.hairpin.stun.Decoded;
import io.hairpin.stun.Decoded.Reason;
import io.hairpin.stun.StunDecoder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

class BrokenPacketsTest {

    private static final int SAMPLES = 1000;

    private final BrokenPackets packets = new BrokenPackets(new SplittableRandom(5));

    @Test
    void theSameSeedGivesTheSamePackets() {
        BrokenPackets again = new BrokenPackets(new SplittableRandom(5));

        for (int i = 0; i < SAMPLES; i++) {
            assertThat(again.next()).isEqualTo(packets.next());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachHasBytesAndFitsIntoADatagram(Kind kind) {
        for (int i = 0; i < SAMPLES; i++) {
            assertThat(packets.next(kind).remaining()).isBetween(1, 1500);
        }
    }

    @Test
    void eachKindIsBrokenInItsWay() {
        for (int i = 0; i < SAMPLES; i++) {
            assertThat(decoded(Kind.UNKNOWN_METHOD))
                    .isEqualTo(new Decoded.Malformed(Reason.UNKNOWN_METHOD));
            assertThat(decoded(Kind.TRUNCATED)).isInstanceOf(Decoded.Malformed.class);
            assertThat(decoded(Kind.LYING_LENGTHS)).isInstanceOf(Decoded.Malformed.class);
            assertThat(decoded(Kind.WRONG_INTEGRITY)).isInstanceOf(Decoded.Message.class);
            ByteBuffer data = packets.next(Kind.STRAY_CHANNEL_DATA);
            assertThat(ChannelData.isWhole(data, 0, data.remaining())).isTrue();
        }
    }

    private Decoded decoded(Kind kind) {
        return StunDecoder.decode(packets.next(kind));
    }
}
