package io.hairpin.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;

import jdk.net.ExtendedSocketOptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.TimeUnit;

/// The kinds of sockets there are, each with the event loop they live on, and how they differ.
public enum SocketKind {
    /// Linux: UDP by system calls of our own on Netty's event loop, TCP as [#EPOLL].
    NATIVE("native (recvmmsg, sendmmsg, UDP GRO and GSO)"),
    /// Linux, by Netty's own native library.
    EPOLL("Netty epoll"),
    /// Everywhere, by the JDK.
    NIO("Netty NIO");

    private final String description;

    SocketKind(String description) {
        this.description = description;
    }

    /// The fastest one that works on this machine.
    public static SocketKind best() {
        if (NATIVE.isAvailable()) {
            return NATIVE;
        }
        return EPOLL.isAvailable() ? EPOLL : NIO;
    }

    /// Whether it works on this machine.
    public boolean isAvailable() {
        return switch (this) {
            case NATIVE -> LinuxDatagramNetwork.isAvailable();
            case EPOLL -> Epoll.isAvailable();
            case NIO -> true;
        };
    }

    /// Opens UDP sockets of this kind on `loop`, which has to be of this kind too.
    public DatagramNetwork network(IoLoop loop) {
        return network(loop, Offload.ON);
    }

    /// As [#network(IoLoop)], with what only the native kind can do switched on or off.
    public DatagramNetwork network(IoLoop loop, Offload offload) {
        return switch (this) {
            case NATIVE -> new LinuxDatagramNetwork(loop, offload);
            case EPOLL, NIO -> new NettyDatagramNetwork(this, loop);
        };
    }

    /// The most messages that an event loop holds back until the end of its turn.
    int maxGathered() {
        return switch (this) {
            case NATIVE -> PacketArena.MAX_GATHERED;
            case EPOLL, NIO -> ReceiveBuffers.MAX_GATHERED;
        };
    }

    IoHandlerFactory ioHandlers() {
        return switch (this) {
            case NATIVE, EPOLL -> EpollIoHandler.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /// Whether several event loops can listen on one UDP port, each with its share of the clients.
    public boolean sharesPorts() {
        return this != NIO;
    }

    /// Whether a socket on `::` leaves IPv4 alone. The JDK cannot tell its sockets to: one on `::`
    /// has the port for both families, and its owner sorts the clients out.
    public boolean separatesFamilies() {
        return this != NIO;
    }

    /// Makes the listening TCP sockets for that address.
    public ChannelFactory<ServerSocketChannel> serverChannels(InetAddress address) {
        SocketProtocolFamily family = familyOf(address);
        return switch (this) {
            case NATIVE, EPOLL -> () -> separated(new EpollServerSocketChannel(family), family);
            case NIO -> () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
        };
    }

    /// Makes TCP sockets that connect from an address and port where another one listens, which
    /// has to [#shareStreams] it.
    public ChannelFactory<SocketChannel> connectingChannels(InetAddress from) {
        SocketProtocolFamily family = familyOf(from);
        return () -> {
            SocketChannel channel =
                    switch (this) {
                        case NATIVE, EPOLL -> new EpollSocketChannel(family);
                        case NIO -> new NioSocketChannel(SelectorProvider.provider(), family);
                    };
            shareStreams(channel);
            return channel;
        };
    }

    /// Whether a TCP socket can connect from a port that another one listens on. Not all systems
    /// the JDK runs on let it.
    public boolean sharesStreams() {
        return switch (this) {
            case NATIVE, EPOLL -> true;
            case NIO -> Nio.SHARES_PORTS;
        };
    }

    /// Lets other TCP sockets of this user have the same port. Done to a socket that listens
    /// already, so that nobody else can listen there, and the ports of others are not taken.
    public void shareStreams(Channel channel) {
        boolean shared =
                channel.config().setOption(ChannelOption.SO_REUSEADDR, true)
                        && switch (this) {
                            case NATIVE, EPOLL -> channel.config().setOption(SO_REUSEPORT, 1);
                            case NIO -> channel.config().setOption(Nio.SO_REUSEPORT, true);
                        };
        if (!shared) {
            throw new IllegalStateException("ports of TCP cannot be shared on this system");
        }
    }

    DatagramChannel datagramChannel(InetAddress address) {
        SocketProtocolFamily family = familyOf(address);
        DatagramChannel channel =
                switch (this) {
                    case NATIVE, EPOLL -> separated(new EpollDatagramChannel(family), family);
                    case NIO -> new NioDatagramChannel(family);
                };
        if (family == SocketProtocolFamily.INET && forbidsFragments()) {
            fragment(channel, true, true);
        }
        return channel;
    }

    /// Whether datagrams can be sent that nobody may fragment.
    public boolean forbidsFragments() {
        return switch (this) {
            case NATIVE, EPOLL -> true;
            case NIO -> Portable.FORBIDS_FRAGMENTS;
        };
    }

    /// Whether sockets can tell the ICMP errors that what they sent has met.
    public boolean tellsIcmp() {
        return this == NATIVE;
    }

    /// Whether sockets tell the DSCP, the ECN and the hop limit of what arrives, and send with
    /// those that are asked for.
    public boolean carriesHeaderFields() {
        return this == NATIVE;
    }

    /// Lets what the socket sends from now on be fragmented, or not; the system's default differs
    /// by destination. The JDK's option serves both families.
    void fragment(DatagramChannel channel, boolean isIpv4, boolean allowed) {
        switch (this) {
            case NATIVE, EPOLL -> {
                if (isIpv4) {
                    int mode = allowed ? LinuxAbi.IP_PMTUDISC_OMIT : LinuxAbi.IP_PMTUDISC_DO;
                    channel.config().setOption(IP_MTU_DISCOVER, mode);
                } else {
                    int mode = allowed ? LinuxAbi.IPV6_PMTUDISC_WANT : LinuxAbi.IPV6_PMTUDISC_DO;
                    channel.config().setOption(IPV6_MTU_DISCOVER, mode);
                }
            }
            case NIO -> channel.config().setOption(IP_DONTFRAGMENT, !allowed);
        }
    }

    /// Runs `then` when the ports of channels that have closed on `loop` are free again. The JDK
    /// gives them back when it asks its selector the next time.
    void whenPortsAreFree(EventLoop loop, Runnable then) {
        switch (this) {
            case NATIVE, EPOLL -> then.run();
            case NIO -> loop.schedule(then, 0, TimeUnit.NANOSECONDS);
        }
    }

    /// Lets other sockets of this user bind the same port.
    void share(DatagramChannel channel) {
        channel.config().setOption(UnixChannelOption.SO_REUSEPORT, true);
    }

    /// What was granted, in what is asked in: Linux doubles what it is asked for, to have room for
    /// its own notes, and names the double. The JDK halves it again, Netty does not.
    SocketBuffers buffers(DatagramChannel channel) {
        int receive = channel.config().getReceiveBufferSize();
        int send = channel.config().getSendBufferSize();
        return switch (this) {
            case NATIVE, EPOLL -> new SocketBuffers(receive / 2, send / 2);
            case NIO -> new SocketBuffers(receive, send);
        };
    }

    /// Netty makes its IPv6 sockets take IPv4 as well; this undoes it.
    private static <C extends Channel> C separated(C channel, SocketProtocolFamily family) {
        if (family == SocketProtocolFamily.INET6) {
            channel.config().setOption(IPV6_V6ONLY, 1);
        }
        return channel;
    }

    private static SocketProtocolFamily familyOf(InetAddress address) {
        return address instanceof Inet6Address
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET;
    }

    private static final ChannelOption<Integer> IPV6_V6ONLY =
            new IntegerUnixChannelOption(
                    "IPV6_V6ONLY", LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_V6ONLY);
    private static final ChannelOption<Integer> IP_MTU_DISCOVER =
            new IntegerUnixChannelOption(
                    "IP_MTU_DISCOVER", LinuxAbi.IPPROTO_IP, LinuxAbi.IP_MTU_DISCOVER);
    private static final ChannelOption<Integer> IPV6_MTU_DISCOVER =
            new IntegerUnixChannelOption(
                    "IPV6_MTU_DISCOVER", LinuxAbi.IPPROTO_IPV6, LinuxAbi.IPV6_MTU_DISCOVER);
    private static final ChannelOption<Integer> SO_REUSEPORT =
            new IntegerUnixChannelOption("SO_REUSEPORT", 1, 15);

    private static final ChannelOption<Boolean> IP_DONTFRAGMENT =
            NioChannelOption.of(ExtendedSocketOptions.IP_DONTFRAGMENT);

    /// What the JDK says of this system, once somebody asks.
    private static final class Nio {

        static final ChannelOption<Boolean> SO_REUSEPORT =
                NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);
        static final boolean SHARES_PORTS = sharesPorts();

        private static boolean sharesPorts() {
            try (java.nio.channels.SocketChannel any = java.nio.channels.SocketChannel.open()) {
                return any.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
            } catch (IOException e) {
                throw new UncheckedIOException("no TCP socket can be opened", e);
            }
        }
    }

    @Override
    public String toString() {
        return description;
    }

    /// Found out when first asked for.
    private static final class Portable {

        static final boolean FORBIDS_FRAGMENTS = forbidsFragments();

        private static boolean forbidsFragments() {
            try (java.nio.channels.DatagramChannel any = java.nio.channels.DatagramChannel.open()) {
                return any.supportedOptions().contains(ExtendedSocketOptions.IP_DONTFRAGMENT);
            } catch (IOException _) { // no sockets, no fragments
                return false;
            }
        }
    }
}
