package io.hairpin.server;

import io.hairpin.server.config.AlternateConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.ListenerTransport;
import io.hairpin.server.config.RedirectConfig;
import io.hairpin.server.core.Alternate;
import io.hairpin.server.core.Redirection;
import io.hairpin.server.core.Transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/// Finds out where clients are to be sent, which must not be here.
final class RedirectPlan {

    private RedirectPlan() {}

    static Redirection of(Configuration configuration) {
        RedirectConfig redirect = configuration.redirect();
        if (redirect.alternates().isEmpty()) {
            return Redirection.NONE;
        }
        Set<InetAddress> own = MachineAddresses.all();
        redirect.alternates().forEach(each -> requireElsewhere(each, configuration, own));
        return new Redirection(
                switch (redirect.when()) {
                    case ALWAYS -> Redirection.When.ALWAYS;
                    case FULL -> Redirection.When.FULL;
                },
                redirect.alternates().stream().map(RedirectPlan::alternate).toList());
    }

    /// A client that is sent back here would be sent away again, and so on.
    private static void requireElsewhere(
            AlternateConfig alternate, Configuration configuration, Set<InetAddress> own) {
        if (configuration
                .redirect()
                .leadsBack(alternate, each -> isHere(each, configuration, own))) {
            throw new StartupException(
                    "redirect.alternates: "
                            + alternate
                            + " is this server itself, so clients would be sent in circles; name"
                            + " another one");
        }
    }

    private static boolean isHere(
            AlternateConfig alternate, Configuration configuration, Set<InetAddress> own) {
        return own.contains(alternate.address())
                && configuration.listeners().stream()
                        .anyMatch(
                                listener ->
                                        listener.serves(
                                                alternate.transport(),
                                                alternate.address(),
                                                alternate.port()));
    }

    private static Alternate alternate(AlternateConfig alternate) {
        return new Alternate(
                transport(alternate.transport()),
                new InetSocketAddress(alternate.address(), alternate.port()),
                alternate.domain().orElse(null),
                alternate.askedAt().orElse(null),
                alternate.weight());
    }

    private static Transport transport(ListenerTransport transport) {
        return switch (transport) {
            case UDP -> Transport.UDP;
            case TCP -> Transport.TCP;
            case TLS -> Transport.TLS;
            case DTLS -> Transport.DTLS;
        };
    }

    /// What is done, for people to read: a line for each server.
    static List<String> describe(RedirectConfig redirect) {
        String when =
                switch (redirect.when()) {
                    case ALWAYS -> "";
                    case FULL -> " when this server is full";
                };
        return redirect.alternates().stream()
                .map(each -> "redirecting clients to " + each + when)
                .toList();
    }
}
