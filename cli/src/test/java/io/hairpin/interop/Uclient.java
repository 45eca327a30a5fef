package io.hairpin.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How coturn's `turnutils_uclient` is called: which server, as whom, to which peer.
///
/// @param port where it connects, unless that is the listener for the transport it speaks
record Uclient(
        ServerUnderTest server,
        OptionalInt port,
        String serverAddress,
        int peerPort,
        String peerAddress,
        List<String> credentials) {

    /// Messages each session sends.
    static final int MESSAGES = 20;

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /// How long a tool that corrupts its own requests may go on: it waits for answers it cannot
    /// get.
    private static final Duration HOSTILE = Duration.ofSeconds(10);

    /// How often a run that drops its own sockets is tried again.
    private static final int VANISHING_RUNS = 5;

    /// How often one is that moves to where there is an allocation.
    private static final int MOVING_RUNS = 3;

    /// How the tool ends where it made up a channel number that is taken, or 0x7FFF, which RFC 5766
    /// §11.2 leaves out: the server must refuse it. Seldom, and another run makes up another
    /// number.
    private static final String CHANNEL_REFUSED = "channel bind: error 400 \\(.*\\)";

    /// What the tool has to say in a run without loss. It never ends the allocation it begins with,
    /// so the system may hand out a port whose 5-tuple still has one; then it takes another port.
    private static final String PROGRESS =
            String.join(
                    "|",
                    "Total connect time is \\d+",
                    "start_mclient: .*",
                    "Total transmit time is \\d+",
                    "Total lost packets 0 \\(.*\\), total send dropped 0 \\(.*\\)",
                    "error 437 \\(.*\\)",
                    "trying allocate again 437\\.\\.\\.",
                    "Average (round trip delay|jitter) .*");

    /// Over UDP the tool asks again after half a second, and then has two answers; a machine that
    /// is busy may well take so long.
    private static final String ANSWERED_TWICE =
            "Received wrong response .*; trying again\\.\\.\\.";

    /// What it tells of handshakes. It offers a version at random, be it one that is refused, and
    /// then another.
    private static final String HANDSHAKES =
            String.join(
                    "|",
                    "tls_connect: client session connected with cipher .*",
                    "tls_connect: cannot connect: rc=-1, ctx=\\d+",
                    "errno=0, err=0, error:0A00042E:SSL routines::tlsv1 alert protocol version .*");

    private static final Pattern TOTALS =
            Pattern.compile(
                    "start_mclient: tot_send_msgs=(\\d+), tot_recv_msgs=(\\d+)$",
                    Pattern.MULTILINE);

    /// Calls the server on 127.0.0.1 as its static user, with the peer on 127.0.0.1.
    static Uclient of(ServerUnderTest server, EchoPeer peer) {
        List<String> user = List.of("-u", ServerUnderTest.USER, "-w", ServerUnderTest.PASSWORD);
        return new Uclient(
                server, OptionalInt.empty(), "127.0.0.1", peer.port(), "127.0.0.1", user);
    }

    Uclient serverAt(String address) {
        return new Uclient(server, port, address, peerPort, peerAddress, credentials);
    }

    Uclient peerAt(String address) {
        return new Uclient(server, port, serverAddress, peerPort, address, credentials);
    }

    Uclient as(String... credentials) {
        return new Uclient(
                server, port, serverAddress, peerPort, peerAddress, List.of(credentials));
    }

    /// Connects to a port whatever it speaks, be it one of something in front of the server.
    Uclient on(int port) {
        return new Uclient(
                server, OptionalInt.of(port), serverAddress, peerPort, peerAddress, credentials);
    }

    /// Messages sent and received, as the tool counts them when it is done.
    record Totals(int sent, int received) {
        static Totals of(Program.Finished run) {
            Matcher matcher = TOTALS.matcher(run.output());
            assertThat(matcher.find())
                    .as("the tool counts messages; output:\n%s", run.output())
                    .isTrue();
            return new Totals(
                    Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        }
    }

    /// Runs the tool; every message of every session must come back, and no line may tell of
    /// anything else.
    Program.Finished losesNothing(int sessions, String... options) {
        return losesNothingSaying("", sessions, options);
    }

    /// The same, where some lines more are expected.
    Program.Finished losesNothingSaying(String more, int sessions, String... options) {
        Program.Finished run = run(options);
        if (saysNothingBut(CHANNEL_REFUSED + "|" + HANDSHAKES, run)) {
            run = run(options);
        }
        String also = isTcp(options) ? more : more + "|" + ANSWERED_TWICE;
        if (isSecure(options)) {
            also += "|" + HANDSHAKES;
        }
        Pattern expected = lines(PROGRESS + "|" + also);
        assertThat(run.output().lines())
                .as("output:\n%s", run.output())
                .allMatch(line -> expected.matcher(line).matches());
        assertThat(Totals.of(run)).isEqualTo(new Totals(sessions * MESSAGES, sessions * MESSAGES));
        assertThat(run.output()).contains("Total lost packets 0 (0.000000%)");
        assertThat(run.exitCode()).isZero();
        return run;
    }

    private static boolean saysNothingBut(String expected, Program.Finished run) {
        Pattern lines = lines(expected);
        return run.output().lines().allMatch(line -> lines.matcher(line).matches());
    }

    /// Lines with the seconds that have passed, as the tool prints them.
    private static Pattern lines(String text) {
        return Pattern.compile("\\d+: : (" + text + ")");
    }

    /// Runs the tool to its end, whatever that is. It is run again where it was about to move to a
    /// port whose 5-tuple still has an allocation: then it does not try another, but gives up.
    Program.Finished run(String... options) {
        Program.Finished run = Program.run(command(options), DEADLINE);
        for (int again = 1; again < MOVING_RUNS && hasMetAnAllocation(run); again++) {
            run = Program.run(command(options), DEADLINE);
        }
        return run;
    }

    private static boolean hasMetAnAllocation(Program.Finished run) {
        return run.output().contains("error 437") && !TOTALS.matcher(run.output()).find();
    }

    /// Runs the tool with `-B`: it drops the sockets of all its sessions at once when it has
    /// written more than five messages in one turn of its own loop, and cannot hear the answers to
    /// those. That is up to its timing; unless it does so, every message must come back.
    void losesNothingUntilItVanishes(int sessions, String... options) {
        Program.Finished run = run(options);
        for (int again = 1; again < VANISHING_RUNS && hasVanished(run); again++) {
            run = run(options);
        }
        assertThat(Totals.of(run))
                .as("output:\n%s", run.output())
                .isEqualTo(new Totals(sessions * MESSAGES, sessions * MESSAGES));
    }

    private static boolean hasVanished(Program.Finished run) {
        return run.output().contains("Socket write error");
    }

    /// Lets the tool do its worst; how that ends for itself does not matter.
    void misbehave(String... options) {
        try (Program hostile = Program.start(command(options))) {
            hostile.awaitExit(HOSTILE);
        }
    }

    private List<String> command(String... options) {
        List<String> command = new ArrayList<>();
        int to = port.orElseGet(() -> server.port(transport(options), serverAddress));
        Collections.addAll(command, Tool.UCLIENT.path(), "-p", String.valueOf(to));
        Collections.addAll(command, "-e", peerAddress, "-r", String.valueOf(peerPort));
        Collections.addAll(command, "-n", String.valueOf(MESSAGES), "-l", "170", "-z", "5");
        command.addAll(credentials);
        Collections.addAll(command, options);
        command.add(serverAddress);
        return command;
    }

    private static String transport(String... options) {
        if (isSecure(options)) {
            return isTcp(options) ? "tls" : "dtls";
        }
        return isTcp(options) ? "tcp" : "udp";
    }

    private static boolean isSecure(String... options) {
        return List.of(options).contains("-S");
    }

    private static boolean isTcp(String... options) {
        return List.of(options).contains("-t");
    }
}
