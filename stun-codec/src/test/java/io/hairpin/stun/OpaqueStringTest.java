package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// RFC 8265 §4.2 and its examples in §4.3.
class OpaqueStringTest {
    @Test
    void caseAndSpacesStay() {
        assertThat(OpaqueString.prepare("Correct Horse Battery Staple"))
                .contains("Correct Horse Battery Staple");
    }

    @Test
    void otherSpacesBecomeSpaces() {
        assertThat(OpaqueString.prepare("Jack of \u2666s")).contains("Jack of \u2666s");
        assertThat(OpaqueString.prepare("foo\u1680bar")).contains("foo bar");
        assertThat(OpaqueString.prepare("foo\u00A0bar")).contains("foo bar");
    }

    @Test
    void charactersAreComposedButNotFolded() {
        assertThat(OpaqueString.prepare("A\u030A")).contains("\u00C5");
        assertThat(OpaqueString.prepare("\u03C0\u00DF\u00E5")).contains("\u03C0\u00DF\u00E5");
        assertThat(OpaqueString.prepare("\u30DE\u30C8")).contains("\u30DE\u30C8");
        assertThat(OpaqueString.prepare("\u00AA")).contains("\u00AA");
    }

    @Test
    void whatTheProfileForbidsIsEmpty() {
        assertThat(OpaqueString.prepare("")).isEmpty();
        assertThat(OpaqueString.prepare("my cat is a \tby")).isEmpty();
        assertThat(OpaqueString.prepare("a\u0000b")).isEmpty();
        assertThat(OpaqueString.prepare("a\u00ADb")).isEmpty();
        assertThat(OpaqueString.prepare("a\uD800b")).isEmpty();
    }
}
