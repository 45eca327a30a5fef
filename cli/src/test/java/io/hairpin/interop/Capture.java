package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What crosses the loopback interface from and to some ports, and what Wireshark thinks of it.
final class Capture implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /// How dumpcap says at its end that it missed nothing.
    private static final Pattern NONE_MISSED =
            Pattern.compile("received/dropped on interface .*: \\d+/0 ");

    /// A row in tshark's table of expert opinions: how often, group, protocol, summary.
    private static final Pattern OPINION = Pattern.compile(" +\\d+ +\\S.*? +(?<protocol>\\S+)  .*");

    private final Path file;
    private final List<Integer> udpPorts;
    private final List<Integer> tcpPorts;
    private final Program dumpcap;

    private Capture(Path file, List<Integer> udpPorts, List<Integer> tcpPorts, Program dumpcap) {
        this.file = file;
        this.udpPorts = udpPorts;
        this.tcpPorts = tcpPorts;
        this.dumpcap = dumpcap;
    }

    /// Begins to capture into a file.
    ///
    /// @param udpPorts at least one
    static Capture start(Path file, List<Integer> udpPorts, List<Integer> tcpPorts) {
        Tool.TSHARK.path();
        List<String> command = new ArrayList<>();
        Collections.addAll(command, Tool.DUMPCAP.path(), "-i", loopback(), "-B", "64");
        Collections.addAll(
                command,
                "-f",
                each(udpPorts, "udp port %d", tcpPorts, "tcp port %d"),
                "-w",
                file.toString());
        Program dumpcap = Program.start(command);
        try {
            dumpcap.awaitOutput("File: ", DEADLINE);
        } catch (AssertionError e) {
            throw Tool.leaveOut("capturing on loopback is not allowed here: " + e.getMessage());
        }
        return new Capture(file, udpPorts, tcpPorts, dumpcap);
    }

    /// Ends the capture once it has everything that was sent before.
    @Override
    public void close() {
        try (dumpcap;
                DatagramSocket sender = new DatagramSocket(0, LOOPBACK)) {
            String marker = "the end: " + UUID.randomUUID();
            byte[] bytes = marker.getBytes(StandardCharsets.US_ASCII);
            sender.send(new DatagramPacket(bytes, bytes.length, LOOPBACK, udpPorts.getFirst()));
            dumpcap.awaitOutput(
                    "that it has the last packet",
                    _ -> contains(marker) ? Optional.of(marker) : Optional.empty(),
                    DEADLINE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot mark the end of the capture", e);
        }
        assertThat(dumpcap.output()).containsPattern(NONE_MISSED);
    }

    private boolean contains(String marker) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(marker);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the capture", e);
        }
    }

    /// tshark's warnings and errors about what came from the ports. Those on TCP itself are left
    /// out: they are about two kernels.
    List<String> complaints() {
        return tshark("-q", "-z", "expert,warn," + fromPorts())
                .map(OPINION::matcher)
                .filter(row -> row.matches() && !row.group("protocol").equals("TCP"))
                .map(Matcher::group)
                .toList();
    }

    /// How many packets from the ports match a display filter.
    long count(String filter) {
        return countAny("(" + fromPorts() + ") && (" + filter + ")");
    }

    /// The same of packets from and to the ports.
    long countAny(String filter) {
        return tshark("-2", "-Y", filter, "-T", "fields", "-e", "frame.number")
                .filter(line -> line.matches("\\d+"))
                .count();
    }

    private Stream<String> tshark(String... options) {
        List<String> command = new ArrayList<>();
        Collections.addAll(command, Tool.TSHARK.path(), "-r", file.toString());
        udpPorts.forEach(port -> Collections.addAll(command, "-d", "udp.port==" + port + ",stun"));
        tcpPorts.forEach(port -> Collections.addAll(command, "-d", "tcp.port==" + port + ",stun"));
        Collections.addAll(command, options);
        Program.Finished run = Program.run(command, DEADLINE);
        assertThat(run.exitCode()).as("%s:\n%s", command, run.output()).isZero();
        return run.output().lines();
    }

    private String fromPorts() {
        return each(udpPorts, "udp.srcport == %d", tcpPorts, "tcp.srcport == %d");
    }

    private static String each(
            List<Integer> udpPorts, String udp, List<Integer> tcpPorts, String tcp) {
        return Stream.concat(
                        udpPorts.stream().map(udp::formatted),
                        tcpPorts.stream().map(tcp::formatted))
                .collect(Collectors.joining(" or "));
    }

    private static String loopback() {
        try {
            return NetworkInterface.getByInetAddress(LOOPBACK).getName();
        } catch (SocketException e) {
            throw new IllegalStateException("cannot find the loopback interface", e);
        }
    }
}
