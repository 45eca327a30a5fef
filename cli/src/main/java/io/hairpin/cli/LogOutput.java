package io.hairpin.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;

/// Where log events are written, each by one call. If that cannot take one (the disk is full, or
/// nobody reads the pipe any more) the event is lost and counted, and serving goes on; once there
/// is room again, the log says how many are missing. Used by one thread at a time.
final class LogOutput extends OutputStream {

    private static final Logger log = LoggerFactory.getLogger(LogOutput.class);

    private final OutputStream out;
    private final LongAdder lost;
    private long missing;

    /// @param lost counts events, for all threads to see
    LogOutput(OutputStream out, LongAdder lost) {
        this.out = out;
        this.lost = lost;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int length) {
        long before = missing;
        try {
            if (before > 0) {
                out.write('\n'); // half of an event may have been taken
            }
            out.write(bytes, start, length);
            missing = 0;
        } catch (IOException full) {
            lost.increment();
            missing++;
            return;
        }
        if (before > 0) {
            log.warn("{} log events before this one could not be written and are lost", before);
        }
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
