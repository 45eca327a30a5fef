package io.hairpin.lab;

import java.util.Locale;

/// How the packets of a call travel, best first.
enum Route {
    /// Between the browsers' own addresses.
    DIRECT,
    /// Between the browsers, but by an address that a NAT gave one of them.
    REFLEXIVE,
    /// By way of the server.
    RELAYED;

    /// What the selected pair of candidates makes of it.
    ///
    /// @param local its candidates' types, as WebRTC's statistics have them
    static Route of(String local, String remote) {
        if (local.equals("relay") || remote.equals("relay")) {
            return RELAYED;
        }
        return local.equals("host") && remote.equals("host") ? DIRECT : REFLEXIVE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
