package io.hairpin.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;

import java.util.concurrent.atomic.LongAdder;

/// Log events that wait to be written. Nobody waits for room: without it events are lost, those of
/// little weight a little earlier, and counted.
final class LogQueue extends AsyncAppender {

    private final LongAdder lost;

    /// @param lost counts events
    LogQueue(int events, LongAdder lost) {
        this.lost = lost;
        setQueueSize(events);
        setNeverBlock(true);
    }

    @Override
    protected void append(ILoggingEvent event) {
        int room = getRemainingCapacity();
        if (room == 0 || (room < getDiscardingThreshold() && isDiscardable(event))) {
            lost.increment();
        } else {
            super.append(event);
        }
    }
}
