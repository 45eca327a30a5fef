package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.Attributes.XOR_MAPPED_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;

import io.hairpin.stun.StunMessage;

import java.util.List;

/// Tells clients the address they are seen at (RFC 8489 §2). Asks for no credentials, and
/// answers with XOR-MAPPED-ADDRESS alone: whatever else it said would serve those who forge
/// source addresses.
final class BindingHandler {

    private final Responses responses;

    BindingHandler(Responses responses) {
        this.responses = responses;
    }

    List<Effect> handle(FiveTuple from, StunMessage request) {
        List<Integer> unknown = UnderstoodAttributes.unknownIn(request);
        if (!unknown.isEmpty()) {
            return List.of(
                    responses.rejectUnsigned(
                            from,
                            request,
                            UNKNOWN_ATTRIBUTE,
                            Responses.error(request, UNKNOWN_ATTRIBUTE)
                                    .with(UNKNOWN_ATTRIBUTES, unknown),
                            "unknown attributes " + unknown));
        }
        if (!request.malformedAttributes().isEmpty()) {
            return List.of(
                    responses.rejectUnsigned(
                            from,
                            request,
                            BAD_REQUEST,
                            "malformed attributes " + request.malformedAttributes()));
        }
        return List.of(
                responses.sendUnsigned(
                        from,
                        request,
                        Responses.success(request).with(XOR_MAPPED_ADDRESS, from.client())));
    }
}
