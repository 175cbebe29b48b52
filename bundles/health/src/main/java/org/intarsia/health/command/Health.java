package org.intarsia.health.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.ResultLog;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Runs every health check that a bundle has registered. */
@Requirement(namespace = "osgi.service", effective = "active", filter = "(objectClass=org.apache.felix.hc.api.HealthCheck)",
        cardinality = Requirement.Cardinality.MULTIPLE, resolution = Requirement.Resolution.OPTIONAL)
@Component(service = Command.class)
@IntarsiaCommand("health")
public final class Health implements Command {
    private final BundleContext context;

    @Activate
    public Health(BundleContext context) {
        this.context = context;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("health", "checks that every model and every backend works; status 1 where one does not")
                .example("health", "a line for each: OK, WARN or CRITICAL")
                .example("health --json", "the same for programs");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws InvalidSyntaxException {
        List<Finding> findings = new ArrayList<>();
        try (Progress progress = console.progress()) {
            for (ServiceReference<HealthCheck> check : context.getServiceReferences(HealthCheck.class, null)) {
                progress.show("checking " + check.getProperty(HealthCheck.NAME) + "…");
                find(check).ifPresent(findings::add);
            }
        }
        findings.sort(Comparator.comparing(Finding::check));
        return result(findings);
    }

    private Optional<Finding> find(ServiceReference<HealthCheck> reference) {
        HealthCheck check = context.getService(reference);
        if (check == null) {
            // It has left meanwhile, and what it checks with it.
            return Optional.empty();
        }
        try {
            return Optional.of(Finding.of(String.valueOf(reference.getProperty(HealthCheck.NAME)), check));
        } finally {
            context.ungetService(reference);
        }
    }

    static Result result(List<Finding> findings) {
        long critical = findings.stream().filter(Finding::critical).count();
        String text = findings.isEmpty() ? "nothing is checked; install or start the bundle org.intarsia.health"
                : findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
        return new Result(List.copyOf(findings), text, critical == 0 ? Optional.empty()
                : Optional.of(critical + " of " + findings.size() + " checks failed"));
    }

    /**
     * What a check has found.
     *
     * @param check its name
     * @param status {@code OK}, {@code WARN}, {@code CRITICAL}, or another of Felix's words
     * @param sentence what it says
     */
    public record Finding(String check, String status, String sentence) {
        static Finding of(String name, HealthCheck check) {
            try {
                org.apache.felix.hc.api.Result result = check.execute();
                return new Finding(name, result.getStatus().name(), StreamSupport.stream(result.spliterator(), false)
                        .map(ResultLog.Entry::getMessage).collect(Collectors.joining("; ")));
            } catch (RuntimeException e) {
                return new Finding(name, "HEALTH_CHECK_ERROR", e.toString());
            }
        }

        boolean critical() {
            return !status.equals("OK") && !status.equals("WARN");
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%-8s %s: %s", status, check, sentence);
        }
    }
}
