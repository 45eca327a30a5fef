package io.hairpin.lab;

import io.hairpin.interop.Program;
import io.hairpin.interop.Tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// An internet with Hairpin on it, where pairs of browsers call each other from behind their NATs.
/// All that it makes and starts is gone when it is closed, or when its process is asked to end.
final class Lab implements AutoCloseable {

    private static final Duration NAT_DEADLINE = Duration.ofMinutes(1);
    private static final String PAGE = "call.html";

    private final Path folder;
    private final Resources resources;
    private final Internet internet;
    private final LabServer server;
    private int calls;

    private Lab(Path folder, Resources resources, Internet internet, LabServer server) {
        this.folder = folder;
        this.resources = resources;
        this.internet = internet;
        this.server = server;
    }

    /// @param folder an empty one, for all that is written
    static Lab open(Path folder) {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw Tool.leaveOut("only root may make network namespaces");
        }
        Stream.of(Tool.IP, Tool.NFT, Tool.TAYGA, Tool.CHROMIUM, Tool.OPENSSL).forEach(Tool::path);
        Namespace.deleteOrphans();
        unpack("/interop/peer.js", folder);
        unpack("/lab/" + PAGE, folder);
        Arrays.stream(Kind.values())
                .map(Kind::rules)
                .filter(rules -> !rules.isEmpty())
                .distinct()
                .forEach(rules -> unpack("/lab/" + rules + ".nft", folder));
        unpack("/lab/" + Networks.CARRIER + ".nft", folder);
        Resources resources = new Resources();
        Runtime.getRuntime().addShutdownHook(new Thread(resources::close, "close the lab"));
        try {
            Internet internet = resources.keep(() -> Internet.make(folder), Internet::close);
            LabServer server =
                    resources.keep(() -> LabServer.start(internet, folder), LabServer::close);
            return new Lab(folder, resources, internet, server);
        } catch (AssertionError | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private static void unpack(String resource, Path folder) {
        Path file = folder.resolve(Path.of(resource).getFileName());
        try (InputStream content = Lab.class.getResourceAsStream(resource)) {
            Files.write(file, Objects.requireNonNull(content, resource).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Has two browsers call each other.
    ///
    /// @param media how long media is counted
    Outcome call(Pair pair, Duration media) {
        Path own = folder.resolve("call-" + ++calls);
        int before = resources.size();
        try {
            Networks networks = networks(pair, own);
            Page caller = page(networks.caller(), pair.caller(), own.resolve("caller"));
            Page callee = page(networks.callee(), pair.callee(), own.resolve("callee"));
            caller.load(folder.resolve(PAGE));
            callee.load(folder.resolve(PAGE));
            return new Call(pair, caller, callee).hold(server, media);
        } catch (CallException e) {
            return Outcome.failed(pair, String.valueOf(e.getMessage()));
        } finally {
            resources.closeDownTo(before);
        }
    }

    /// What `hairpin nat` says of a network.
    NatFinding find(Kind kind) {
        Path own = folder.resolve("nat-" + kind);
        int before = resources.size();
        try {
            Networks networks = networks(new Pair(kind, Kind.PUBLIC), own);
            List<String> command =
                    networks.caller()
                            .command(
                                    List.of(
                                            LabServer.LAUNCHER.toString(),
                                            "nat",
                                            Internet.SERVER,
                                            "--patience",
                                            "1s",
                                            "--json"));
            Program nat =
                    resources.keep(
                            () -> Program.start(command, LabServer.environment()), Program::close);
            if (nat.awaitExit(NAT_DEADLINE).isEmpty()) {
                throw nat.failure("did not finish within " + NAT_DEADLINE);
            }
            return NatFinding.of(kind, nat.output());
        } finally {
            resources.closeDownTo(before);
        }
    }

    private Networks networks(Pair pair, Path own) {
        return resources.keep(() -> Networks.make(internet, pair, own, folder), Networks::close);
    }

    private Page page(Namespace in, Kind kind, Path own) {
        return resources.keep(
                () -> Page.start(in, own, server.name(kind), server.trust()), Page::close);
    }

    /// Fails unless the server still runs and has nothing to complain about.
    void assertServerUnharmed() {
        server.assertUnharmed();
    }

    @Override
    public void close() {
        resources.close();
    }
}
