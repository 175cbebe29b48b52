package org.intarsia.http.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.ResultLog;
import org.intarsia.text.Quoted;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The latest results of the health checks. They run one after the other on a thread of their own, when somebody asks. */
final class HealthResults implements AutoCloseable {
    private static final Duration FRESH = Duration.ofSeconds(30);
    private static final String PENDING = "PENDING";

    private final BundleContext context;
    private final Map<String, Check> found = new TreeMap<>();
    private Thread running;
    private long ended = System.nanoTime() - FRESH.toNanos();

    /**
     * A check.
     *
     * @param name    as {@code health} in the shell has it
     * @param status  {@code OK}, {@code WARN}, {@code CRITICAL}, another of Felix's words, or {@value #PENDING} before it has run
     * @param message what it says
     */
    record Check(String name, String status, String message) {
        boolean hasFailed() {
            return !status.equals("OK") && !status.equals("WARN") && !status.equals(PENDING);
        }
    }

    HealthResults(BundleContext context) {
        this.context = context;
        // Says at once where its class is not there.
        HealthCheck.class.getName();
    }

    /** Returns what is known, and lets checks run whose results are old; waits for those that run for some time. */
    List<Check> current(Duration patience) {
        List<ServiceReference<HealthCheck>> checks = checks();
        Thread thread = begin(checks);
        if (thread != null && !patience.isZero()) {
            try {
                thread.join(patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        synchronized (this) {
            return checks.stream().map(HealthResults::name).distinct().sorted()
                    .map(name -> found.getOrDefault(name, new Check(name, PENDING, "it runs"))).toList();
        }
    }

    /** Returns the thread on which checks run; null where all results are fresh. */
    private synchronized Thread begin(List<ServiceReference<HealthCheck>> checks) {
        boolean fresh = System.nanoTime() - ended < FRESH.toNanos()
                && checks.stream().map(HealthResults::name).allMatch(found::containsKey);
        if (running == null && !fresh) {
            running = new Thread(() -> run(checks), "intarsia-http-health");
            running.setDaemon(true);
            running.start();
        }
        return running;
    }

    private void run(List<ServiceReference<HealthCheck>> checks) {
        try {
            for (ServiceReference<HealthCheck> check : checks) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                Check result = run(check);
                synchronized (this) {
                    found.put(result.name(), result);
                }
            }
        } finally {
            synchronized (this) {
                running = null;
                ended = System.nanoTime();
            }
        }
    }

    private Check run(ServiceReference<HealthCheck> reference) {
        try {
            HealthCheck check = context.getService(reference);
            if (check == null) {
                return new Check(name(reference), "OK", "it has left, and what it checked with it");
            }
            try {
                org.apache.felix.hc.api.Result result = check.execute();
                return new Check(name(reference), result.getStatus().name(), Quoted.line(StreamSupport.stream(result.spliterator(), false)
                        .map(ResultLog.Entry::getMessage).collect(Collectors.joining("; "))));
            } finally {
                context.ungetService(reference);
            }
        } catch (RuntimeException e) {
            return new Check(name(reference), "HEALTH_CHECK_ERROR", Quoted.line(e.toString()));
        }
    }

    private static String name(ServiceReference<HealthCheck> check) {
        return String.valueOf(check.getProperty(HealthCheck.NAME));
    }

    private List<ServiceReference<HealthCheck>> checks() {
        try {
            List<ServiceReference<HealthCheck>> checks = new ArrayList<>(context.getServiceReferences(HealthCheck.class, null));
            checks.sort(Comparator.comparing(HealthResults::name));
            return checks;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Thread thread;
        synchronized (this) {
            thread = running;
        }
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
