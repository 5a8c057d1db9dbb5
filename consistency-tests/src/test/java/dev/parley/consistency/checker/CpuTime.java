package dev.parley.consistency.checker;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Measures work by the time of the processor, which does not depend on what else the machine does. */
final class CpuTime {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final long begun = PROCESS.getProcessCpuTime();

    boolean lessThan(Duration duration) {
        return PROCESS.getProcessCpuTime() - begun < duration.toNanos();
    }
}
