package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OpaqueStringPropertyTest {
    @Property
    void anyStringIsPreparedOrRefusedAndStaysSo(@ForAll("strings") String text) {
        OpaqueString.prepare(text)
                .ifPresent(
                        prepared -> {
                            assertThat(prepared).isNotEmpty();
                            assertThat(OpaqueString.prepare(prepared)).contains(prepared);
                        });
    }

    @Property
    void printableAsciiIsItself(@ForAll("ascii") String text) {
        assertThat(OpaqueString.prepare(text)).contains(text);
    }

    @Provide
    Arbitrary<String> strings() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(30),
                Arbitraries.integers()
                        .between(0, Character.MAX_CODE_POINT)
                        .map(Character::toString)
                        .list()
                        .ofMaxSize(3)
                        .map(characters -> String.join("", characters)));
    }

    @Provide
    Arbitrary<String> ascii() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(60);
    }
}
