package io.hairpin.server.relay;

import io.hairpin.server.core.StreamMeter;

import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/// Is told what one direction of a [Tunnel] reads, and says when it may read on. Called on the
/// event loop that reads.
public interface Toll {

    /// Asks for nothing.
    Toll NONE =
            new Toll() {
                @Override
                public void read(int bytes) {}

                @Override
                public long pauseNanos() {
                    return 0;
                }
            };

    void read(int bytes);

    /// How long nothing may be read from now on, which may be no time at all.
    long pauseNanos();

    /// Counts what is read, and has the reader wait once that is more than there is bandwidth for.
    static Toll of(IntConsumer counted, StreamMeter meter, LongSupplier clock) {
        return new Toll() {
            @Override
            public void read(int bytes) {
                counted.accept(bytes);
                meter.charge(bytes, clock.getAsLong());
            }

            @Override
            public long pauseNanos() {
                return meter.pauseNanos(clock.getAsLong());
            }
        };
    }
}
