package io.hairpin.net;

/// Which of several datagrams may pass through the kernel as one. It saves most where traffic
/// comes in bursts, and is switched off to measure what it saves.
///
/// @param gso generic segmentation offload: runs of datagrams to one destination are sent as one
/// @param gro generic receive offload: runs of datagrams from one source are received as one
public record Offload(boolean gso, boolean gro) {

    public static final Offload ON = new Offload(true, true);

    public static final Offload OFF = new Offload(false, false);
}
