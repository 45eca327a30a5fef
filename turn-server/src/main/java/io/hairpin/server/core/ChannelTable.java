package io.hairpin.server.core;

import io.hairpin.stun.AddressTable;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/// The channels of one allocation, by number and by peer; a number has one peer and a peer one
/// number.
final class ChannelTable {

    private static final Channel[] NONE = {};

    /// In order of number: few enough that a binary search beats a hash table, and costs less
    /// memory.
    private Channel[] byNumber = NONE;

    private final AddressTable<Channel> byPeer = new AddressTable<>(0);

    int size() {
        return byNumber.length;
    }

    @Nullable Channel get(int number) {
        int index = search(number);
        return index >= 0 ? byNumber[index] : null;
    }

    /// The channel to the peer at the address with these numbers.
    @Nullable Channel get(long high, long low, int port) {
        return byPeer.get(high, low, port);
    }

    void add(Channel channel) {
        int index = -search(channel.number()) - 1;
        Channel[] grown = Arrays.copyOf(byNumber, byNumber.length + 1);
        System.arraycopy(byNumber, index, grown, index + 1, byNumber.length - index);
        grown[index] = channel;
        byNumber = grown;
        byPeer.put(channel);
    }

    void remove(Channel channel) {
        byNumber =
                Arrays.stream(byNumber).filter(other -> other != channel).toArray(Channel[]::new);
        byPeer.remove(channel.address());
    }

    List<Channel> all() {
        return List.of(byNumber);
    }

    private int search(int number) {
        int low = 0;
        int high = byNumber.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = byNumber[middle].number();
            if (found == number) {
                return middle;
            }
            if (found < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
