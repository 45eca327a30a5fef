package io.hairpin.client;

import io.hairpin.client.ExchangeException.Reason;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Sends requests with long-term credentials, meeting the server's challenges (RFC 8489 §9.2).
///
/// Thread-safe: threads that are challenged at once each meet their own challenge, and the last
/// nonce is the one that stays.
final class Requests {
    /// A server that still challenges after so many answers will not stop.
    static final int MAX_CHALLENGES = 3;

    private final Transactions transactions;
    private final RandomGenerator random;
    private volatile @Nullable Credentials credentials;
    private volatile @Nullable Challenge challenge;

    Requests(Transactions transactions, RandomGenerator random) {
        this.transactions = transactions;
        this.random = random;
    }

    void authenticateWith(Credentials credentials) {
        this.credentials = credentials;
        challenge = null;
    }

    /// The success response; throws [TurnException] for an error, [ExchangeException] for silence.
    ///
    /// `attributes` is called for each attempt. No attempt lasts longer than `atMost`.
    StunMessage send(Method method, Consumer<StunMessage.Builder> attributes, Duration atMost) {
        Challenge met = challenge;
        for (int challenges = 0; ; challenges++) {
            StunMessage response = attempt(method, attributes, met, atMost);
            if (response.messageClass() == MessageClass.SUCCESS_RESPONSE) {
                return response;
            }
            TurnError error = TurnError.of(response).orElseThrow(Requests::noErrorCode);
            met = answerTo(response, error, met);
            if (met == null || challenges == MAX_CHALLENGES) {
                throw new TurnException(error, response);
            }
            challenge = met;
        }
    }

    /// A request that shows no credentials, even if there are some.
    StunMessage sendAnonymously(Method method, Duration atMost) {
        StunMessage response = attempt(method, _ -> {}, null, atMost);
        if (response.messageClass() == MessageClass.SUCCESS_RESPONSE) {
            return response;
        }
        TurnError error = TurnError.of(response).orElseThrow(Requests::noErrorCode);
        throw new TurnException(error, response);
    }

    private StunMessage attempt(
            Method method,
            Consumer<StunMessage.Builder> attributes,
            @Nullable Challenge met,
            Duration atMost) {
        StunMessage.Builder request = StunMessage.request(method, TransactionId.random(random));
        attributes.accept(request);
        if (met != null) {
            met.sign(request);
        }
        StunMessage response =
                transactions.exchange(
                        request.fingerprint().build(),
                        answer -> objection(answer, met),
                        atMost.toNanos());
        List<Integer> unknown =
                response.comprehensionRequired().stream()
                        .filter(code -> Attributes.of(code).isEmpty())
                        .toList();
        if (!unknown.isEmpty()) {
            throw new ExchangeException(
                    Reason.UNUSABLE_RESPONSE, "the response requires attributes " + unknown);
        }
        return response;
    }

    /// Departs from RFC 8489 §9.2.5: an unprotected 400 is ignored after a signed request alone,
    /// because one to the first request, which nothing protects, would else never be seen.
    private static Optional<String> objection(StunMessage response, @Nullable Challenge met) {
        if (met == null || isChallenge(response)) {
            return Optional.empty();
        }
        return met.objection(response)
                .map(
                        why ->
                                TurnError.of(response)
                                        .map(error -> why + " (" + error.code() + ")")
                                        .orElse(why));
    }

    private static boolean isChallenge(StunMessage response) {
        return TurnError.of(response)
                .filter(
                        error ->
                                error.is(ErrorCode.UNAUTHENTICATED)
                                        || error.is(ErrorCode.STALE_NONCE))
                .isPresent();
    }

    /// How to try again, or null if there is no point in it.
    private @Nullable Challenge answerTo(
            StunMessage response, TurnError error, @Nullable Challenge met) {
        Credentials known = credentials;
        if (known == null) {
            return null;
        }
        if (error.is(ErrorCode.STALE_NONCE)) {
            return Challenge.read(response, known);
        }
        if (!error.is(ErrorCode.UNAUTHENTICATED)) {
            return null;
        }
        // The same password for the same realm gives the same answer (RFC 8489 §9.2.5).
        boolean refused =
                met != null
                        && response.find(Attributes.REALM).filter(met.realm()::equals).isPresent();
        return refused ? null : Challenge.read(response, known);
    }

    private static ExchangeException noErrorCode() {
        return new ExchangeException(
                Reason.UNUSABLE_RESPONSE, "an error response without ERROR-CODE");
    }
}
