package io.hairpin.client.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class ServerProcessTest {

    @TempDir private Path proc;

    @BeforeEach
    void writeAProcess() throws IOException {
        Files.createDirectories(proc.resolve("42/task/42"));
        Files.createDirectories(proc.resolve("42/task/43"));
        Files.createDirectories(proc.resolve("42/task/44")); // it ended meanwhile
        Files.writeString(
                proc.resolve("42/status"),
                """
                Name:\tserver
                VmHWM:\t   9000 kB
                VmRSS:\t   1234 kB
                Cpus_allowed:\tb
                Cpus_allowed_list:\t0-1,3
                """);
        Files.writeString(proc.resolve("42/task/42/schedstat"), "1000 5 7\n");
        Files.writeString(proc.resolve("42/task/43/schedstat"), "2500 6 7\n");
    }

    @Test
    void itReadsWhatTheProcessUses() {
        ServerProcess process = new ServerProcess(proc, 42);

        assertThat(process.cpuTimes().byThread())
                .isEqualTo(Map.of("42", times(1000, 5), "43", times(2500, 6)));
        assertThat(process.residentBytes()).isEqualTo(1234 * 1024);
        assertThat(process.cpus()).isEqualTo(3);
    }

    @Test
    void aProcessThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> new ServerProcess(proc, 43))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("43");
    }

    @Test
    void theUseIsTheDifferenceBetweenTwoMoments() {
        CpuTimes start = new CpuTimes(1_000, Map.of("1", times(100, 10), "2", times(500, 0)));
        CpuTimes end = new CpuTimes(2_000, Map.of("1", times(300, 20), "3", times(600, 70)));

        assertThat(start.until(end)).isEqualTo(new LoadReport.Cpu(80, 60, 7));
        assertThat(CpuTimes.NONE.until(CpuTimes.NONE)).isEqualTo(new LoadReport.Cpu(0, 0, 0));
    }

    private static CpuTimes.Times times(long ran, long waited) {
        return new CpuTimes.Times(ran, waited);
    }
}
