package io.hairpin.net;

/// Decides which datagrams may leave as a run that the kernel cuts apart, and learns from
/// refusals. A kernel refuses runs of datagrams that are longer than the path takes, and of all
/// datagrams where the device cannot compute checksums.
final class Segmentation {

    /// What fits into an Ethernet frame behind the headers of IPv4 and UDP. Longer datagrams may
    /// have to be fragmented, which the kernel does for single ones only.
    static final int MAX_SEGMENT_BYTES = 1472;

    /// After so many runs that were not tried, what was refused is tried again: paths change.
    static final int PATIENCE = 1000;

    private final int maxSegmentBytes;
    private int limit;
    private int untried;

    Segmentation(boolean isOn) {
        maxSegmentBytes = isOn ? MAX_SEGMENT_BYTES : 0;
        limit = maxSegmentBytes;
    }

    /// Whether to try runs of datagrams of that length.
    boolean allows(int segmentBytes) {
        if (segmentBytes <= limit) {
            return true;
        }
        if (segmentBytes <= maxSegmentBytes && ++untried > PATIENCE) {
            limit = maxSegmentBytes;
            untried = 0;
            return true;
        }
        return false;
    }

    /// The kernel refused a run of datagrams each of which it took on its own.
    void refused(int segmentBytes, int errno) {
        limit = errno == LinuxAbi.EIO ? 0 : Math.min(limit, segmentBytes - 1);
        untried = 0;
    }

    /// Whether an error may mean that the kernel would take the datagrams on their own.
    static boolean isRefusal(int errno) {
        return errno == LinuxAbi.EINVAL || errno == LinuxAbi.EMSGSIZE || errno == LinuxAbi.EIO;
    }
}
