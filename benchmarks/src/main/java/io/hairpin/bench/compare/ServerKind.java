package io.hairpin.bench.compare;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The servers that are compared; the name in small letters is what `--servers` takes.
enum ServerKind {
    COTURN("coturn"),
    LIMIT("C limit"),
    /// The limit without UDP_GRO and UDP_SEGMENT.
    LIMIT_SINGLE("C limit, single datagrams"),
    HAIRPIN("Hairpin");

    private final String title;

    ServerKind(String title) {
        this.title = title;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String title() {
        return title;
    }

    boolean serves(Shape shape) {
        boolean limit = this == LIMIT || this == LIMIT_SINGLE;
        return !limit || shape.isPlainUdp();
    }

    static Optional<ServerKind> find(String label) {
        return Stream.of(values()).filter(kind -> kind.label().equals(label)).findFirst();
    }

    static String labels() {
        return Stream.of(values()).map(ServerKind::label).collect(Collectors.joining(", "));
    }
}
