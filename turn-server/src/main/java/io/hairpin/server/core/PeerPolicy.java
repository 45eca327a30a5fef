package io.hairpin.server.core;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Decides which peers clients may reach: the one place that CreatePermission, ChannelBind,
/// Send and what peers send all go through.
///
/// The rule with the longest prefix wins. Among rules of equal length a configured one beats a
/// built-in one, and a configured denial beats a configured permission. So `allow: 10.1.0.0/16`
/// opens that much of the denied `10.0.0.0/8`, while `allow: 0.0.0.0/0` opens nothing that is
/// denied by name.
///
/// Immutable and thread-safe, as far as its [OwnAddresses] are.
public final class PeerPolicy {

    private final List<Rule> rules;
    private final OwnAddresses own;

    public PeerPolicy(List<Cidr> allow, List<Cidr> deny, OwnAddresses own) {
        this(Stream.of(rules(deny, false, "peers.deny"), rules(allow, true, "peers.allow")), own);
    }

    /// @param configured those that come first win where prefixes are of equal length
    private PeerPolicy(Stream<List<Rule>> configured, OwnAddresses own) {
        List<Rule> ordered = new ArrayList<>();
        configured.forEach(ordered::addAll);
        ordered.addAll(SpecialPurposeRanges.DENIED);
        ordered.sort( // longest first
                (one, other) ->
                        Integer.compare(other.range().prefixLength(), one.range().prefixLength()));
        this.rules = List.copyOf(ordered); // the sort is stable: precedence within a length is kept
        this.own = own;
    }

    /// The policy for TCP relays, which has allowances of its own: what is open to UDP is not to
    /// TCP, while what is denied to clients is denied to both.
    ///
    /// @param denied those of the policy for UDP
    public static PeerPolicy forTcp(
            List<Cidr> allow, List<Cidr> deny, List<Cidr> denied, OwnAddresses own) {
        return new PeerPolicy(
                Stream.of(
                        rules(deny, false, "peers.tcp.deny"),
                        rules(denied, false, "peers.deny"),
                        rules(allow, true, "peers.tcp.allow")),
                own);
    }

    private static List<Rule> rules(List<Cidr> ranges, boolean allows, String origin) {
        return ranges.stream().map(range -> new Rule(range, allows, origin)).toList();
    }

    /// What a permission for `address` would open.
    Decision permission(InetAddress address) {
        InetAddress peer = EmbeddedIpv4.canonical(address);
        for (Rule rule : SpecialPurposeRanges.NEVER) {
            if (rule.range().contains(peer)) {
                return new Decision(Reach.NOTHING, rule);
            }
        }
        Rule decisive = decisive(peer);
        for (InetAddress behind : EmbeddedIpv4.behind(peer)) {
            Decision inner = permission(behind);
            if (inner.reach() != Reach.ALL) { // whatever limits the one inside limits the wrapping
                return new Decision(Reach.NOTHING, decisive.allows() ? inner.rule() : decisive);
            }
        }
        if (!decisive.allows()) {
            return new Decision(
                    own.isRelayAddress(peer) ? Reach.OPEN_RELAYS : Reach.NOTHING, decisive);
        }
        return new Decision(own.hasEndpoint(peer) ? Reach.NOT_OUR_ENDPOINTS : Reach.ALL, decisive);
    }

    /// Whether a permission of that reach lets data pass to and from the peer with these numbers.
    boolean admits(Reach reach, long high, long low, int port) {
        return switch (reach) {
            case ALL -> port != 0;
            case NOT_OUR_ENDPOINTS -> port != 0 && !own.isEndpoint(high, low, port);
            case OPEN_RELAYS -> own.isOpenRelay(high, low, port);
            case NOTHING -> false;
        };
    }

    private Rule decisive(InetAddress peer) {
        for (Rule rule : rules) {
            if (rule.range().contains(peer)) {
                return rule;
            }
        }
        return Rule.NONE;
    }

    /// How much of an address a permission opens.
    enum Reach {
        ALL,
        /// All but the ports our own listeners are on.
        NOT_OUR_ENDPOINTS,
        /// Nothing but relayed transport addresses of this server: two of its clients may
        /// always talk.
        OPEN_RELAYS,
        NOTHING
    }

    record Decision(Reach reach, Rule rule) {}

    record Rule(Cidr range, boolean allows, String origin) {

        static final Rule NONE = new Rule(Cidr.of("::/0"), true, "no rule matches");

        @Override
        public String toString() {
            return (allows ? "allowed by " : "denied by ") + range + " (" + origin + ")";
        }
    }
}
