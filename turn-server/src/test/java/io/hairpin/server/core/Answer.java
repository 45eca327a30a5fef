package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ERROR_CODE;
import static io.hairpin.stun.Attributes.FINGERPRINT;
import static io.hairpin.stun.Attributes.MESSAGE_INTEGRITY;
import static io.hairpin.stun.Attributes.MESSAGE_INTEGRITY_SHA256;
import static io.hairpin.stun.Attributes.NONCE;

import io.hairpin.stun.AttributeType;
import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.ErrorValue;
import io.hairpin.stun.Integrity;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;
import io.hairpin.stun.TransactionId;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// A response or an indication in a form that compares and prints well: every attribute by name,
/// and which integrity of it the receiver can verify.
final class Answer {

    /// Stands for any nonce, of which only the server can tell more.
    static final String SOME_NONCE = "a nonce";

    /// Indications have an id that nobody chose.
    private static final TransactionId SOME_ID = TransactionId.of(0, 0);

    private final FiveTuple to;
    private final MessageClass messageClass;
    private final Method method;
    private final TransactionId transaction;
    private final Map<String, List<Object>> attributes = new TreeMap<>();
    private final Set<Integrity> signatures = EnumSet.noneOf(Integrity.class);

    private Answer(
            FiveTuple to, MessageClass messageClass, Method method, TransactionId transaction) {
        this.to = to;
        this.messageClass = messageClass;
        this.method = method;
        this.transaction = transaction;
    }

    static Answer success(FiveTuple to, StunMessage request) {
        return new Answer(
                to, MessageClass.SUCCESS_RESPONSE, request.method(), request.transactionId());
    }

    static Answer error(FiveTuple to, StunMessage request, ErrorCode code) {
        return new Answer(
                        to, MessageClass.ERROR_RESPONSE, request.method(), request.transactionId())
                .with(ERROR_CODE, new ErrorValue(code.code(), ""));
    }

    static Answer indication(FiveTuple to, Method method) {
        return new Answer(to, MessageClass.INDICATION, method, SOME_ID);
    }

    /// Reads what the core sent.
    static Answer seen(FiveTuple to, StunMessage message, ScriptClient receiver) {
        boolean isIndication = message.messageClass() == MessageClass.INDICATION;
        Answer answer =
                new Answer(
                        to,
                        message.messageClass(),
                        message.method(),
                        isIndication ? SOME_ID : message.transactionId());
        message.attributeCodes().stream().distinct().forEach(code -> answer.add(message, code));
        for (Integrity integrity : Integrity.values()) {
            if (message.verify(integrity, receiver.key())) {
                answer.signatures.add(integrity);
            }
        }
        if (message.integrity().isPresent() && answer.signatures.isEmpty()) {
            answer.attributes.put("integrity of somebody else", List.of());
        }
        return answer;
    }

    private void add(StunMessage message, int code) {
        AttributeType<?> type = Attributes.of(code).orElseThrow();
        List<Object> values = new ArrayList<>(message.findAll(type));
        if (type == NONCE) {
            values.replaceAll(_ -> SOME_NONCE);
        } else if (type == FINGERPRINT) {
            values.replaceAll(_ -> message.hasValidFingerprint() ? "valid" : "invalid");
        }
        values.replaceAll(Answer::comparable);
        boolean integrity = type == MESSAGE_INTEGRITY || type == MESSAGE_INTEGRITY_SHA256;
        if (!integrity) {
            attributes.put(type.name(), values);
        }
    }

    /// Arrays neither compare nor print.
    private static Object comparable(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value;
    }

    <T> Answer with(AttributeType<T> type, T value) {
        attributes.computeIfAbsent(type.name(), _ -> new ArrayList<>()).add(comparable(value));
        return this;
    }

    Answer withFingerprint() {
        attributes.put(FINGERPRINT.name(), List.of("valid"));
        return this;
    }

    Answer signedWith(Integrity integrity) {
        signatures.clear();
        signatures.add(integrity);
        return this;
    }

    Answer unsigned() {
        signatures.clear();
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Answer answer
                && to.equals(answer.to)
                && messageClass == answer.messageClass
                && method == answer.method
                && transaction.equals(answer.transaction)
                && attributes.equals(answer.attributes)
                && signatures.equals(answer.signatures);
    }

    @Override
    public int hashCode() {
        return Objects.hash(to, method, transaction);
    }

    @Override
    public String toString() {
        return "%s %s %s to %s %s signed with %s"
                .formatted(method, messageClass, transaction, to.client(), attributes, signatures);
    }
}
