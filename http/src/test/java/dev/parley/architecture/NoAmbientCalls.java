package dev.parley.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/** Finds calls, constructor calls and method references that ask the machine for time, chance or a new identity. */
final class NoAmbientCalls extends ArchCondition<JavaClass> {
    private static final Set<String> ALWAYS_AMBIENT = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.Math.random",
            "java.util.UUID.randomUUID",
            "java.util.concurrent.ThreadLocalRandom.current",
            "java.util.random.RandomGenerator.getDefault",
            "java.util.random.RandomGenerator.of",
            "java.util.Calendar.getInstance");

    /** Ambient when nothing is handed in: no seed, no instant. */
    private static final Set<String> AMBIENT_WITHOUT_ARGUMENTS =
            Set.of("java.util.Random", "java.util.SplittableRandom", "java.util.Date", "java.util.GregorianCalendar");

    NoAmbientCalls() {
        super("ask for no time, chance or identity, which are handed in");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
            if (access instanceof JavaCodeUnitAccess<?> call && isAmbient(call.getTarget())) {
                events.add(SimpleConditionEvent.violated(type, access.getDescription()));
            }
        }
    }

    private static boolean isAmbient(AccessTarget.CodeUnitAccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        int parameters = target.getRawParameterTypes().size();
        boolean constructor = name.equals("<init>");
        if (owner.equals("java.security.SecureRandom")) {
            return constructor || name.startsWith("getInstance");
        }
        if (owner.equals("java.time.Clock")) {
            return name.startsWith("system") || (name.startsWith("tick") && parameters == 1);
        }
        if (owner.startsWith("java.time.") && name.equals("now")) {
            return target.getRawParameterTypes().stream()
                    .noneMatch(parameter -> parameter.getName().equals("java.time.Clock"));
        }
        if (owner.equals("java.util.Collections") && name.equals("shuffle")) {
            return parameters == 1;
        }
        return ALWAYS_AMBIENT.contains(owner + "." + name)
                || (constructor && parameters == 0 && AMBIENT_WITHOUT_ARGUMENTS.contains(owner));
    }
}
