package io.hairpin.bench.soak;

import java.util.SortedMap;

/// How the server was at one moment.
///
/// @param seconds since clients began to come; below zero before that
/// @param residentBytes what of the process is in memory
/// @param ownBytes what of that is its own rather than mapped from files
/// @param heapBytes what its heap was after it was last collected
/// @param descriptors it had open
/// @param clients that were there
/// @param tables how full each of its tables was, and how many relay ports were free
record Sample(
        double seconds,
        long residentBytes,
        long ownBytes,
        long heapBytes,
        long descriptors,
        int clients,
        SortedMap<String, Long> tables) {}
