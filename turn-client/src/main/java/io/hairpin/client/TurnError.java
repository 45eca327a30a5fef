package io.hairpin.client;

import io.hairpin.stun.Attributes;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.ErrorValue;
import io.hairpin.stun.StunMessage;

import java.util.List;
import java.util.Optional;

/// What an error response says.
///
/// @param code as the server sent it, which may be one that [ErrorCode] does not know
/// @param reason what the server says of it, or else what its RFC does
/// @param attributes the types of all attributes in the response, in order
/// @param unknownAttributes what the server did not understand, for a 420
public record TurnError(
        int code, String reason, List<Integer> attributes, List<Integer> unknownAttributes) {
    public TurnError {
        attributes = List.copyOf(attributes);
        unknownAttributes = List.copyOf(unknownAttributes);
    }

    /// Empty if the response has no readable ERROR-CODE.
    public static Optional<TurnError> of(StunMessage response) {
        Optional<ErrorValue> value = response.find(Attributes.ERROR_CODE);
        return value.map(
                error ->
                        new TurnError(
                                error.code(),
                                error.reason().isEmpty() ? words(error.code()) : error.reason(),
                                response.attributeCodes(),
                                response.find(Attributes.UNKNOWN_ATTRIBUTES).orElse(List.of())));
    }

    private static String words(int code) {
        return ErrorCode.of(code).map(ErrorCode::reason).orElse("");
    }

    public boolean is(ErrorCode other) {
        return code == other.code();
    }
}
