package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.CHANGE_REQUEST;
import static io.hairpin.stun.Attributes.MAPPED_ADDRESS;
import static io.hairpin.stun.Attributes.MESSAGE_INTEGRITY;
import static io.hairpin.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static io.hairpin.stun.Attributes.USERNAME;
import static io.hairpin.stun.ClassicAttributes.CHANGED_ADDRESS;
import static io.hairpin.stun.ClassicAttributes.SOURCE_ADDRESS;
import static io.hairpin.stun.ErrorCode.BAD_REQUEST;
import static io.hairpin.stun.ErrorCode.UNKNOWN_ATTRIBUTE;

import io.hairpin.stun.ChangeRequest;
import io.hairpin.stun.ErrorCode;
import io.hairpin.stun.ErrorValue;
import io.hairpin.stun.MessageClass;
import io.hairpin.stun.Method;
import io.hairpin.stun.StunMessage;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Answers Binding requests of the classic STUN of RFC 3489, which has no magic cookie and knows no
/// XOR addresses. It was for UDP alone; what else comes without a cookie is dropped.
///
/// RESPONSE-ADDRESS is refused like an attribute that is not known: it would have the server send
/// to whomever a stranger names.
final class ClassicBindingHandler {

    private static final ChangeRequest NO_CHANGE = new ChangeRequest(false, false);

    /// No credentials are asked for, so those that come are not looked at.
    private static final Set<Integer> UNDERSTOOD =
            Set.of(CHANGE_REQUEST.code(), USERNAME.code(), MESSAGE_INTEGRITY.code());

    /// What RFC 3489 §11.2 has all lengths be multiples of.
    private static final int WORD = 4;

    private final @Nullable NatDiscovery discovery;
    private final boolean reasonPhrases;

    ClassicBindingHandler(BindingPolicy policy, boolean reasonPhrases) {
        this.discovery = policy.discovery();
        this.reasonPhrases = reasonPhrases;
    }

    List<Effect> handle(FiveTuple from, StunMessage request, long nowNanos) {
        if (request.method() != Method.BINDING
                || request.messageClass() != MessageClass.REQUEST
                || from.transport() != Transport.UDP) {
            return List.of(new Effect.Drop(from, DropReason.CLASSIC_STUN));
        }
        // RFC 3489 §8.1.
        ChangeRequest change = request.find(CHANGE_REQUEST).orElse(NO_CHANGE);
        boolean changing = !change.equals(NO_CHANGE);
        NatDiscovery.Place place = discovery == null ? null : discovery.place(from);
        List<Integer> unknown = unknown(request, changing && place == null);
        if (!unknown.isEmpty()) {
            return List.of(refusal(from, request, unknown));
        }
        if (request.has(CHANGE_REQUEST) && request.find(CHANGE_REQUEST).isEmpty()) {
            StunMessage message = error(request, BAD_REQUEST).build();
            return List.of(
                    new Effect.Reject(from, message, BAD_REQUEST, "malformed CHANGE-REQUEST"));
        }
        StunMessage.Builder response =
                Responses.success(request).with(MAPPED_ADDRESS, from.client());
        if (discovery == null || place == null) {
            return List.of(new Effect.Send(from, withSource(from, response).build()));
        }
        if (!discovery.admits(from, nowNanos)) {
            return List.of(
                    changing
                            ? new Effect.Drop(from, DropReason.NAT_DISCOVERY_LIMIT)
                            : new Effect.Send(from, response.build()));
        }
        NatDiscovery.Place origin = place.changed(change);
        response.with(SOURCE_ADDRESS, origin.advertised())
                .with(CHANGED_ADDRESS, place.other().advertised());
        FiveTuple path = new FiveTuple(from.transport(), from.client(), origin.bound());
        return List.of(
                changing
                        ? new Effect.SendElsewhere(from, path, response.build())
                        : new Effect.Send(from, response.build()));
    }

    /// Where the answer is sent from is not known of a listener on all addresses whose sockets do
    /// not say, nor behind a proxy.
    private static StunMessage.Builder withSource(FiveTuple from, StunMessage.Builder response) {
        boolean known = !from.server().getAddress().isAnyLocalAddress() && from.proxy() == null;
        return known ? response.with(SOURCE_ADDRESS, from.server()) : response;
    }

    /// @param unchangeable whether a change is asked for that there is no second address for
    private static List<Integer> unknown(StunMessage request, boolean unchangeable) {
        return request.comprehensionRequired().stream()
                .filter(
                        code ->
                                !UNDERSTOOD.contains(code)
                                        || (unchangeable && code == CHANGE_REQUEST.code()))
                .toList();
    }

    /// An odd number of attributes is made even by naming one twice (RFC 3489 §11.2.10).
    private Effect refusal(FiveTuple from, StunMessage request, List<Integer> unknown) {
        List<Integer> even = new ArrayList<>(unknown);
        if (even.size() % 2 == 1) {
            even.add(even.getLast());
        }
        return new Effect.Reject(
                from,
                error(request, UNKNOWN_ATTRIBUTE).with(UNKNOWN_ATTRIBUTES, even).build(),
                UNKNOWN_ATTRIBUTE,
                "unknown attributes " + unknown);
    }

    private StunMessage.Builder error(StunMessage request, ErrorCode code) {
        String reason = reasonPhrases ? code.reason() : "";
        int padding = Math.floorMod(-reason.length(), WORD);
        return StunMessage.error(
                request.method(),
                request.transactionId(),
                new ErrorValue(code.code(), reason + " ".repeat(padding)));
    }
}
