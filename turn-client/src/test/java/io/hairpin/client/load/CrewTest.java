package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.client.Retransmission;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.StunMessage;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

class CrewTest {

    private static final InetSocketAddress RELAYED = new InetSocketAddress("192.0.2.1", 50000);

    private final List<FakeLinks> links = new ArrayList<>();
    private long now;
    private int done;

    @Test
    void soManyAreSetUpAtOnceAndNoMore() {
        Crew crew = crew(5, 2);

        assertThat(links).hasSize(2);
        accept(0);
        assertThat(links).hasSize(3);
        accept(1);
        accept(2);
        accept(3);
        assertThat(done).isZero();
        accept(4);

        assertThat(done).isEqualTo(1);
        assertThat(crew.clients()).hasSize(5);
        assertThat(crew.setUps().up()).isEqualTo(5);
    }

    @Test
    void thoseThatFailAreCountedByReason() {
        Crew crew = crew(3, 3);

        accept(0);
        refuse(1, ErrorCode.ALLOCATION_QUOTA_REACHED);
        refuse(2, ErrorCode.ALLOCATION_QUOTA_REACHED);

        assertThat(done).isEqualTo(1);
        assertThat(crew.setUps().failed()).isEqualTo(2);
        assertThat(crew.setUps().failures())
                .isEqualTo(Map.of("ALLOCATE refused: 486 Allocation Quota Reached", 2));
    }

    @Test
    void silenceIsAFailureInTheEnd() {
        Crew crew = crew(2, 1);

        for (int second = 0; second < 100; second++) {
            now += TimeUnit.SECONDS.toNanos(1);
            crew.sweep();
        }

        assertThat(done).isEqualTo(1);
        assertThat(crew.setUps().failures()).isEqualTo(Map.of("no answer to ALLOCATE", 2));
    }

    @Test
    void thoseThatAreGivenUpHaveFailed() {
        Crew crew = crew(5, 2);
        accept(0);

        crew.giveUp("too late");

        assertThat(done).isEqualTo(1);
        assertThat(crew.clients()).hasSize(1);
        assertThat(crew.setUps().failures()).isEqualTo(Map.of("too late", 4));
        assertThat(links).hasSize(3);
        assertThat(links).extracting(link -> link.closed).containsExactly(0, 1, 1);
    }

    @Test
    void allGiveTheirAllocationsBack() {
        Crew crew = crew(3, 2);
        accept(0);
        accept(1);
        accept(2);

        crew.leave(() -> done++);
        for (FakeLinks link : links) {
            StunMessage refresh = link.request();
            assertThat(refresh.find(Attributes.LIFETIME)).contains(0L);
            link.answer(StunMessage.success(refresh.method(), refresh.transactionId()).build());
        }

        assertThat(done).isEqualTo(2);
        assertThat(links).allMatch(link -> link.closed == 1);
    }

    @Test
    void aCrewOfNobodyIsDoneAtOnce() {
        crew(0, 1);

        assertThat(done).isEqualTo(1);
    }

    @Test
    void setUpsPerSecondEndWithTheLastThatWasReady() {
        Crew crew = crew(2, 2);
        now += TimeUnit.MILLISECONDS.toNanos(100);
        accept(0);
        now += TimeUnit.MILLISECONDS.toNanos(100);
        accept(1);
        now += TimeUnit.SECONDS.toNanos(100);

        assertThat(crew.setUps().perSecond(0)).isEqualTo(10);
        assertThat(crew.setUps().latencies().percentiles().max()).isBetween(199e3, 201e3);
    }

    private Crew crew(int size, int concurrency) {
        Crew crew = new Crew(size, concurrency, (_, _, _, _) -> {});
        ClientPlan plan =
                new ClientPlan(
                        Optional.empty(),
                        Retransmission.STANDARD,
                        false,
                        ClientPlan.Permission.NONE,
                        new SplittableRandom(1),
                        () -> now,
                        () -> now);
        crew.setUp(
                i -> {
                    FakeLinks link = new FakeLinks();
                    links.add(link);
                    return new LoadClient(plan, i, null, link, crew);
                },
                () -> done++);
        return crew;
    }

    private void accept(int client) {
        StunMessage request = links.get(client).request();
        links.get(client)
                .answer(
                        StunMessage.success(request.method(), request.transactionId())
                                .with(Attributes.XOR_RELAYED_ADDRESS, RELAYED)
                                .build());
    }

    private void refuse(int client, ErrorCode code) {
        StunMessage request = links.get(client).request();
        links.get(client)
                .answer(StunMessage.error(request.method(), request.transactionId(), code).build());
    }
}
