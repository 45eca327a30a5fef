package io.hairpin.net;

import static io.hairpin.net.Networks.ANY_PORT;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/// No socket is left behind.
@Timeout(60)
@EnabledOnOs(OS.LINUX)
@ParameterizedClass
@MethodSource("io.hairpin.net.Networks#kinds")
class LifecycleIT {

    private final SocketKind kind;
    private final Networks networks = new Networks();

    LifecycleIT(SocketKind kind) {
        this.kind = kind;
    }

    @AfterEach
    void close() {
        networks.close();
    }

    @Test
    void openingAndClosingTenThousandTimesLeavesNoDescriptor() throws Exception {
        Networks.On on = networks.start(kind);
        on.close(on.open(ANY_PORT, new Recorder())); // loads what stays open
        long before = descriptors();
        int held = 100;
        for (int i = 0; i < 10_000 / held; i++) {
            List<DatagramEndpoint> endpoints = openAtOnce(on, held);
            List<CompletionStage<Void>> closed =
                    on.call(() -> endpoints.stream().map(DatagramEndpoint::close).toList());
            closed.forEach(stage -> stage.toCompletableFuture().join());
        }

        assertThat(descriptors()).isEqualTo(before);
    }

    @Test
    void whatCannotBeBoundLeavesNoDescriptor() throws Exception {
        Networks.On on = networks.start(kind);
        DatagramEndpoint endpoint = on.open(ANY_PORT, new Recorder());
        long before = descriptors();
        for (int i = 0; i < 1000; i++) {
            on.failure(endpoint.localAddress(), DatagramNetwork.PortUse.ALONE);
        }

        assertThat(descriptors()).isEqualTo(before);
    }

    @Test
    void aLoopThatEndsClosesItsSockets() throws Exception {
        networks.start(kind).stop(); // loads what stays open
        long before = descriptors();
        Networks.On on = networks.start(kind);
        for (int i = 0; i < 10; i++) {
            on.open(ANY_PORT, new Recorder());
        }

        on.stop();

        assertThat(descriptors()).isEqualTo(before);
    }

    @Test
    void closingTheNetworkClosesItsSockets() throws Exception {
        Networks.On on = networks.start(kind);
        on.close(on.open(ANY_PORT, new Recorder()));
        long before = descriptors();
        DatagramEndpoint endpoint = on.open(ANY_PORT, new Recorder());
        on.open(ANY_PORT, new Recorder());

        on.call(on.network()::close).toCompletableFuture().join();

        assertThat(descriptors()).isEqualTo(before);
        on.close(endpoint); // which changes nothing
    }

    private static List<DatagramEndpoint> openAtOnce(Networks.On on, int count) {
        List<CompletionStage<Opened>> opened =
                on.call(() -> Stream.generate(() -> open(on)).limit(count).toList());
        return opened.stream()
                .map(stage -> ((Opened.Bound) stage.toCompletableFuture().join()).endpoint())
                .toList();
    }

    private static CompletionStage<Opened> open(Networks.On on) {
        return on.network().open(Networks.alone(ANY_PORT), new Recorder());
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }
}
