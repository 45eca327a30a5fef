package io.hairpin.stun;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// The flyweight reads within its bounds, and sees what the decoder sees.
class SendIndicationFuzzTest {
    @FuzzTest
    void itAgreesWithTheDecoder(byte[] bytes) {
        SendIndicationPropertyTest.assertAgreement(bytes);
    }
}
