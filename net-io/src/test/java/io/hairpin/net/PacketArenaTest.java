package io.hairpin.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

@EnabledOnOs(OS.LINUX)
class PacketArenaTest {

    @Test
    void onlyWhatIsUsedIsResident() throws Exception {
        try (PacketArena arena = new PacketArena()) {
            assertThat(arena.bytes().capacity()).isGreaterThan(8 << 20);
            assertThat(residentKilobytes(arena.address(0))).isZero();

            arena.bytes().put(PacketArena.slot(0), (byte) 1);

            assertThat(residentKilobytes(arena.address(0))).isBetween(1L, 64L); // one page
        }
    }

    @Test
    void slotsHeadersZerosAndCopiesDoNotOverlap() {
        int lastSlotEnd = PacketArena.slot(PacketArena.SLOTS - 1) + PacketArena.MAX_RECEIVED_BYTES;
        int firstHeader = PacketArena.headEnd(0) - DatagramHandler.HEADROOM;
        int lastHeaderEnd = PacketArena.headEnd(PacketArena.HEADERS - 1);

        assertThat(PacketArena.slot(0)).isEqualTo(DatagramHandler.HEADROOM);
        assertThat(PacketArena.slot(1) - PacketArena.slot(0))
                .isGreaterThanOrEqualTo(PacketArena.MAX_RECEIVED_BYTES + DatagramHandler.HEADROOM);
        assertThat(lastSlotEnd).isLessThanOrEqualTo(firstHeader);
        assertThat(lastHeaderEnd).isLessThanOrEqualTo(PacketArena.zeros());
        assertThat(PacketArena.zeros() + 3).isLessThanOrEqualTo(PacketArena.copies());
    }

    @Test
    void theBeginningsOfSlotsAreSpreadOverTheSetsOfACache() {
        assertThat(IntStream.range(0, 64).map(slot -> PacketArena.slot(slot) / 64 % 64).distinct())
                .hasSize(64);
    }

    @Test
    void memoryThatWasGivenBackIsNotTouched() {
        PacketArena arena = new PacketArena();
        arena.close();

        assertThatThrownBy(() -> arena.bytes().get(0)).isInstanceOf(IllegalStateException.class);
    }

    private static long residentKilobytes(long address) throws IOException {
        List<String> maps = Files.readAllLines(Path.of("/proc/self/smaps"));
        boolean isHere = false;
        for (String line : maps) {
            String[] words = line.split("[ -]+", -1);
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                isHere =
                        Long.parseUnsignedLong(words[0], 16) <= address
                                && address < Long.parseUnsignedLong(words[1], 16);
            } else if (isHere && line.startsWith("Rss:")) {
                return Long.parseLong(words[1]);
            }
        }
        throw new AssertionError("not mapped");
    }
}
