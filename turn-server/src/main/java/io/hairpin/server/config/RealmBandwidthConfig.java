package io.hairpin.server.config;

/// How much data the users of one realm may have relayed.
///
/// @param realm of all its users together, in both directions together
public record RealmBandwidthConfig(@Default("unlimited") DataRate realm) {

    public RealmBandwidthConfig {
        Rules rules = new Rules();
        BandwidthConfig.rate(rules, "realm", realm);
        rules.enforce();
    }
}
