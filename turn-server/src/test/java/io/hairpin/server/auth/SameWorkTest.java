package io.hairpin.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.stun.StunMessage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// An unknown user and a wrong password cannot be told apart: the answer is the same, and so is the
/// work. The work is counted rather than timed, so that nothing is left to chance.
class SameWorkTest {

    private static final String REALM = "example.org";
    private static final TestClock CLOCK = new TestClock(Instant.ofEpochSecond(1_800_000_000));
    private static final Nonces NONCES = new Nonces(new byte[32], Duration.ofMinutes(10), CLOCK);
    private static final StaticUsers USERS =
            new StaticUsers(
                    REALM, Map.of("alice", "wonderland", "1800000600:joe", "also in the list"));
    private static final SharedSecrets SECRETS =
            new SharedSecrets(REALM, List.of("north", "south"), CLOCK);
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 5000);

    private static final String WRONG = "guess";

    /// One way to ask one kind of server.
    record Way(
            String name,
            Authenticator authenticator,
            BiFunction<Challenge, String, SignedRequest> request) {

        StunMessage asking(String user) {
            return request.apply(authenticator.challenge(CLIENT), user).build();
        }

        Verdict verdict(StunMessage request) {
            return authenticator.authenticate(request, CLIENT);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        Authenticator users = new Authenticator(REALM, List.of(USERS), NONCES);
        Authenticator both = new Authenticator(REALM, List.of(USERS, SECRETS), NONCES);
        return Stream.of(users, both)
                .flatMap(
                        authenticator -> {
                            String sources = authenticator == users ? "users" : "users and secrets";
                            return Stream.of(
                                    new Way(
                                            "SHA-1, " + sources,
                                            authenticator,
                                            (challenge, user) ->
                                                    SignedRequest.classic(challenge, user, WRONG)),
                                    new Way(
                                            "SHA-256, " + sources,
                                            authenticator,
                                            (challenge, user) ->
                                                    SignedRequest.modern(challenge, user, WRONG)),
                                    new Way(
                                            "USERHASH, " + sources,
                                            authenticator,
                                            (challenge, user) ->
                                                    SignedRequest.modern(challenge, user, WRONG)
                                                            .byHash()));
                        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anUnknownUserTakesAsMuchWorkAsAWrongPassword(Way way) {
        StunMessage known = way.asking("alice");
        StunMessage unknown = way.asking("mabel");

        assertThat(way.verdict(known))
                .isInstanceOf(Verdict.Rejected.class)
                .isEqualTo(way.verdict(unknown));
        List<String> work = CryptoWork.of(() -> way.verdict(known));
        assertThat(work).isNotEmpty();
        assertThat(CryptoWork.of(() -> way.verdict(unknown))).isEqualTo(work);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aNameThatLooksTimeLimitedShowsNeitherWhetherItIsListed(Way way) {
        StunMessage known = way.asking("1800000600:joe");
        StunMessage unknown = way.asking("1800000600:ann");

        assertThat(way.verdict(known)).isEqualTo(way.verdict(unknown));
        assertThat(CryptoWork.of(() -> way.verdict(unknown)))
                .isEqualTo(CryptoWork.of(() -> way.verdict(known)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aStaleNonceShowsNothingEither(Way way) {
        Challenge old =
                new Authenticator(
                                REALM,
                                List.of(USERS),
                                new Nonces(new byte[16], Duration.ofMinutes(10), CLOCK))
                        .challenge(CLIENT);
        StunMessage known = way.request().apply(old, "alice").build();
        StunMessage unknown = way.request().apply(old, "mabel").build();

        assertThat(way.verdict(known)).isEqualTo(way.verdict(unknown));
        assertThat(CryptoWork.of(() -> way.verdict(unknown)))
                .isEqualTo(CryptoWork.of(() -> way.verdict(known)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theWorkThatIsCountedIsAllThereIs(Way way) {
        List<String> work = CryptoWork.of(() -> way.verdict(way.asking("alice")));

        assertThat(work).anyMatch(line -> line.startsWith("Hmac"));
    }
}
