package io.hairpin.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A kind of traffic, or another thing that is measured; its name is what `--shapes` takes.
enum Shape {
    A("sparse voice: 1000 clients × 50 packets/s × 172 B", paced(Flow.VOICE)),
    B("video: 50 clients × 1000 packets/s × 1200 B in bursts of 10", paced(Flow.VIDEO)),
    MAX("the flows of a, as fast as the server relays", saturated(Flow.VOICE)),
    MAXB("the flows of b, as fast as the server relays", saturated(Flow.VIDEO)),
    A_GSO("a, in bursts of 10 that travel as one", paced(Flow.VOICE_BURSTS), "--gso"),
    B_GSO("b, each burst travelling as one", paced(Flow.VIDEO), "--gso"),
    MAX_GSO("max, in bursts of 10 that travel as one", saturated(Flow.VOICE_BURSTS), "--gso"),
    MAXB_GSO("maxb, each burst travelling as one", saturated(Flow.VIDEO), "--gso"),
    UP("max, from clients to peers only", saturated(Flow.VOICE), "--direction up"),
    DOWN("max, from peers to clients only", saturated(Flow.VOICE), "--direction down"),
    INDICATIONS("max, in Send and Data indications", saturated(Flow.VOICE), "--indications"),
    TCP("max, with clients on TCP", saturated(Flow.VOICE), "--transport tcp"),
    ALLOCATIONS(
            "10,000 allocations, set up as fast as the server answers and held",
            "--allocate-only --clients 10000"),
    TLS("max, with clients on TLS", saturated(Flow.VOICE), "--transport tls --insecure"),
    DTLS("max, with clients on DTLS", saturated(Flow.VOICE), "--transport dtls --insecure"),
    TLS_SESSIONS(
            "2,000 TLS clients, each with its handshake and its allocation, set up as fast as the"
                    + " server answers and held",
            "--allocate-only --clients 2000 --transport tls --insecure"),
    DTLS_SESSIONS(
            "2,000 DTLS clients, each with its handshake and its allocation, set up as fast as the"
                    + " server answers and held",
            "--allocate-only --clients 2000 --transport dtls --insecure"),
    START("from exec to the first answer, and what is resident before any client comes", "");

    private final String description;
    private final String arguments;

    Shape(String description, String... arguments) {
        this.description = description;
        this.arguments = String.join(" ", arguments);
    }

    /// Clients, what each sends, and how often. Saturated, a client has one burst under way: more
    /// would merge into longer ones, or wait where a server's receive buffer ends.
    private enum Flow {
        VOICE(1000, 172, 50, 1),
        VOICE_BURSTS(1000, 172, 50, 10),
        VIDEO(50, 1200, 1000, 10);

        private final String flow;
        private final int rate;
        private final int burst;

        Flow(int clients, int bytes, int rate, int burst) {
            this.flow = "--clients " + clients + " --size " + bytes + " --burst " + burst;
            this.rate = rate;
            this.burst = burst;
        }
    }

    private static String paced(Flow flow) {
        return flow.flow + " --rate " + flow.rate;
    }

    private static String saturated(Flow flow) {
        return flow.flow + " --saturate --window " + flow.burst;
    }

    static Optional<Shape> find(String label) {
        return Stream.of(values()).filter(shape -> shape.label().equals(label)).findFirst();
    }

    static String labels() {
        return Stream.of(values()).map(Shape::label).collect(Collectors.joining(", "));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String description() {
        return description;
    }

    /// Whether packets are relayed, and not clients set up or servers started.
    boolean isTraffic() {
        return !isSetUps() && this != START;
    }

    /// Whether clients are set up and held, and send nothing.
    boolean isSetUps() {
        return arguments().contains("--allocate-only");
    }

    /// Whether packets come as fast as they are relayed, so that their number says something.
    boolean isSaturated() {
        return arguments().contains("--saturate");
    }

    /// Whether latencies are those of a way there and back.
    boolean isRoundTrip() {
        return isTraffic() && !arguments().contains("--direction");
    }

    /// Whether clients have plain UDP, which every server knows.
    boolean isPlainUdp() {
        return !arguments().contains("--transport");
    }

    /// Whether clients send datagrams, so that one socket can be shared by all.
    boolean isDatagrams() {
        return isPlainUdp() || arguments().contains("dtls");
    }

    /// Whether there is a handshake before the first request.
    boolean isSecured() {
        return arguments().contains("--insecure");
    }

    /// What the generator is told, apart from whom to send to and for how long.
    List<String> arguments() {
        return List.of(arguments.split(" ", -1));
    }
}
