package io.hairpin.net;

/// What a socket tells of the path that datagrams take, beside the datagrams.
///
/// @param icmp the ICMP errors that datagrams from here met: [DatagramHandler#icmp]
/// @param trafficClass the DSCP and ECN that datagrams arrived with: [Datagram#trafficClass]
/// @param hopLimit the hops that they had left: [Datagram#hopLimit]
public record PathSignals(boolean icmp, boolean trafficClass, boolean hopLimit) {

    public static final PathSignals NONE = new PathSignals(false, false, false);
}
