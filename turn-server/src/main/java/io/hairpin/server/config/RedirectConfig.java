package io.hairpin.server.config;

import io.netty.util.NetUtil;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Other servers that clients are sent to, in the place of an allocation (RFC 8489 §10).
public record RedirectConfig(
        @Default("always") RedirectWhen when, @Default("[]") List<AlternateConfig> alternates) {

    private static final int MAX_ALTERNATES = 1000;

    public RedirectConfig {
        alternates = List.copyOf(alternates);
        new Rules()
                .check(
                        when == RedirectWhen.ALWAYS || !alternates.isEmpty(),
                        List.of("when", "alternates"),
                        "full",
                        "it has no effect, since there is no other server",
                        "name one under redirect.alternates, or remove it")
                .range("alternates", alternates.size(), 0, MAX_ALTERNATES)
                .checkAll(duplicates(alternates))
                .enforce();
    }

    /// What holds where nothing is set: everybody is served here.
    public static RedirectConfig defaults() {
        return Binder.defaults(RedirectConfig.class);
    }

    private static List<Violation> duplicates(List<AlternateConfig> alternates) {
        List<Violation> violations = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < alternates.size(); i++) {
            if (!seen.add(alternates.get(i).toString())) {
                violations.add(
                        new Violation(
                                List.of("alternates[" + i + "]"),
                                alternates.get(i).toString(),
                                "this server is there twice",
                                "name it once, and give it a greater weight"));
            }
        }
        return violations;
    }

    /// Whether clients that are sent there would be sent on by this server.
    ///
    /// @param isHere says which of the others is this server itself
    public boolean leadsBack(AlternateConfig alternate, Predicate<AlternateConfig> isHere) {
        return isHere.test(alternate)
                && alternates.stream()
                        .filter(other -> other.transport() == alternate.transport())
                        .filter(other -> other.isFor(alternate.address()))
                        .anyMatch(isHere);
    }

    /// What is wrong with them beside the listeners of this server.
    ///
    /// @param secure whether TLS and DTLS are served
    List<Violation> violations(List<ListenerConfig> listeners, boolean secure) {
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < alternates.size(); i++) {
            AlternateConfig each = alternates.get(i);
            List<String> key = List.of("redirect.alternates[" + i + "]", "listeners");
            ListenerTransport carrier = each.transport().carrier();
            boolean served =
                    (secure || each.transport() == carrier)
                            && listeners.stream()
                                    .anyMatch(here -> here.transport().carrier() == carrier);
            if (!served) {
                violations.add(
                        new Violation(
                                key,
                                each.toString(),
                                "no listener serves that transport, so nobody would be sent there",
                                "remove it, or add a listener"));
            }
            Optional<InetAddress> at = each.askedAt();
            if (at.isPresent()
                    && listeners.stream().noneMatch(here -> here.isOn(carrier, at.get()))) {
                violations.add(
                        new Violation(
                                List.of("redirect.alternates[" + i + "].asked-at", "listeners"),
                                NetUtil.toAddressString(at.get()),
                                "no listener is on that address, so nobody would be sent there",
                                "give it a listener of its own, beside any on 0.0.0.0 or ::"));
            }
            if (leadsBack(
                    each, other -> listeners.stream().anyMatch(here -> here.isExactly(other)))) {
                violations.add(
                        new Violation(
                                key,
                                each.toString(),
                                "it is this server itself, so clients would be sent in circles",
                                "name another one"));
            }
        }
        return violations;
    }
}
