package io.hairpin.client.load;

/// What says when the next packet of a client goes out.
public sealed interface Pace {

    /// Open loop: so many packets a second, whatever becomes of them.
    ///
    /// The clients take turns, so the packets of all of them are spread evenly over time: client i
    /// of n begins i/n of the interval after the first. The generator looks for what is due every
    /// 20 µs, or less often where less is sent, but at least once per millisecond; what it could
    /// not send within 5 ms of its time it leaves out and reports as missed.
    record Rate(double packetsPerSecond) implements Pace {
        public Rate {
            if (!(packetsPerSecond > 0 && packetsPerSecond <= 1e9)) {
                throw new IllegalArgumentException("no rate: " + packetsPerSecond);
            }
        }
    }

    /// Closed loop: a packet goes out when one of the `packets` before it has arrived, so the
    /// server gets as much as it can take. What stays away for 100 ms is given up.
    record Window(int packets) implements Pace {
        public Window {
            if (packets < 1) {
                throw new IllegalArgumentException("no window: " + packets);
            }
        }
    }
}
