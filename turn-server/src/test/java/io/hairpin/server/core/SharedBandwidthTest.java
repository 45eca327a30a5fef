package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// The bandwidth of users and of the server, across event loops.
class SharedBandwidthTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Owner ALICE = new Owner("example.org", "alice");
    private static final Bandwidth MEGABYTE = new Bandwidth(1_000_000, Duration.ofSeconds(1), 1500);

    @Test
    void oneLoopGetsAllThereIs() {
        BandwidthShare share = new BandwidthShare(new BandwidthPool(MEGABYTE));
        long passed = 0;
        for (long now = 0; now < 100 * SECOND; now += SECOND / 2000) {
            passed += pass(share, 1000, now) ? 1000 : 0; // twice as much as may
        }

        assertThat(passed).isBetween(100_900_000L, 101_000_000L);
    }

    @Test
    void loopsTogetherGetNoMoreThanOneAndLittleLess() {
        BandwidthPool pool = new BandwidthPool(MEGABYTE);
        List<BandwidthShare> shares = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            shares.add(new BandwidthShare(pool));
        }
        SplittableRandom random = new SplittableRandom(5);
        BandwidthBook book = new BandwidthBook(MEGABYTE, 16);
        long passed = 0;
        for (long now = 0; now < 50 * SECOND; now += random.nextInt(1_000_000)) {
            int bytes = random.nextInt(1, 1500);
            boolean passes = pass(shares.get(random.nextInt(16)), bytes, now);
            book.check(passes, bytes, now);
            passed += passes ? bytes : 0;
        }

        assertThat(passed).isBetween(50_000_000L, 51_200_000L);
    }

    @Test
    void aPacketLargerThanWhatIsTakenInAdvancePasses() {
        BandwidthShare share =
                new BandwidthShare(new BandwidthPool(new Bandwidth(8000, Duration.ZERO)));

        assertThat(pass(share, 0xFFFF, 0)).isTrue();
        assertThat(pass(share, 1, 0)).isFalse();
        assertThat(pass(share, 0xFFFF, 10 * SECOND)).isTrue();
    }

    @Test
    void whoTakesInAdvanceLeavesTheRestToOthers() {
        BandwidthPool pool = new BandwidthPool(new Bandwidth(1000, Duration.ofSeconds(1), 1));
        BandwidthShare first = new BandwidthShare(pool);
        BandwidthShare second = new BandwidthShare(pool);

        assertThat(pass(first, 1, 0)).isTrue(); // and 9 in advance
        assertThat(pass(second, 990, 0)).isTrue();
        assertThat(pass(second, 1, 0)).isFalse();
        assertThat(pass(first, 9, 0)).isTrue();
        assertThat(pass(first, 1, 0)).isFalse();
    }

    @Test
    void threadsTogetherTakeNoMoreThanThereIs() throws InterruptedException {
        BandwidthPool pool = new BandwidthPool(MEGABYTE);
        AtomicLong passed = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        BandwidthShare share = new BandwidthShare(pool);
                                        for (int n = 0; n < 100_000; n++) {
                                            passed.addAndGet(pass(share, 100, 0) ? 100 : 0);
                                        }
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(passed.get()).isEqualTo(1_000_000); // one burst, to the byte
    }

    @Test
    void streamsPassWhatTheyReadAndThenWait() {
        BandwidthPool pool = new BandwidthPool(MEGABYTE);
        StreamMeter one = new StreamMeter(List.of(pool));
        StreamMeter other = new StreamMeter(List.of(pool));

        one.charge(1_000_000, 0);
        assertThat(one.pauseNanos(0)).isZero();
        one.charge(500_000, 0);
        assertThat(one.pauseNanos(0)).isEqualTo(SECOND / 2);
        assertThat(other.pauseNanos(SECOND / 4)).isEqualTo(SECOND / 4);
        assertThat(other.pauseNanos(SECOND / 2)).isZero();
    }

    @Test
    void streamsLoseNothingToRounding() {
        BandwidthPool pool = new BandwidthPool(new Bandwidth(7, Duration.ZERO, 1));
        StreamMeter meter = new StreamMeter(List.of(pool));
        for (int i = 0; i < 7_000_000; i++) {
            meter.charge(1, 0);
        }

        // A million seconds to the nanosecond, but for the burst there was: that of a byte, 1/7 s
        // rounded up.
        assertThat(meter.pauseNanos(0)).isEqualTo(1_000_000 * SECOND - (SECOND / 7 + 1));
    }

    @Test
    void thatOfASlowestLimitDecides() {
        StreamMeter meter =
                new StreamMeter(
                        List.of(
                                new BandwidthPool(MEGABYTE),
                                new BandwidthPool(new Bandwidth(1000, Duration.ZERO, 1))));
        meter.charge(1001, 0);

        assertThat(meter.pauseNanos(0)).isEqualTo(SECOND);
    }

    @Test
    void aUserIsForgottenOnceAllHasComeBack() {
        SharedBandwidth shared = of(null, MEGABYTE, null);
        SharedBandwidth.User first = Objects.requireNonNull(shared.enter(ALICE, 0));
        assertThat(shared.enter(ALICE, 0)).isSameAs(first);
        assertThat(pass(new BandwidthShare(first.toPeers), 1000, 0)).isTrue();
        shared.leave(first);
        assertThat(shared.users(100 * SECOND)).isEqualTo(1);
        assertThat(pass(new BandwidthShare(first.toPeers), 1_000_000, 100 * SECOND)).isTrue();
        shared.leave(first);

        assertThat(shared.users(100 * SECOND)).isEqualTo(1);
        assertThat(shared.enter(ALICE, 100 * SECOND)).isSameAs(first);
        shared.leave(first);
        assertThat(shared.users(101 * SECOND - 1)).isEqualTo(1);
        assertThat(shared.users(101 * SECOND)).isZero();
    }

    @Test
    void whoeverComesBackBeforeThatStays() {
        SharedBandwidth shared = of(null, MEGABYTE, null);
        SharedBandwidth.User alice = Objects.requireNonNull(shared.enter(ALICE, 0));
        pass(new BandwidthShare(alice.toClient), 500_000, 0);
        shared.leave(alice);
        assertThat(shared.enter(ALICE, 0)).isSameAs(alice);

        assertThat(shared.users(10 * SECOND)).isEqualTo(1);
        shared.leave(alice);
        assertThat(shared.users(10 * SECOND)).isZero();
    }

    static SharedBandwidth of(
            @Nullable Bandwidth allocation, @Nullable Bandwidth user, @Nullable Bandwidth server) {
        return new SharedBandwidth(new BandwidthLimits(allocation, user, server));
    }

    private static boolean pass(BandwidthShare share, int bytes, long nowNanos) {
        boolean passes = share.has(bytes, nowNanos);
        if (passes) {
            share.take(bytes);
        }
        return passes;
    }
}
