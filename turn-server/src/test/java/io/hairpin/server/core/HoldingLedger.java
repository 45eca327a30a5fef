package io.hairpin.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The part of the [Ledger] on how much clients hold: as much as the server's counters say and no
/// more than may be, of all together, of each realm, user and address; and whoever is refused more
/// has met the limit that is named.
final class HoldingLedger {

    /// What somebody holds: one thing of its kind.
    ///
    /// @param owner whose quota it counts for, whatever the time in the name
    record Holding(String owner, InetAddress source) {

        private boolean isOfOtherRealm() {
            return ClientCredentials.realm(owner).equals(ClientCredentials.OTHER_REALM_NAME);
        }
    }

    private final ByResource<Quotas> first;
    private final ByResource<Quotas> other;
    private final ByResource<SourceQuotas> sources;

    /// @param other of the second realm, whose things count for the first as well; the first again
    ///     where there is none
    HoldingLedger(
            ByResource<Quotas> first, ByResource<Quotas> other, ByResource<SourceQuotas> sources) {
        this.first = first;
        this.other = other;
        this.sources = sources;
    }

    /// The counters say what there is.
    void settled(Resource resource, Collection<Holding> held) {
        Quotas whole = first.of(resource);
        Quotas part = other.of(resource);
        SourceQuotas bySource = sources.of(resource);
        List<Holding> ofOther = held.stream().filter(Holding::isOfOtherRealm).toList();
        List<Holding> ofFirst = held.stream().filter(each -> !each.isOfOtherRealm()).toList();

        assertThat(whole.held()).as("%s", resource).isEqualTo(held.size());
        assertThat(whole.held()).as("%s", resource).isLessThanOrEqualTo(whole.limit());
        assertThat(whole.mostOfUser())
                .as("%s of a user", resource)
                .isEqualTo(most(ofFirst, Holding::owner))
                .isLessThanOrEqualTo(whole.userLimit());
        if (!part.equals(whole)) {
            assertThat(part.held())
                    .as("%s of a realm", resource)
                    .isEqualTo(ofOther.size())
                    .isLessThanOrEqualTo(part.limit());
            assertThat(part.mostOfUser())
                    .as("%s of a user of a realm", resource)
                    .isEqualTo(most(ofOther, Holding::owner))
                    .isLessThanOrEqualTo(part.userLimit());
        }
        assertThat(bySource.mostOfAddress())
                .as("%s of an address", resource)
                .isEqualTo(most(held, Holding::source))
                .isLessThanOrEqualTo(bySource.addressLimit());
    }

    private static int most(Collection<Holding> held, Function<Holding, Object> by) {
        return held.stream()
                .collect(Collectors.groupingBy(by, Collectors.counting()))
                .values()
                .stream()
                .mapToInt(Long::intValue)
                .max()
                .orElse(0);
    }

    /// Somebody was refused one more.
    ///
    /// @param detail why, as the server has it
    void refused(Resource resource, String detail, Holding asked, Collection<Holding> held) {
        refused(resource, 1, detail, asked, held);
    }

    /// Somebody was refused so many more.
    void refused(
            Resource resource, int more, String detail, Holding asked, Collection<Holding> held) {
        for (Limit limit : full(resource, more, asked, held)) {
            if (detail.startsWith(limit.setting() + " ")) {
                return;
            }
        }
        assertThat(isOf(resource, detail)).as("%d more %s: %s", more, resource, detail).isFalse();
    }

    /// Whether a limit of that is named.
    static boolean isOf(Resource resource, String detail) {
        return List.of(
                        resource.ofServer,
                        resource.ofRealm,
                        resource.ofUser,
                        resource.ofAddress,
                        resource.ofNetwork)
                .stream()
                .anyMatch(limit -> detail.startsWith(limit.setting() + " "));
    }

    /// The limits that leave no room for so many more.
    List<Limit> full(Resource resource, int more, Holding asked, Collection<Holding> held) {
        Quotas whole = first.of(resource);
        Quotas its = asked.isOfOtherRealm() ? other.of(resource) : whole;
        List<Holding> ofRealm =
                held.stream()
                        .filter(each -> each.isOfOtherRealm() == asked.isOfOtherRealm())
                        .toList();
        long ofUser = ofRealm.stream().filter(each -> each.owner().equals(asked.owner())).count();
        long ofAddress = held.stream().filter(each -> each.source().equals(asked.source())).count();
        return List.of(
                        met(resource.ofServer, held.size() + more, whole.limit()),
                        met(resource.ofRealm, ofRealm.size() + more, its.limit()),
                        met(resource.ofUser, ofUser + more, its.userLimit()),
                        met(
                                resource.ofAddress,
                                ofAddress + more,
                                sources.of(resource).addressLimit()))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static List<Limit> met(Limit limit, long wanted, int most) {
        return wanted <= most ? List.of() : List.of(limit);
    }
}
