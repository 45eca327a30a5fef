package io.hairpin.client;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.IntegrityKey;
import io.hairpin.stun.Method;
import io.hairpin.stun.PasswordAlgorithm;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A server of one user, which demands exactly what its knobs say and answers any method.
final class ChallengingServer implements Function<StunMessage, Optional<StunMessage>> {
    static final String USERNAME = "alice";
    static final String PASSWORD = "correct horse";

    String realm = "example.org";
    String nonce = "first";
    List<PasswordAlgorithm> offered = List.of();
    PasswordAlgorithm expected = PasswordAlgorithm.MD5;
    Integrity integrity = Integrity.SHA1;
    Integrity responseIntegrity = Integrity.SHA1;
    String responsePassword = PASSWORD;
    boolean protectsResponses = true;
    Optional<ErrorCode> refusal = Optional.empty();

    void offer(PasswordAlgorithm... algorithms) {
        offered = List.of(algorithms);
        integrity = Integrity.SHA256;
        responseIntegrity = Integrity.SHA256;
    }

    @Override
    public Optional<StunMessage> apply(StunMessage request) {
        if (request.integrity().isEmpty()) {
            return Optional.of(challenge(request, ErrorCode.UNAUTHENTICATED));
        }
        if (!request.find(Attributes.NONCE).equals(Optional.of(nonce))) {
            return Optional.of(challenge(request, ErrorCode.STALE_NONCE));
        }
        if (!request.integrity().equals(Optional.of(integrity))
                || !request.verify(integrity, key(PASSWORD))
                || !request.findAll(Attributes.PASSWORD_ALGORITHMS).equals(offeredOnce())) {
            return Optional.of(challenge(request, ErrorCode.UNAUTHENTICATED));
        }
        TransactionId id = request.transactionId();
        Method method = request.method();
        StunMessage.Builder response =
                refusal.map(code -> StunMessage.error(method, id, code))
                        .orElseGet(() -> StunMessage.success(method, id));
        if (protectsResponses) {
            response.integrity(responseIntegrity, key(responsePassword));
        }
        return Optional.of(response.build());
    }

    private List<List<PasswordAlgorithm>> offeredOnce() {
        return offered.isEmpty() ? List.of() : List.of(offered);
    }

    private StunMessage challenge(StunMessage request, ErrorCode code) {
        StunMessage.Builder challenge =
                StunMessage.error(request.method(), request.transactionId(), code)
                        .with(Attributes.REALM, realm)
                        .with(Attributes.NONCE, nonce);
        if (!offered.isEmpty()) {
            challenge.with(Attributes.PASSWORD_ALGORITHMS, offered);
        }
        return challenge.build();
    }

    private IntegrityKey key(String password) {
        return IntegrityKey.longTerm(expected, USERNAME, realm, password);
    }
}
