package io.hairpin.lab;

import io.hairpin.client.nat.Dependence;

import java.util.Locale;

/// What `hairpin nat` said of a network, so that the lab's NATs are what they are called.
record NatFinding(Kind kind, String mapping, String filtering, String hairpinning) {

    static NatFinding of(Kind kind, String output) {
        String document =
                output.lines()
                        .filter(line -> line.startsWith("{"))
                        .findFirst()
                        .orElseThrow(() -> new CallException("hairpin nat: " + output));
        Json found = Json.parse(document);
        return new NatFinding(
                kind,
                found.find("mapping").orElse("unknown"),
                found.find("filtering").orElse("unknown"),
                found.find("hairpinning").orElse("unknown"));
    }

    /// Whether it can be asked there: over UDP and over IPv4.
    static boolean isPossible(Kind kind) {
        return kind.passesUdp() && !kind.isIpv6();
    }

    boolean isAsExpected() {
        return mapping.equals(name(kind.mapping())) && filtering.equals(name(kind.filtering()));
    }

    private static String name(Dependence dependence) {
        return dependence.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
