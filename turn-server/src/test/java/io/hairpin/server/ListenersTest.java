package io.hairpin.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hairpin.net.BindFailure;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;

class ListenersTest {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("10.0.0.5");

    @ParameterizedTest
    @EnumSource(BindFailure.Kind.class)
    void everyFailureIsOneLineThatNamesTheListener(BindFailure.Kind kind) {
        String message =
                Listeners.message(
                        "tcp 10.0.0.5:443",
                        new InetSocketAddress(ADDRESS, 443),
                        new BindFailure(kind, "what the system said"));

        assertThat(message).startsWith("cannot listen on tcp 10.0.0.5:443: ").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {443, 1023})
    void aLowPortNeedsAPrivilege(int port) {
        assertThat(notPermitted(port)).contains("CAP_NET_BIND_SERVICE");
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 3478})
    void aHighPortDoesNot(int port) {
        assertThat(notPermitted(port)).doesNotContain("CAP_NET_BIND_SERVICE");
    }

    private static String notPermitted(int port) {
        return Listeners.message(
                "udp",
                new InetSocketAddress(ADDRESS, port),
                new BindFailure(BindFailure.Kind.NOT_PERMITTED, "Permission denied"));
    }
}
