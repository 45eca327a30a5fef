package io.hairpin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.LongAdder;

class LogOutputTest {

    private final ByteArrayOutputStream disk = new ByteArrayOutputStream();
    private final LongAdder lost = new LongAdder();
    private int room = Integer.MAX_VALUE;
    private final LogOutput output = new LogOutput(new Disk(), lost);

    @Test
    void whatCannotBeWrittenIsCountedAndTheNextEventIsWrittenOnceItCan() throws Exception {
        output.write("one\n".getBytes(UTF_8));
        room = 0;
        output.write("two\n".getBytes(UTF_8));
        output.write("three\n".getBytes(UTF_8));
        room = Integer.MAX_VALUE;
        output.write("four\n".getBytes(UTF_8));
        output.write("five\n".getBytes(UTF_8));

        assertThat(disk.toString(UTF_8)).isEqualTo("one\n\nfour\nfive\n");
        assertThat(lost.sum()).isEqualTo(2);
    }

    @Test
    void anEventThatFollowsHalfOfAnotherBeginsALine() throws Exception {
        room = 2;
        output.write("one\n".getBytes(UTF_8));
        room = Integer.MAX_VALUE;
        output.write("two\n".getBytes(UTF_8));

        assertThat(disk.toString(UTF_8)).isEqualTo("on\ntwo\n");
    }

    /// Takes what there is room for, as a file does.
    private final class Disk extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            disk.write(bytes, start, Math.min(length, room));
            if (room < length) {
                throw new IOException("No space left on device");
            }
        }
    }
}
