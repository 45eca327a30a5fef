package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/// A call between two browsers that may only use the relay.
///
/// @param url of the server, as browsers take it
/// @param relayProtocol what they are to say they speak with it
record RelayedCall(String url, String relayProtocol) {

    static final int TEN_MEGABYTES = 10 << 20;

    /// What the page needs for it.
    ///
    /// @param bytes of data that are sent each way, beside the media
    Map<String, String> parameters(int bytes) {
        return Map.of(
                "scenario",
                "call",
                "bytes",
                String.valueOf(bytes),
                "url",
                url,
                "username",
                ServerUnderTest.USER,
                "credential",
                ServerUnderTest.PASSWORD);
    }

    /// Fails unless ten megabytes went each way, and sound and moving pictures, all by the relay.
    void assertHeld(Browser.Report seen) {
        for (String direction : List.of("there", "back")) {
            assertThat(seen.number(direction + ".bytes")).isEqualTo(TEN_MEGABYTES);
            assertThat(seen.text(direction + ".received"))
                    .as("SHA-256 of what arrived")
                    .hasSize(64)
                    .isEqualTo(seen.text(direction + ".sent"));
        }
        for (String name : List.of("alice", "bob")) {
            assertThat(seen.fields())
                    .containsEntry(name + ".pairState", "succeeded")
                    .containsEntry(name + ".localType", "relay")
                    .containsEntry(name + ".remoteType", "relay")
                    .containsEntry(name + ".relayProtocol", relayProtocol)
                    .containsEntry(name + ".relayUrl", url)
                    .doesNotContainKey(name + ".candidateError");
            assertThat(seen.number(name + ".framesDecodedLast"))
                    .isGreaterThan(seen.number(name + ".framesDecodedFirst"));
            assertThat(seen.number(name + ".audioSamplesLast"))
                    .isGreaterThan(seen.number(name + ".audioSamplesFirst"));
        }
        assertThat(seen.text("alice.localAddress")).isEqualTo(seen.text("bob.remoteAddress"));
        assertThat(seen.text("bob.localAddress")).isEqualTo(seen.text("alice.remoteAddress"));
    }
}
