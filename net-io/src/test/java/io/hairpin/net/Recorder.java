package io.hairpin.net;

import io.hairpin.stun.IcmpError;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Remembers all it is told.
class Recorder implements DatagramHandler {

    /// A datagram as it arrived, and how many bytes a header may take in front of it.
    record Recorded(ByteBuffer bytes, InetSocketAddress from, int trafficClass, int hopLimit) {}

    final BlockingQueue<Recorded> received = new LinkedBlockingQueue<>();

    /// An error, and where what met it was sent to.
    record Met(InetSocketAddress destination, IcmpError error) {}

    final BlockingQueue<Met> icmp = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    final AtomicLong unsent = new AtomicLong();
    final AtomicLong overrun = new AtomicLong();

    @Override
    public void received(DatagramEndpoint on, Datagram datagram) {
        received.add(
                new Recorded(
                        copy(datagram),
                        datagram.source(),
                        datagram.trafficClass(),
                        datagram.hopLimit()));
    }

    @Override
    public void unsent(int datagrams) {
        unsent.addAndGet(datagrams);
    }

    @Override
    public void overrun(long datagrams) {
        overrun.addAndGet(datagrams);
    }

    @Override
    public void icmp(InetSocketAddress destination, IcmpError error) {
        icmp.add(new Met(destination, error));
    }

    @Override
    public void failed(Throwable cause) {
        failures.add(cause);
    }

    Recorded take() throws InterruptedException {
        return received.take();
    }

    static ByteBuffer copy(Datagram datagram) {
        byte[] bytes = new byte[datagram.length()];
        datagram.bytes().get(datagram.start(), bytes);
        return ByteBuffer.wrap(bytes);
    }
}
