package io.hairpin.stun;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class AddressTableTest {

    private record Named(TransportAddress address, int name) implements AddressTable.Entry {}

    private final AddressTable<Named> table = new AddressTable<>(1);

    @Test
    void anEntryIsFoundByEveryPartOfItsAddress() {
        Named entry = new Named(new TransportAddress(1, 2, 3), 1);
        table.put(entry);

        assertThat(table.get(1, 2, 3)).isSameAs(entry);
        assertThat(table.get(0, 2, 3)).isNull();
        assertThat(table.get(1, 0, 3)).isNull();
        assertThat(table.get(1, 2, 0)).isNull();
    }

    @Test
    void theLastEntryOfAnAddressCounts() {
        TransportAddress address = new TransportAddress(1, 2, 3);
        table.put(new Named(address, 1));
        table.put(new Named(address, 2));

        assertThat(table.size()).isEqualTo(1);
        assertThat(table.all()).extracting(Named::name).containsExactly(2);
    }

    @Test
    void whatIsNotThereCanBeRemoved() {
        table.put(new Named(new TransportAddress(1, 2, 3), 1));
        table.remove(new TransportAddress(1, 2, 4));

        assertThat(table.size()).isEqualTo(1);
    }

    /// Few addresses and many steps, so that entries collide, gaps close and the table grows and
    /// shrinks again and again.
    @Property(tries = 300)
    void itAgreesWithAMap(@ForAll long seed, @ForAll @Size(max = 400) List<Byte> steps) {
        AddressTable<Named> tried = new AddressTable<>(seed);
        Map<TransportAddress, Named> model = new HashMap<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (byte step : steps) {
            TransportAddress address =
                    new TransportAddress(step & 1, step >> 1 & 7, random.nextInt(4));
            if (random.nextInt(3) > 0) {
                Named entry = new Named(address, random.nextInt());
                tried.put(entry);
                model.put(address, entry);
            } else {
                tried.remove(address);
                model.remove(address);
            }

            assertThat(tried.size()).isEqualTo(model.size());
            assertThat(tried.get(address)).isEqualTo(model.get(address));
        }
        assertThat(tried.all()).containsExactlyInAnyOrderElementsOf(model.values());
        model.forEach((address, entry) -> assertThat(tried.get(address)).isSameAs(entry));
    }

    @Test
    void manyNeighboursLieApart() {
        for (int i = 0; i < 50_000; i++) {
            table.put(new Named(new TransportAddress(0, 0xFFFF_7F00_0001L, i), i));
        }
        for (int i = 0; i < 50_000; i++) {
            Named found = table.get(0, 0xFFFF_7F00_0001L, i);
            assertThat(found == null ? -1 : found.name()).isEqualTo(i);
        }
        for (int i = 0; i < 50_000; i++) {
            table.remove(new TransportAddress(0, 0xFFFF_7F00_0001L, i));
        }
        assertThat(table.all()).isEmpty();
    }
}
