package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.SplittableRandom;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000L;

    /// A thousand bytes a second, two thousand at once.
    private static final Bandwidth SLOW = new Bandwidth(1000, Duration.ofSeconds(2), 1);

    @Test
    void aBurstMayPassAtOnceAndThenWhatComesBack() {
        TokenBucket bucket = new TokenBucket(SLOW, 5 * SECOND);

        assertThat(passed(bucket, 100, 50, 5 * SECOND)).isEqualTo(20);
        assertThat(passed(bucket, 100, 50, 5 * SECOND + SECOND / 10)).isEqualTo(1);
        assertThat(passed(bucket, 100, 50, 6 * SECOND + SECOND / 10)).isEqualTo(10);
        assertThat(passed(bucket, 100, 50, 60 * SECOND)).isEqualTo(20);
    }

    @Test
    void aByteComesBackToTheNanosecond() {
        TokenBucket bucket = new TokenBucket(SLOW, 0);
        bucket.has(2000, 0);
        bucket.take(2000);

        assertThat(bucket.has(1, 999_999)).isFalse();
        assertThat(bucket.has(1, 1_000_000)).isTrue();
    }

    @Test
    void nothingIsLostToRoundingHoweverOftenItIsAsked() {
        // Seven bytes a second, looked at every 3 ns: no step gives a whole byte, or a whole
        // hundredth of one.
        TokenBucket bucket = new TokenBucket(new Bandwidth(7, Duration.ofSeconds(1), 1), 0);
        assertThat(passed(bucket, 1, 100, 0)).isEqualTo(7);
        long now = 0;
        for (int i = 0; i < 1_000_000; i++) {
            now += 3;
            assertThat(bucket.has(1, now)).isFalse();
        }

        assertThat(bucket.has(1, SECOND / 7)).isFalse();
        assertThat(bucket.has(1, SECOND / 7 + 1)).isTrue();
    }

    @Test
    void afterYearsOfSilenceThereIsOneBurst() {
        long years = Duration.ofDays(100 * 365).toNanos();
        TokenBucket fast = new TokenBucket(fastest(), 0);
        assertThat(passed(fast, 0xFFFF, 100_000, 0)).isEqualTo(4_000_000_000L / 0xFFFF);

        assertThat(passed(fast, 0xFFFF, 100_000, years)).isEqualTo(4_000_000_000L / 0xFFFF);
    }

    @Test
    void aBurstIsNoLessThanTheLargestPacket() {
        TokenBucket bucket = new TokenBucket(new Bandwidth(8000, Duration.ofSeconds(1)), 0);

        assertThat(bucket.has(0xFFFF, 0)).isTrue();
    }

    @Test
    void inAnyTimeNoMorePassesThanTheRateAndABurst() {
        SplittableRandom random = new SplittableRandom(4);
        for (int run = 0; run < 50; run++) {
            Bandwidth limit =
                    new Bandwidth(
                            random.nextLong(1, 1_000_000),
                            Duration.ofMillis(random.nextLong(3000)),
                            1500);
            TokenBucket bucket = new TokenBucket(limit, 0);
            BandwidthBook book = new BandwidthBook(limit, 0);
            long now = 0;
            for (int i = 0; i < 2000; i++) {
                now += random.nextLong(1L << random.nextInt(1, 30));
                int bytes = random.nextInt(1500);
                boolean passes = bucket.has(bytes, now);
                if (passes) {
                    bucket.take(bytes);
                }
                book.check(passes, bytes, now);
            }
        }
    }

    static Bandwidth fastest() {
        return new Bandwidth(Bandwidth.MAX_BYTES_PER_SECOND, Duration.ofMinutes(1));
    }

    private static long passed(TokenBucket bucket, int bytes, int packets, long nowNanos) {
        long passed = 0;
        for (int i = 0; i < packets; i++) {
            if (bucket.has(bytes, nowNanos)) {
                bucket.take(bytes);
                passed++;
            }
        }
        return passed;
    }
}
