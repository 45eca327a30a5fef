package io.hairpin.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.Method;
import io.hairpin.stun.NonceCookie;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.SecurityFeature;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.UserHash;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

class RequestsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SimulatedTime time = new SimulatedTime();
    private final ChallengingServer server = new ChallengingServer();
    private final MemoryTransport transport = new MemoryTransport(time, false, server);

    @Test
    void plainChallengeIsMetWithMd5AndSha1() {
        Requests requests = authenticated();

        send(requests);

        StunMessage signed = transport.lastSent();
        assertThat(transport.sent()).hasSize(2);
        assertThat(transport.sent().getFirst().message().integrity()).isEmpty();
        assertThat(signed.integrity()).contains(Integrity.SHA1);
        assertThat(signed.find(Attributes.USERNAME)).contains("alice");
        assertThat(signed.find(Attributes.REALM)).contains("example.org");
        assertThat(signed.find(Attributes.NONCE)).contains("first");
        assertThat(signed.has(Attributes.PASSWORD_ALGORITHM)).isFalse();
        assertThat(signed.hasValidFingerprint()).isTrue();
    }

    @Test
    void nonceIsKeptForTheNextRequest() {
        Requests requests = authenticated();

        send(requests);
        send(requests);

        assertThat(transport.sent()).hasSize(3);
    }

    @Test
    void firstKnownAlgorithmOfTheListIsChosenAndTheListEchoed() {
        PasswordAlgorithm future = new PasswordAlgorithm(0x7777, "0102");
        server.offer(future, PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5);
        server.expected = PasswordAlgorithm.SHA_256;
        server.nonce = NonceCookie.prefix(Set.of(SecurityFeature.PASSWORD_ALGORITHMS)) + "x";

        send(authenticated());

        StunMessage signed = transport.lastSent();
        assertThat(signed.integrity()).contains(Integrity.SHA256);
        assertThat(signed.find(Attributes.PASSWORD_ALGORITHM)).contains(PasswordAlgorithm.SHA_256);
        assertThat(signed.find(Attributes.PASSWORD_ALGORITHMS))
                .contains(List.of(future, PasswordAlgorithm.SHA_256, PasswordAlgorithm.MD5));
        assertThat(signed.find(Attributes.USERNAME)).contains("alice");
    }

    @Test
    void md5FirstInTheListIsUsedWithTheStrongerIntegrity() {
        server.offer(PasswordAlgorithm.MD5, PasswordAlgorithm.SHA_256);

        send(authenticated());

        StunMessage signed = transport.lastSent();
        assertThat(signed.find(Attributes.PASSWORD_ALGORITHM)).contains(PasswordAlgorithm.MD5);
        assertThat(signed.integrity()).contains(Integrity.SHA256);
    }

    @Test
    void usernameAnonymityBitPutsAHashInThePlaceOfTheName() {
        server.nonce = NonceCookie.prefix(Set.of(SecurityFeature.USERNAME_ANONYMITY)) + "x";

        send(authenticated());

        StunMessage signed = transport.lastSent();
        assertThat(signed.has(Attributes.USERNAME)).isFalse();
        assertThat(signed.find(Attributes.USERHASH).orElseThrow())
                .isEqualTo(UserHash.of("alice", "example.org"));
    }

    @Test
    void nonceThatPromisesAMissingListIsABidDown() {
        server.nonce = NonceCookie.prefix(Set.of(SecurityFeature.PASSWORD_ALGORITHMS)) + "x";

        assertFails(authenticated(), Reason.BID_DOWN);

        assertThat(transport.sent()).hasSize(1);
    }

    @Test
    void listWithoutAKnownAlgorithmIsNotAnswered() {
        server.offer(new PasswordAlgorithm(0x7777, ""));

        assertFails(authenticated(), Reason.BID_DOWN);

        assertThat(transport.sent()).hasSize(1);
    }

    @Test
    void staleNonceIsReplaced() {
        Requests requests = authenticated();
        send(requests);
        server.nonce = "second";

        send(requests);

        assertThat(transport.sent()).hasSize(4);
        assertThat(transport.lastSent().find(Attributes.NONCE)).contains("second");
    }

    @Test
    void serverThatFindsEveryNonceStaleIsGivenUp() {
        MemoryTransport restless =
                new MemoryTransport(
                        time,
                        false,
                        request -> {
                            server.nonce += "'";
                            return server.apply(request);
                        });

        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> send(authenticated(restless)))
                .extracting(TurnException::code)
                .isEqualTo(438);
        assertThat(restless.sent()).hasSize(Requests.MAX_CHALLENGES + 1);
    }

    @Test
    void wrongPasswordIsTriedOnce() {
        Requests requests = requests(transport);
        requests.authenticateWith(new Credentials("alice", "wrong"));

        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> send(requests))
                .extracting(TurnException::code)
                .isEqualTo(401);
        assertThat(transport.sent()).hasSize(2);
    }

    @Test
    void anotherRealmIsAnotherChance() {
        Requests requests = authenticated();
        send(requests);
        server.realm = "example.net";

        send(requests);

        assertThat(transport.lastSent().find(Attributes.REALM)).contains("example.net");
    }

    @Test
    void withoutCredentialsTheChallengeIsTheAnswer() {
        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> send(requests(transport)))
                .satisfies(
                        refused -> {
                            assertThat(refused.error().is(ErrorCode.UNAUTHENTICATED)).isTrue();
                            assertThat(refused.response().has(Attributes.NONCE)).isTrue();
                            assertThat(refused.error().attributes())
                                    .contains(Attributes.REALM.code());
                        });
    }

    @Test
    void protectedErrorIsReported() {
        server.refusal = Optional.of(ErrorCode.ALLOCATION_QUOTA_REACHED);

        assertThatExceptionOfType(TurnException.class)
                .isThrownBy(() -> send(authenticated()))
                .withMessage("ALLOCATE was answered 486 Allocation Quota Reached");
    }

    @Test
    void unprotectedResponseToASignedRequestIsIgnored() {
        server.protectsResponses = false;

        assertFails(authenticated(), Reason.INTEGRITY_VIOLATED);
    }

    @Test
    void unprotectedErrorToASignedRequestIsIgnoredAndNamed() {
        server.protectsResponses = false;
        server.refusal = Optional.of(ErrorCode.BAD_REQUEST);

        assertThatExceptionOfType(ExchangeException.class)
                .isThrownBy(() -> send(authenticated()))
                .withMessageContaining("not protected (400)");
    }

    @Test
    void responseOfSomebodyWithoutThePasswordIsIgnored() {
        server.responsePassword = "a guess";

        assertFails(authenticated(), Reason.INTEGRITY_VIOLATED);
    }

    @Test
    void responseWithWeakerIntegrityThanTheRequestIsIgnored() {
        server.offer(PasswordAlgorithm.MD5);
        server.responseIntegrity = Integrity.SHA1;

        assertFails(authenticated(), Reason.INTEGRITY_VIOLATED);
    }

    @Test
    void responseThatRequiresAnUnknownAttributeIsUnusable() {
        Function<StunMessage, Optional<StunMessage>> odd =
                request ->
                        Optional.of(
                                StunMessage.success(request.method(), request.transactionId())
                                        .with(AttributeType.of(0x7ABC), new byte[4])
                                        .build());

        assertFails(requests(new MemoryTransport(time, false, odd)), Reason.UNUSABLE_RESPONSE);
    }

    @Test
    void challengeWithoutANonceIsUnusable() {
        Function<StunMessage, Optional<StunMessage>> forgetful =
                request ->
                        Optional.of(
                                StunMessage.error(
                                                request.method(),
                                                request.transactionId(),
                                                ErrorCode.UNAUTHENTICATED)
                                        .with(Attributes.REALM, "example.org")
                                        .build());

        assertFails(
                authenticated(new MemoryTransport(time, false, forgetful)),
                Reason.UNUSABLE_RESPONSE);
    }

    @Test
    void credentialsAreNotInTheirText() {
        assertThat(new Credentials("alice", "secret").toString())
                .doesNotContain("alice")
                .doesNotContain("secret");
    }

    private static void send(Requests requests) {
        requests.send(Method.ALLOCATE, _ -> {}, MINUTE);
    }

    private static void assertFails(Requests requests, Reason reason) {
        assertThatExceptionOfType(ExchangeException.class)
                .isThrownBy(() -> send(requests))
                .extracting(ExchangeException::reason)
                .isEqualTo(reason);
    }

    private Requests authenticated() {
        return authenticated(transport);
    }

    private Requests authenticated(MemoryTransport over) {
        Requests requests = requests(over);
        requests.authenticateWith(
                new Credentials(ChallengingServer.USERNAME, ChallengingServer.PASSWORD));
        return requests;
    }

    private Requests requests(MemoryTransport over) {
        Transactions transactions = new Transactions(over, Retransmission.STANDARD, time);
        over.start(new Incoming(transactions, new ReceiveQueue(1)));
        return new Requests(transactions, new SplittableRandom(1));
    }
}
