package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.FINGERPRINT;
import static io.hairpin.stun.Attributes.NONCE;
import static io.hairpin.stun.Attributes.PASSWORD_ALGORITHMS;
import static io.hairpin.stun.Attributes.REALM;
import static io.hairpin.stun.Attributes.THIRD_PARTY_AUTHORIZATION;
import static io.hairpin.stun.Attributes.TRANSACTION_TRANSMIT_COUNTER;

import io.hairpin.server.auth.Challenge;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.ErrorValue;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransmitCounter;

/// Builds every answer: alone adds REALM, NONCE, integrity and fingerprint.
final class Responses {

    /// What stands for a count that the server does not keep.
    private static final int NOT_COUNTED = 0;

    private final boolean reasonPhrases;
    private final Refusals refusals;

    /// @param reasonPhrases whether errors say in words what their code means; without, they are
    ///     smaller
    /// @param refusals told of requests that met a limit
    Responses(boolean reasonPhrases, Refusals refusals) {
        this.reasonPhrases = reasonPhrases;
        this.refusals = refusals;
    }

    /// The start of a success response; [#send] ends it.
    static StunMessage.Builder success(StunMessage request) {
        return StunMessage.success(request.method(), request.transactionId());
    }

    /// The start of an error response; one of the `reject` methods ends it.
    StunMessage.Builder error(StunMessage request, ErrorCode code) {
        return StunMessage.error(
                request.method(),
                request.transactionId(),
                reasonPhrases ? ErrorValue.of(code) : new ErrorValue(code.code(), ""));
    }

    /// Answers an authenticated request, protected the way the request was (RFC 8489 §9.2.4).
    Effect.Send send(Request request, StunMessage.Builder response) {
        return new Effect.Send(request.from(), signed(request, response));
    }

    /// Answers a request that needs no credentials.
    Effect.Send sendUnsigned(FiveTuple to, StunMessage request, StunMessage.Builder response) {
        return new Effect.Send(to, unsigned(request, response));
    }

    /// The same on another path than the request took.
    Effect.SendElsewhere sendElsewhere(
            FiveTuple asked, FiveTuple path, StunMessage request, StunMessage.Builder response) {
        return new Effect.SendElsewhere(asked, path, unsigned(request, response));
    }

    Effect.Reject reject(Request request, ErrorCode code, String detail) {
        return reject(request, code, error(request.message(), code), detail);
    }

    /// Refuses what would exceed a limit.
    Effect.Reject reject(Request request, ErrorCode code, Limit limit) {
        refusals.count(limit);
        return reject(request, code, limit.setting() + " reached");
    }

    Effect.Reject reject(
            Request request, ErrorCode code, StunMessage.Builder response, String detail) {
        return new Effect.Reject(request.from(), signed(request, response), code, detail);
    }

    /// Refuses a request whose sender is not known, without integrity: there is no key both
    /// sides hold.
    Effect.Reject rejectUnsigned(FiveTuple to, StunMessage request, ErrorCode code, String detail) {
        return rejectUnsigned(to, request, code, error(request, code), detail);
    }

    /// The same for what would exceed a limit.
    Effect.Reject rejectUnsigned(FiveTuple to, StunMessage request, ErrorCode code, Limit limit) {
        refusals.count(limit);
        return rejectUnsigned(to, request, code, limit.setting() + " reached");
    }

    Effect.Reject rejectUnsigned(
            FiveTuple to,
            StunMessage request,
            ErrorCode code,
            StunMessage.Builder response,
            String detail) {
        return new Effect.Reject(to, unsigned(request, response), code, detail);
    }

    /// Refuses with what the client needs for its next try: 401 and 438 (RFC 8489 §9.2.4).
    Effect.Reject challenge(
            Realm realm, FiveTuple to, StunMessage request, ErrorCode code, String detail) {
        Challenge challenge = realm.authenticator().challenge(to.client());
        StunMessage.Builder response =
                error(request, code)
                        .with(REALM, challenge.realm())
                        .with(NONCE, challenge.nonce())
                        .with(PASSWORD_ALGORITHMS, challenge.passwordAlgorithms());
        challenge.thirdParty().ifPresent(name -> response.with(THIRD_PARTY_AUTHORIZATION, name));
        return rejectUnsigned(to, request, code, response, detail);
    }

    private static StunMessage signed(Request request, StunMessage.Builder response) {
        StunMessage message = request.message();
        counted(message, response).integrity(request.sender().integrity(), request.sender().key());
        return finished(message, response);
    }

    private static StunMessage unsigned(StunMessage request, StunMessage.Builder response) {
        return finished(request, counted(request, response));
    }

    /// Tells a client that counts its transmissions which one this answers (RFC 7982 §3.3). The
    /// server does not count its answers: that would take memory for each transaction, of senders
    /// nobody has authenticated yet.
    private static StunMessage.Builder counted(StunMessage request, StunMessage.Builder response) {
        request.find(TRANSACTION_TRANSMIT_COUNTER)
                .map(counter -> new TransmitCounter(counter.request(), NOT_COUNTED))
                .ifPresent(counter -> response.with(TRANSACTION_TRANSMIT_COUNTER, counter));
        return response;
    }

    private static StunMessage finished(StunMessage request, StunMessage.Builder response) {
        if (request.has(FINGERPRINT)) {
            response.fingerprint();
        }
        return response.build();
    }
}
