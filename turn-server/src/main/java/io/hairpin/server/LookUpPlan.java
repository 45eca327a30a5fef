package io.hairpin.server;

import io.hairpin.net.Faults;
import io.hairpin.server.config.AuthenticationConfig;
import io.hairpin.server.config.Configuration;
import io.hairpin.server.config.RealmConfig;
import io.hairpin.server.config.Secret;
import io.hairpin.server.config.WebhookConfig;
import io.hairpin.server.store.CredentialStore;
import io.hairpin.server.store.CredentialWebhook;
import io.hairpin.server.tls.ClientAuthorities;
import io.hairpin.server.tls.UnusableTls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// Where a configuration has users looked up that it does not name itself.
final class LookUpPlan {

    private LookUpPlan() {}

    /// @throws StartupException if the authorities of a service cannot be read
    static LookUps of(Configuration configuration, LongSupplier clock, Faults faults) {
        Map<String, LookUps.Place> places = new HashMap<>();
        webhooks(configuration)
                .forEach(
                        (realm, webhook) ->
                                places.put(
                                        realm,
                                        new LookUps.Place(
                                                Opening.store(webhook),
                                                new LookUpLog(webhook.place(), clock))));
        return new LookUps(places, clock, faults);
    }

    /// Whether anybody is looked up at all.
    static boolean areOn(Configuration configuration) {
        return !webhooks(configuration).isEmpty();
    }

    /// Reads what else a server reads for it when it starts.
    ///
    /// @throws StartupException if that cannot be used
    static void check(Configuration configuration) {
        webhooks(configuration).values().forEach(Opening::authorities);
    }

    /// Where users are looked up, for people to read: a line for each realm.
    static List<String> describe(Configuration configuration) {
        List<String> lines = new ArrayList<>();
        webhooks(configuration)
                .forEach(
                        (realm, webhook) ->
                                lines.add(
                                        "users of " + realm + " looked up at " + webhook.place()));
        return lines;
    }

    private static Map<String, WebhookConfig> webhooks(Configuration configuration) {
        Map<String, WebhookConfig> webhooks = new LinkedHashMap<>();
        add(webhooks, configuration.realm(), configuration.authentication());
        for (RealmConfig realm : configuration.realms()) {
            add(webhooks, realm.name(), realm.authentication());
        }
        return webhooks;
    }

    private static void add(
            Map<String, WebhookConfig> webhooks, String realm, AuthenticationConfig its) {
        if (its.webhook().isOn()) {
            webhooks.put(realm, its.webhook());
        }
    }

    /// Loaded only where there is a service to look users up at: to verify this the JVM loads
    /// what is returned and caught here.
    private static final class Opening {
        private Opening() {}

        static CredentialStore store(WebhookConfig webhook) {
            return new CredentialWebhook(
                    webhook.url().orElseThrow(),
                    webhook.token().map(Secret::reveal).orElse(null),
                    authorities(webhook),
                    webhook.timeout());
        }

        static List<X509Certificate> authorities(WebhookConfig webhook) {
            if (webhook.ca().isEmpty()) {
                return List.of();
            }
            try {
                return new ClientAuthorities(webhook.ca()).certificates();
            } catch (UnusableTls e) {
                throw new StartupException("authentication.webhook.ca: " + e.getMessage());
            }
        }
    }
}
