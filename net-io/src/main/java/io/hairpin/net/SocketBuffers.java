package io.hairpin.net;

/// What the system keeps for one socket: datagrams that arrived and were not read yet, and
/// datagrams on their way out. In bytes; zero leaves it to the system.
public record SocketBuffers(int receiveBytes, int sendBytes) {

    public static final SocketBuffers SYSTEM_DEFAULT = new SocketBuffers(0, 0);
}
