package io.hairpin.net;

/// What a socket tells of the path that datagrams take, beside the datagrams.
///
/// @param icmp the ICMP errors that datagrams from here met: [DatagramHandler#icmp]
public record PathSignals(boolean icmp) {

    public static final PathSignals NONE = new PathSignals(false);
}
