package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.Set;

/// RFC 8489 §9.2 and §18.1: bit 0 is the leftmost.
class NonceCookieTest {
    @Test
    void featuresAreBitsCountedFromTheLeft() {
        assertThat(NonceCookie.prefix(Set.of())).isEqualTo("obMatJos2AAAA");
        assertThat(NonceCookie.prefix(Set.of(SecurityFeature.PASSWORD_ALGORITHMS)))
                .isEqualTo("obMatJos2gAAA");
        assertThat(NonceCookie.prefix(Set.of(SecurityFeature.USERNAME_ANONYMITY)))
                .isEqualTo("obMatJos2QAAA");
        assertThat(NonceCookie.prefix(EnumSet.allOf(SecurityFeature.class)))
                .isEqualTo("obMatJos2wAAA");
    }

    @Test
    void whatIsWrittenIsRead() {
        for (Set<SecurityFeature> features :
                Set.of(
                        Set.<SecurityFeature>of(),
                        Set.of(SecurityFeature.PASSWORD_ALGORITHMS),
                        Set.of(SecurityFeature.USERNAME_ANONYMITY),
                        EnumSet.allOf(SecurityFeature.class))) {
            assertThat(NonceCookie.features(NonceCookie.prefix(features) + "rest"))
                    .contains(features);
        }
    }

    @Test
    void featuresNobodyKnowsYetAreLeftOut() {
        assertThat(NonceCookie.features("obMatJos2////").orElseThrow())
                .containsExactlyInAnyOrder(SecurityFeature.values());
    }

    @Test
    void aNonceWithoutACookieHasNoFeatures() {
        assertThat(NonceCookie.features("")).isEmpty();
        assertThat(NonceCookie.features("f//499k954d6OL34oL9FSTvy64sA")).isEmpty();
        assertThat(NonceCookie.features("obMatJos2AAA")).isEmpty();
        assertThat(NonceCookie.features("obMatJos2AA==")).isEmpty();
        assertThat(NonceCookie.features("obMatJos2AA-_")).isEmpty();
        assertThat(NonceCookie.features("xobMatJos2AAAA")).isEmpty();
    }
}
