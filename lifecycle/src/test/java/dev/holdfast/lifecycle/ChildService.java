package dev.holdfast.lifecycle;

import dev.holdfast.base.Env;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// A service for tests with real processes: it misbehaves in the way that its first argument names.
final class ChildService implements Component {
    private final String fault;
    private final Kernel kernel;
    private boolean wasTakenBack;

    private ChildService(String fault, Kernel kernel) {
        this.fault = fault;
        this.kernel = kernel;
    }

    public static void main(String[] arguments) {
        Duration budget = Duration.ofMillis(Long.parseLong(arguments[1]));
        Kernel kernel = Kernel.install(Env.system(), budget, System.out);
        kernel.onReport(report -> System.out.println(report.toJson()));
        Scope scope =
                Scope.builder("child", Env.system())
                        .add(new ChildService(arguments[0], kernel))
                        .add(new Disk())
                        .build();
        if (arguments[0].equals("early")) {
            System.out.println("ready");
            hang();
        }
        kernel.run(scope, () -> System.out.println("ready"));
    }

    @Override
    public String name() {
        return "culprit";
    }

    @Override
    public Set<String> requires() {
        return Set.of("disk");
    }

    @Override
    public Set<Phase> phases() {
        return EnumSet.of(Phase.DRAIN, Phase.PERSIST);
    }

    @Override
    public void start(StartContext context) throws Exception {
        switch (fault) {
            case "start-throws" -> throw new IllegalStateException("no port");
            case "start-hangs" -> {
                System.out.println("ready");
                hang();
            }
            case "task-dies" ->
                    context.fork(
                            "culprit",
                            () -> {
                                throw new IllegalStateException("broken");
                            });
            case "spin" -> {
                for (int i = 0; i < 64; i++) context.fork("spin" + i, ChildService::spin);
            }
            default -> {}
        }
    }

    @Override
    public Outcome stop(Phase phase, StopContext context) throws InterruptedException {
        switch (fault) {
            case "drain-hangs" -> {
                if (phase == Phase.DRAIN) hang();
            }
            case "slow" -> {
                if (phase == Phase.DRAIN) context.token().pause(Duration.ofSeconds(60));
            }
            case "taken-back" -> {
                if (phase == Phase.DRAIN && !wasTakenBack) takeBack(context);
            }
            case "persist-throws" -> {
                if (phase == Phase.PERSIST) throw new IllegalStateException("no bucket");
            }
            default -> {}
        }
        return Outcome.done();
    }

    private void takeBack(StopContext context) throws InterruptedException {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        System.out.println(kernel.resume("changed my mind"));
                    } catch (InterruptedException interrupted) {
                        throw new AssertionError(interrupted);
                    }
                });
        context.token().pause(Duration.ofSeconds(60));
    }

    @Override
    public void resume() {
        wasTakenBack = true;
    }

    private static void spin() {
        long sum = 0;
        while (sum != -1) sum = Math.abs(sum + 1);
    }

    private static void hang() {
        while (true) LockSupport.parkNanos(Long.MAX_VALUE);
    }

    private static final class Disk implements Component {
        @Override
        public String name() {
            return "disk";
        }

        @Override
        public Set<Phase> phases() {
            return EnumSet.of(Phase.RELEASE);
        }

        @Override
        public void start(StartContext context) {}

        @Override
        public Outcome stop(Phase phase, StopContext context) {
            return Outcome.done();
        }
    }
}
