package io.hairpin.net;

/// The structures and numbers of Linux that the system calls here speak in. They are the same on
/// x86-64 and on aarch64, which a test has the C compiler confirm.
final class LinuxAbi {

    // <bits/socket.h>: struct msghdr, struct mmsghdr, struct iovec
    static final int MSG_NAME = 0;
    static final int MSG_NAMELEN = 8;
    static final int MSG_IOV = 16;
    static final int MSG_IOVLEN = 24;
    static final int MSG_CONTROL = 32;
    static final int MSG_CONTROLLEN = 40;
    static final int MSG_FLAGS = 48;
    static final int MSG_LEN = 56;
    static final int MMSGHDR_BYTES = 64;
    static final int IOV_BASE = 0;
    static final int IOV_LEN = 8;
    static final int IOVEC_BYTES = 16;

    // <bits/socket.h>: struct cmsghdr, aligned to 8 bytes, with its data behind it
    static final int CMSG_LEN = 0;
    static final int CMSG_LEVEL = 8;
    static final int CMSG_TYPE = 12;
    static final int CMSG_DATA = 16;
    static final int CMSG_ALIGN = 8;

    // <netinet/in.h>: struct sockaddr_in, struct sockaddr_in6
    static final int SIN_FAMILY = 0;
    static final int SIN_PORT = 2;
    static final int SIN_ADDR = 4;
    static final int SOCKADDR_IN_BYTES = 16;
    static final int SIN6_FLOWINFO = 4;
    static final int SIN6_ADDR = 8;
    static final int SIN6_SCOPE_ID = 24;
    static final int SOCKADDR_IN6_BYTES = 28;

    // <bits/in.h>: struct in_pktinfo, struct in6_pktinfo
    static final int IPI_IFINDEX = 0;
    static final int IPI_SPEC_DST = 4;
    static final int IPI_ADDR = 8;
    static final int IN_PKTINFO_BYTES = 12;
    static final int IPI6_ADDR = 0;
    static final int IPI6_IFINDEX = 16;
    static final int IN6_PKTINFO_BYTES = 20;

    // <linux/errqueue.h>: struct sock_extended_err
    static final int EE_ERRNO = 0;
    static final int EE_ORIGIN = 4;
    static final int EE_TYPE = 5;
    static final int EE_CODE = 6;
    static final int EE_INFO = 8;
    static final int SO_EE_ORIGIN_LOCAL = 1;
    static final int SO_EE_ORIGIN_ICMP = 2;
    static final int SO_EE_ORIGIN_ICMP6 = 3;

    // <bits/socket.h>
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int MSG_CTRUNC = 0x08;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_ERRQUEUE = 0x2000;

    // <asm-generic/socket.h>
    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_RXQ_OVFL = 40;

    // <bits/in.h>
    static final int IPPROTO_IP = 0;
    static final int IP_TOS = 1;
    static final int IP_TTL = 2;
    static final int IP_PKTINFO = 8;
    static final int IP_MTU_DISCOVER = 10;
    static final int IP_RECVERR = 11;
    static final int IP_RECVTTL = 12;
    static final int IP_RECVTOS = 13;
    static final int IP_PMTUDISC_DO = 2;
    static final int IP_PMTUDISC_OMIT = 5;
    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_MTU_DISCOVER = 23;
    static final int IPV6_RECVERR = 25;
    static final int IPV6_V6ONLY = 26;
    static final int IPV6_PMTUDISC_WANT = 1;
    static final int IPV6_PMTUDISC_DO = 2;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;
    static final int IPV6_RECVHOPLIMIT = 51;
    static final int IPV6_HOPLIMIT = 52;
    static final int IPV6_RECVTCLASS = 66;
    static final int IPV6_TCLASS = 67;

    // <netinet/udp.h>, <linux/udp.h>
    static final int SOL_UDP = 17;
    static final int UDP_SEGMENT = 103;
    static final int UDP_GRO = 104;

    // <asm-generic/errno-base.h>, <asm-generic/errno.h>
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EINVAL = 22;
    static final int EMSGSIZE = 90;
    static final int ENOBUFS = 105;

    // <bits/mman-linux.h>, <bits/mman-map-flags-generic.h>
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_PRIVATE = 0x02;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    static final int MADV_NOHUGEPAGE = 15;

    private LinuxAbi() {}

    /// What a control message with so many bytes of data takes: `CMSG_SPACE`.
    static int controlSpace(int dataBytes) {
        return CMSG_DATA + aligned(dataBytes);
    }

    /// The next multiple of the alignment of control messages: `CMSG_ALIGN`.
    static int aligned(int bytes) {
        return (bytes + CMSG_ALIGN - 1) & -CMSG_ALIGN;
    }
}
