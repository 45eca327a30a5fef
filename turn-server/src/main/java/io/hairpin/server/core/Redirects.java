package io.hairpin.server.core;

import static io.hairpin.stun.Attributes.ALTERNATE_DOMAIN;
import static io.hairpin.stun.Attributes.ALTERNATE_SERVER;
import static io.hairpin.stun.ErrorCode.TRY_ALTERNATE;

import io.hairpin.stun.StunMessage;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Sends clients that ask for an allocation to other servers (RFC 8656 §7.2 step 11).
final class Redirects {

    private final Redirection redirection;
    private final RandomGenerator random;
    private final Responses responses;

    Redirects(Redirection redirection, RandomGenerator random, Responses responses) {
        this.redirection = redirection;
        this.random = random;
        this.responses = responses;
    }

    /// The answer that sends the client away whether there is room for it or not, if there is one.
    Optional<Effect> always(Request request) {
        return redirection.when() == Redirection.When.ALWAYS ? answer(request) : Optional.empty();
    }

    /// The answer that sends a client away for which there is no room, if there is one.
    Optional<Effect> whenFull(Request request) {
        return redirection.when() == Redirection.When.FULL ? answer(request) : Optional.empty();
    }

    private Optional<Effect> answer(Request request) {
        if (redirection.alternates().isEmpty()) {
            return Optional.empty();
        }
        List<Alternate> chosen = redirection.choose(request.from(), random);
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        StunMessage.Builder response = responses.error(request.message(), TRY_ALTERNATE);
        chosen.forEach(each -> response.with(ALTERNATE_SERVER, each.address()));
        String domain = chosen.getFirst().domain();
        if (domain != null) {
            response.with(ALTERNATE_DOMAIN, domain);
        }
        return Optional.of(
                responses.reject(
                        request,
                        TRY_ALTERNATE,
                        response,
                        "sent to " + chosen.getFirst().address()));
    }
}
