package io.hairpin.net;

import io.hairpin.net.DatagramNetwork.PortUse;
import io.hairpin.net.DatagramNetwork.Spec;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;

/// Opens UDP sockets as plain descriptors that never block, with the options that they need. What
/// this system does not offer is asked for once. Not thread-safe.
final class LinuxSockets {

    private boolean triesGro;
    private boolean triesForce = true;

    LinuxSockets(Offload offload) {
        triesGro = offload.gro();
    }

    /// Opens and binds a socket; nothing is left open if that fails.
    LinuxSocket open(Spec spec) throws IOException {
        InetAddress host = spec.address().getAddress();
        boolean isIpv4 = host instanceof Inet4Address;
        LinuxSocket socket =
                LinuxSocket.newSocketDgram(
                        isIpv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
        try {
            if (isIpv4) {
                fragment(socket, true, true);
            } else { // Netty makes its IPv6 sockets take IPv4 as well
                socket.setIntOpt(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_V6ONLY, 1);
            }
            if (spec.signals().icmp()) {
                tellErrors(socket, isIpv4);
            }
            if (spec.signals().trafficClass()) {
                tellTrafficClass(socket, isIpv4);
            }
            if (spec.signals().hopLimit()) {
                tellHopLimit(socket, isIpv4);
            }
            if (host.isAnyLocalAddress()) {
                tellLocalAddress(socket, isIpv4);
            }
            socket.setIntOpt(LinuxAbi.SOL_SOCKET, LinuxAbi.SO_RXQ_OVFL, 1);
            coalesce(socket);
            size(socket, spec.buffers());
            bind(socket, spec);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void bind(LinuxSocket socket, Spec spec) throws IOException {
        if (spec.use() == PortUse.ONE_OF_MANY) {
            socket.setReusePort(true);
        }
        socket.bind(spec.address());
        // Sharing the port from the start would hide that another server has it; Linux lets sockets
        // join one that shares since it is bound.
        if (spec.use() == PortUse.FIRST_OF_MANY) {
            socket.setReusePort(true);
        }
    }

    /// Lets what is sent from now on be fragmented, or not: by routers as well over IPv4, by this
    /// machine over IPv6.
    ///
    /// Of the modes of IPv4 without DF, `IP_PMTUDISC_OMIT` alone has the kernel tell of an error
    /// that a datagram with DF met just before.
    static void fragment(LinuxSocket socket, boolean isIpv4, boolean allowed) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(
                    LinuxAbi.IPPROTO_IP,
                    LinuxAbi.IP_MTU_DISCOVER,
                    allowed ? LinuxAbi.IP_PMTUDISC_OMIT : LinuxAbi.IP_PMTUDISC_DO);
        } else {
            socket.setIntOpt(
                    LinuxAbi.IPPROTO_IPV6,
                    LinuxAbi.IPV6_MTU_DISCOVER,
                    allowed ? LinuxAbi.IPV6_PMTUDISC_WANT : LinuxAbi.IPV6_PMTUDISC_DO);
        }
    }

    private static void tellErrors(LinuxSocket socket, boolean isIpv4) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(LinuxAbi.IPPROTO_IP, LinuxAbi.IP_RECVERR, 1);
        } else {
            socket.setIntOpt(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_RECVERR, 1);
        }
    }

    private static void tellTrafficClass(LinuxSocket socket, boolean isIpv4) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(LinuxAbi.IPPROTO_IP, LinuxAbi.IP_RECVTOS, 1);
        } else {
            socket.setIntOpt(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_RECVTCLASS, 1);
        }
    }

    private static void tellHopLimit(LinuxSocket socket, boolean isIpv4) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(LinuxAbi.IPPROTO_IP, LinuxAbi.IP_RECVTTL, 1);
        } else {
            socket.setIntOpt(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_RECVHOPLIMIT, 1);
        }
    }

    private static void tellLocalAddress(LinuxSocket socket, boolean isIpv4) throws IOException {
        if (isIpv4) {
            socket.setIntOpt(LinuxAbi.IPPROTO_IP, LinuxAbi.IP_PKTINFO, 1);
        } else {
            socket.setIntOpt(LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_RECVPKTINFO, 1);
        }
    }

    private void coalesce(LinuxSocket socket) {
        if (!triesGro) {
            return;
        }
        triesGro = isSet(socket, LinuxAbi.SOL_UDP, LinuxAbi.UDP_GRO, 1); // Linux 5.0 has it
    }

    private void size(LinuxSocket socket, SocketBuffers buffers) throws IOException {
        if (buffers.receiveBytes() > 0
                && !isForced(socket, LinuxAbi.SO_RCVBUFFORCE, buffers.receiveBytes())) {
            socket.setIntOpt(LinuxAbi.SOL_SOCKET, LinuxAbi.SO_RCVBUF, buffers.receiveBytes());
        }
        if (buffers.sendBytes() > 0
                && !isForced(socket, LinuxAbi.SO_SNDBUFFORCE, buffers.sendBytes())) {
            socket.setIntOpt(LinuxAbi.SOL_SOCKET, LinuxAbi.SO_SNDBUF, buffers.sendBytes());
        }
    }

    /// Exceeds the limit that the system has for everybody, if this process may.
    private boolean isForced(LinuxSocket socket, int option, int bytes) {
        if (triesForce) { // in vain without CAP_NET_ADMIN
            triesForce = isSet(socket, LinuxAbi.SOL_SOCKET, option, bytes);
        }
        return triesForce;
    }

    /// Sets an option that the system may refuse, and returns whether it did not.
    private static boolean isSet(LinuxSocket socket, int level, int option, int value) {
        try {
            socket.setIntOpt(level, option, value);
            return true;
        } catch (IOException | ChannelException _) { // Netty throws either
            return false;
        }
    }

    /// What the kernel granted: it doubles what it is asked for, to have room for its own notes.
    static SocketBuffers buffers(LinuxSocket socket) throws IOException {
        return new SocketBuffers(
                socket.getIntOpt(LinuxAbi.SOL_SOCKET, LinuxAbi.SO_RCVBUF) / 2,
                socket.getIntOpt(LinuxAbi.SOL_SOCKET, LinuxAbi.SO_SNDBUF) / 2);
    }
}
