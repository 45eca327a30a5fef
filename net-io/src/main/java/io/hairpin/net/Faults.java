package io.hairpin.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Reports mistakes in this program that came to light while it served. Each is logged once,
/// wherever on the network it was provoked and however often. Thread-safe.
public final class Faults {

    private static final Logger log = LoggerFactory.getLogger(Faults.class);

    /// The most that are told apart.
    private static final int MAX_KNOWN = 100;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public void report(String where, Throwable fault) {
        StackTraceElement[] stack = fault.getStackTrace();
        String place = fault.getClass() + (stack.length == 0 ? where : " " + stack[0]);
        if (known.size() < MAX_KNOWN && known.add(place)) {
            log.error("{} failed; this is a bug, please report it", where, fault);
        } else {
            log.debug("{} failed again: {}", where, place);
        }
    }
}
