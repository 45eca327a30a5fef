package io.hairpin.server.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What not every server does, and what to say of a limit on it to one that does not.
enum Feature {
    MOBILITY(
            "clients cannot take their allocations along, so nothing of it is counted",
            "set relay.mobility to true, or remove it"),
    TCP_RELAYS("there are no TCP relays for it to hold for", "set relay.tcp to true, or remove it"),
    LOOK_UPS(
            "nobody is looked up, so nothing of it is counted",
            "set authentication.webhook.url, or remove it"),
    LOOK_UPS_OF_REALM(
            "users of this realm are not looked up, so nothing of it is counted",
            "give the realm an authentication.webhook.url of its own, or remove it"),
    UDP(
            "it is for clients on UDP, which no listener serves",
            "add a listener such as { transport: udp, address: 0.0.0.0, port: 3478 }, or remove"
                    + " it"),
    TCP(
            "it is for clients on TCP, which no listener serves",
            "add a listener such as { transport: tcp, address: 0.0.0.0, port: 3478 }, or remove"
                    + " it"),
    TLS(
            "it is for clients on TLS, which is not served",
            "set tls.certificate and tls.key and have a tcp or tls listener, or remove it"),
    DTLS(
            "it is for clients on DTLS, which is not served",
            "set tls.certificate and tls.key and have a udp or dtls listener, or remove it"),
    CONNECTIONS(
            "it is for clients on TCP, TLS and DTLS, none of which is served",
            "add a listener such as { transport: tcp, address: 0.0.0.0, port: 3478 }, or remove"
                    + " it"),
    HANDSHAKES(
            "it is for clients on TLS and DTLS, neither of which is served",
            "set tls.certificate and tls.key, or remove it");

    private final String absence;
    private final String remedy;

    /// @param absence why a limit has no effect without it
    Feature(String absence, String remedy) {
        this.absence = absence;
        this.remedy = remedy;
    }

    /// What to say of the limit with this key where nothing of that is done.
    Violation missing(String key) {
        List<String> all = new ArrayList<>(List.of(key));
        all.addAll(keys());
        return new Violation(all, "", absence, remedy);
    }

    /// What decides about it.
    private List<String> keys() {
        return switch (this) {
            case MOBILITY -> List.of("relay.mobility");
            case TCP_RELAYS -> List.of("relay.tcp");
            case LOOK_UPS -> List.of("authentication.webhook.url", "realms");
            case LOOK_UPS_OF_REALM -> List.of();
            case UDP, TCP -> List.of("listeners");
            case TLS, DTLS, CONNECTIONS -> List.of("listeners", "tls.certificate", "tls.key");
            case HANDSHAKES -> List.of("tls.certificate", "tls.key");
        };
    }

    /// What a server does, its realms apart.
    ///
    /// @param looksUp whether users are looked up, those of any realm
    static Set<Feature> of(
            List<ListenerConfig> listeners,
            boolean hasCertificate,
            RelayConfig relay,
            boolean looksUp) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        for (ListenerConfig listener : listeners) {
            boolean stream = listener.transport().isStream();
            features.add(stream ? TCP : UDP);
            if (hasCertificate) {
                features.add(stream ? TLS : DTLS);
                features.add(HANDSHAKES);
            }
            if (stream || hasCertificate) {
                features.add(CONNECTIONS);
            }
        }
        if (relay.mobility()) {
            features.add(MOBILITY);
        }
        if (relay.tcp()) {
            features.add(TCP_RELAYS);
        }
        if (looksUp) {
            features.add(LOOK_UPS);
        }
        return features;
    }
}
