package io.hairpin.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.TransportAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Handshakes between our two sides, over networks of all sorts.
class HandshakeTest {

    private Lab lab = Lab.faithful();
    private final Recorder client = new Recorder();

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void handshakesSurviveANetworkThatLosesDuplicatesAndReorders(long seed) {
        lab.fate(new Impaired(seed));

        lab.connect(Lab.client((int) seed), client);

        DtlsSession session = Recorder.next(client.sessions);
        lab.fate(Lab.FAITHFUL);
        Recorder.next(lab.served.sessions);
        lab.call(() -> session.send(Recorder.datagram("through")));
        assertThat(Recorder.next(lab.served.messages)).isEqualTo("through");
    }

    /// Loses a third, though never three in a row of one side, since the time to the next attempt
    /// doubles with each; sends some twice and delays others.
    private static final class Impaired implements Lab.Fate {

        private final SplittableRandom random;
        private final Map<TransportAddress, Integer> lostInARow = new HashMap<>();

        Impaired(long seed) {
            random = new SplittableRandom(seed);
        }

        @Override
        public List<Integer> delays(TransportAddress from, byte[] datagram) {
            int lost = lostInARow.getOrDefault(from, 0);
            int roll = random.nextInt(9);
            boolean isLost = roll < 3 && lost < 2;
            lostInARow.put(from, isLost ? lost + 1 : 0);
            if (isLost) {
                return List.of();
            }
            return switch (roll) {
                case 3, 4 -> List.of(0, random.nextInt(1, 30));
                case 5, 6 -> List.of(random.nextInt(1, 60));
                default -> List.of(0);
            };
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void anySingleDatagramMayBeLost(int lost) {
        AtomicInteger number = new AtomicInteger();
        lab.fate((_, _) -> number.getAndIncrement() == lost ? List.of() : List.of(0));

        lab.connect(Lab.client(1), client);

        DtlsSession session = Recorder.next(client.sessions);
        Recorder.next(lab.served.sessions);
        lab.call(() -> session.send(Recorder.datagram("through")));
        assertThat(Recorder.next(lab.served.messages)).isEqualTo("through");
    }

    /// The server has finished then and answers from its loop.
    @Test
    void aLastFlightThatIsLostIsSentAgainWhenTheClientSendsItsOwnAgain() {
        AtomicInteger lost = new AtomicInteger();
        TransportAddress server = TransportAddress.of(Lab.SERVER);
        lab.fate(
                (from, bytes) -> {
                    boolean isLast = from.equals(server) && bytes[0] == 20; // ChangeCipherSpec
                    return isLast && lost.incrementAndGet() <= 3 ? List.of() : List.of(0);
                });

        lab.connect(Lab.client(1), client);

        Recorder.next(client.sessions);
        assertThat(lost.get()).isGreaterThan(3);
        assertThat(lab.engine.opened()).isEqualTo(1);
    }

    @Test
    void flightsAreSentInAsFewDatagramsAsHoldThem() {
        close();
        lab = new Lab(_ -> TestIdentity.ECDSA, Lab.LIMITS, 20_000); // nothing is sent again
        List<Integer> sizes = new ArrayList<>();
        lab.fate(
                (_, bytes) -> {
                    sizes.add(bytes.length);
                    return List.of(0);
                });

        lab.connect(Lab.client(1), client);
        Recorder.next(client.sessions);

        assertThat(lab.call(() -> List.copyOf(sizes))).hasSize(6).allMatch(size -> size <= 1400);
    }

    @Test
    void aPathThatOnlySmallDatagramsCrossIsFoundOut() {
        close();
        DtlsIdentity rsa = TestIdentity.rsa("turn.example.org");
        lab = new Lab(_ -> rsa, Lab.LIMITS);
        lab.fate((_, bytes) -> bytes.length > 600 ? List.of() : List.of(0));

        lab.connect(Lab.client(1), client);

        Recorder.next(client.sessions);
    }

    @Test
    void certificatesOfRsaAndEd25519ServeToo() {
        for (DtlsIdentity identity :
                List.of(TestIdentity.rsa("a.example"), TestIdentity.ed25519("b.example"))) {
            close();
            lab = new Lab(_ -> identity, Lab.LIMITS);

            lab.connect(Lab.client(1), client);

            Recorder.next(client.sessions);
        }
    }

    @Test
    void theClientIsAskedForByTheNameItUses() {
        close();
        AtomicReference<String> asked = new AtomicReference<>();
        lab =
                new Lab(
                        name -> {
                            asked.set(name);
                            return TestIdentity.ECDSA;
                        },
                        Lab.LIMITS);

        lab.connect(Lab.client(1), client);
        Recorder.next(client.sessions);

        assertThat(asked.get()).isEqualTo("turn.example.org");
    }

    @Test
    void aServerThatCannotSignSaysSoToBothSides() {
        close();
        DtlsIdentity rsa = TestIdentity.rsa("turn.example.org");
        DtlsIdentity mismatched = new DtlsIdentity(TestIdentity.ECDSA.chain(), rsa.key());
        lab = new Lab(_ -> mismatched, Lab.LIMITS);

        lab.connect(Lab.client(1), client);

        Recorder.next(client.failures);
        Recorder.next(lab.served.failures);
        assertThat(lab.engine.handshakes()).isZero();
        assertThat(lab.call(lab.server::peers)).isZero();
    }

    @Test
    void identitiesThatFailEndOneHandshake() {
        close();
        lab =
                new Lab(
                        _ -> {
                            throw new IllegalStateException("no identity");
                        },
                        Lab.LIMITS);

        lab.connect(Lab.client(1), client);

        assertThat(Recorder.next(lab.served.failures)).isEqualTo(DtlsFailure.INTERNAL);
        assertThat(Recorder.next(client.failures)).isEqualTo(DtlsFailure.REFUSED);
        assertThat(lab.engine.handshakes()).isZero();
    }
}
