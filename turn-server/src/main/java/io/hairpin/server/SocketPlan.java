package io.hairpin.server;

import io.hairpin.net.PathSignals;
import io.hairpin.net.SocketBuffers;
import io.hairpin.net.SocketKind;
import io.hairpin.server.config.ByteSize;
import io.hairpin.server.config.HopLimitChoice;
import io.hairpin.server.config.SocketsConfig;

import java.util.ArrayList;
import java.util.List;

/// Which UDP sockets to use, and how large their buffers are to be.
final class SocketPlan {

    private SocketPlan() {}

    /// The kind that is configured, which has to work on this machine.
    static SocketKind kind(SocketsConfig sockets) {
        SocketKind wanted =
                switch (sockets.kind()) {
                    case AUTO -> SocketKind.best();
                    case NATIVE -> SocketKind.NATIVE;
                    case EPOLL -> SocketKind.EPOLL;
                    case NIO -> SocketKind.NIO;
                };
        if (!wanted.isAvailable()) {
            throw new StartupException(
                    "sockets.kind: "
                            + Text.of(sockets.kind())
                            + " does not work on this machine; auto would take "
                            + Text.of(SocketKind.best()));
        }
        return wanted;
    }

    /// What relays are asked to tell of the path to peers.
    static PathSignals relaySignals(SocketsConfig sockets) {
        return new PathSignals(true, sockets.trafficClass(), countsDown(sockets));
    }

    /// What listeners are asked to tell of the path to clients, who hear of its errors themselves.
    static PathSignals listenerSignals(SocketsConfig sockets) {
        return new PathSignals(false, sockets.trafficClass(), countsDown(sockets));
    }

    private static boolean countsDown(SocketsConfig sockets) {
        return sockets.hopLimit() == HopLimitChoice.COUNT_DOWN;
    }

    /// What sockets of that kind cannot do for clients, a line each.
    static List<String> shortcomings(SocketsConfig sockets, SocketKind kind) {
        List<String> lines = new ArrayList<>();
        if (!kind.tellsIcmp()) {
            lines.add("clients are not told of ICMP errors: only native sockets hear of them");
        }
        if (!kind.carriesHeaderFields()) {
            lines.add("DSCP and ECN are not carried across: only native sockets can");
        }
        if (!kind.carriesHeaderFields() && countsDown(sockets)) {
            lines.add(
                    "warning: sockets.hop-limit: count-down has no effect: only native sockets"
                            + " can");
        }
        if (!kind.forbidsFragments()) {
            lines.add("DONT-FRAGMENT is refused: this system's sockets cannot set DF");
        }
        return lines;
    }

    static SocketBuffers listeners(SocketsConfig sockets) {
        return new SocketBuffers(
                sockets.listenerReceiveBuffer().bytes(), sockets.listenerSendBuffer().bytes());
    }

    static SocketBuffers relays(SocketsConfig sockets) {
        return new SocketBuffers(
                sockets.relayReceiveBuffer().bytes(), sockets.relaySendBuffer().bytes());
    }

    /// What the system did not grant the listeners, a line each.
    static List<String> clamped(SocketsConfig sockets, SocketBuffers granted) {
        List<String> lines = new ArrayList<>();
        add(
                lines,
                "listener-receive-buffer",
                sockets.listenerReceiveBuffer(),
                granted.receiveBytes(),
                "rmem_max");
        add(
                lines,
                "listener-send-buffer",
                sockets.listenerSendBuffer(),
                granted.sendBytes(),
                "wmem_max");
        return lines;
    }

    private static void add(
            List<String> lines, String key, ByteSize asked, int granted, String sysctl) {
        if (granted > 0 && granted < asked.bytes()) {
            lines.add(
                    "warning: sockets."
                            + key
                            + " is "
                            + asked
                            + ", the system granted "
                            + new ByteSize(granted)
                            + "; bursts beyond that are lost; raise net.core."
                            + sysctl
                            + " or lower the key");
        }
    }
}
