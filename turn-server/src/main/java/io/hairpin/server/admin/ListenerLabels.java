package io.hairpin.server.admin;

/// How the metrics of one listener are told from those of another.
///
/// @param transport `udp`, `tcp`, …
/// @param address as bound, with its port
public record ListenerLabels(String transport, String address) {

    /// Whether clients connect to it, or begin a session.
    boolean isConnected() {
        return !transport.equals("udp");
    }
}
