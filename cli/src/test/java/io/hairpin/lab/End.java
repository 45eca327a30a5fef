package io.hairpin.lab;

/// What one end of a call saw.
///
/// @param localType of its own candidate in the selected pair, as WebRTC's statistics have it
/// @param remoteType of the other end's
/// @param relayProtocol how it speaks with its relay; empty without one
/// @param packetsPerSecond of media that it received, and the kilobits of payload in them
/// @param frames of video that it decoded meanwhile
/// @param roundTripMillis of a message on the data channel that it sent and that came back, the
///     median
record End(
        String localType,
        String remoteType,
        String relayProtocol,
        String localAddress,
        String remoteAddress,
        double packetsPerSecond,
        double kilobitsPerSecond,
        long frames,
        double roundTripMillis) {

    static End of(Json seen, double roundTripMillis) {
        double seconds = seen.number("millis") / 1000;
        return new End(
                seen.text("localType"),
                seen.text("remoteType"),
                seen.find("relayProtocol").orElse(""),
                seen.text("localAddress"),
                seen.text("remoteAddress"),
                seen.number("packets") / seconds,
                seen.number("bytes") * 8 / 1000 / seconds,
                seen.whole("frames"),
                roundTripMillis);
    }

    Route route() {
        return Route.of(localType, remoteType);
    }

    /// Its candidates' types, with the protocol towards its relay.
    String path() {
        String via = localType.equals("relay") ? "relay/" + relayProtocol : localType;
        return via + " → " + remoteType;
    }
}
