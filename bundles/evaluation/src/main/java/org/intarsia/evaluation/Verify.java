package org.intarsia.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Precision;
import org.intarsia.backend.testkit.Conformance;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.DeviceCheck;
import org.intarsia.backend.testkit.suite.Outcome;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.picturebook.samples.Mixture;
import org.intarsia.picturebook.samples.SampleSource;
import org.intarsia.picturebook.samples.Split;
import org.intarsia.picturebook.world.World;
import org.intarsia.shell.api.Arguments;
import org.intarsia.shell.api.Command;
import org.intarsia.shell.api.Console;
import org.intarsia.shell.api.IntarsiaCommand;
import org.intarsia.shell.api.PlacementOptions;
import org.intarsia.shell.api.Progress;
import org.intarsia.shell.api.Result;
import org.intarsia.shell.api.Syntax;
import org.intarsia.shell.api.UsageException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Runs the conformance suite on an installed backend, and a model on it beside another backend. */
@Component(service = Command.class)
@IntarsiaCommand("verify")
public final class Verify implements Command {
    private static final String AGAINST = "--against";
    private static final String PROMPTS = "--prompts";
    private static final String SECONDS = "--seconds";
    private static final String TRUSTED = "cpu";
    private static final int MANY = 50;
    private static final long SEED = 2026;
    private static final Mixture PICTURES = new Mixture(1, 0, 0, 0, 0.5, 0);

    private final Engine engine;

    @Reference
    private volatile List<Backend> backends;

    @Activate
    public Verify(@Reference Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return PlacementOptions.adapted(PlacementOptions.device(Syntax.of("verify",
                "checks every operation of a backend, and a model on it")
                .required("WHAT", "backend")
                .required("NAME", "the backend's name, as `backends` lists it")
                .option(PlacementOptions.MODEL, "NAME|DIR", "a model to run on it; " + Engine.DEFAULT_MODEL + " where not given")
                .option(AGAINST, "NAME", "the backend that the model is compared with; " + TRUSTED + " where not given")
                .option(PROMPTS, "N", "how many pictures the model makes on both; 0 for none, " + MANY + " where not given")
                .option(SECONDS, "N", "begin no more cases after so many seconds, and count those left over; every operation is"
                        + " tried before any is tried again")
                .repeated("--op", "KIND", "check this operation alone, such as matMul; all where not given")))
                .words("WHAT", "backend")
                .values("NAME", Syntax.Kind.BACKEND)
                .values(AGAINST, Syntax.Kind.BACKEND)
                .example("verify backend vulkan --prompts 0", "every operation, without a model");
    }

    @Override
    public Result run(Arguments arguments, Console console) throws UsageException {
        int prompts = arguments.integer(PROMPTS, MANY, 0, 100_000);
        List<Case> cases = cases(arguments);
        double seconds = arguments.decimal(SECONDS, 1e9, 0, 1e9);
        Backend backend = backend(arguments.text("NAME"));
        String name = arguments.value(PlacementOptions.DEVICE).orElseGet(() -> best(backend));
        try (Progress progress = console.progress(); Device device = backend.open(name)) {
            List<Operation> operations = operations(device, cases, seconds, progress);
            List<Failed> failures = new ArrayList<>();
            operations.forEach(operation -> failures.addAll(operation.failures()));
            if (arguments.values("--op").isEmpty()) {
                failures.addAll(checks(backend, name, progress));
            }
            List<Parity.Compared> parity = prompts == 0 ? List.of()
                    : List.of(parity(arguments, new Placement(Optional.of(backend.name()), Optional.of(name)), prompts,
                            progress));
            int checked = operations.stream().mapToInt(Operation::cases).sum();
            return new Verified(backend.name(), device.info(), operations, cases.size() - checked, failures, parity)
                    .result(checked);
        }
    }

    private static List<Case> cases(Arguments arguments) throws UsageException {
        List<Case> all = Conformance.cases();
        List<String> kinds = arguments.values("--op");
        List<Case> chosen = all.stream().filter(tested -> kinds.isEmpty() || kinds.contains(tested.kind())).toList();
        if (chosen.isEmpty()) {
            throw arguments.wrong("there is no operation " + String.join(", ", kinds) + "; there are "
                    + all.stream().map(Case::kind).distinct().collect(Collectors.joining(", ")));
        }
        return chosen;
    }

    private Backend backend(String name) {
        return backends.stream().filter(backend -> backend.name().equals(name)).findFirst()
                .orElseThrow(() -> new BackendException("there is no backend " + name + " (installed: "
                        + backends.stream().map(Backend::name).sorted().collect(Collectors.joining(", "))
                        + "): name one of these, or start or install a bundle that provides it"));
    }

    private static String best(Backend backend) {
        return backend.devices().stream().findFirst().map(DeviceInfo::name)
                .orElseThrow(() -> new BackendException("backend " + backend.name() + " has no device: " + backend.unavailable()));
    }

    private static List<Operation> operations(Device device, List<Case> cases, double seconds, Progress progress) {
        long start = System.nanoTime();
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        int done = 0;
        for (Case tested : spread(cases)) {
            goOn();
            if (System.nanoTime() - start >= seconds * 1e9) {
                break;
            }
            progress.show(String.format(Locale.ROOT, "%s: case %d of %d", tested.kind(), ++done, cases.size()));
            outcomes.computeIfAbsent(tested.kind(), kind -> new ArrayList<>()).add(outcome(device, tested));
        }
        return outcomes.entrySet().stream().map(entry -> Operation.of(entry.getKey(), entry.getValue())).toList();
    }

    /** The first case of every operation, then the second of every one that has two, and so on. */
    private static List<Case> spread(List<Case> cases) {
        Map<String, Integer> counts = new HashMap<>();
        Map<Integer, List<Case>> rounds = new TreeMap<>();
        cases.forEach(tested -> rounds.computeIfAbsent(counts.merge(tested.kind(), 1, Integer::sum), round -> new ArrayList<>())
                .add(tested));
        return rounds.values().stream().flatMap(List::stream).toList();
    }

    /** A case that a backend breaks down on is a failure like others. */
    private static Outcome outcome(Device device, Case tested) {
        try {
            return Conformance.run(device, tested);
        } catch (RuntimeException e) {
            return new Outcome(tested.name(), Outcome.Way.UNSUPPORTED, Double.POSITIVE_INFINITY, false, "threw " + e);
        }
    }

    private static List<Failed> checks(Backend backend, String device, Progress progress) {
        List<Failed> failures = new ArrayList<>();
        for (DeviceCheck check : Conformance.checks()) {
            goOn();
            progress.show("promise: " + check.name());
            Outcome outcome = check.run(() -> backend.open(device));
            if (!outcome.passed()) {
                failures.add(new Failed(outcome.name(), outcome.message()));
            }
        }
        return failures;
    }

    private Parity.Compared parity(Arguments arguments, Placement placement, int prompts, Progress progress)
            throws UsageException {
        Placement trusted = Placement.on(Optional.of(arguments.value(AGAINST).orElse(TRUSTED)));
        SampleSource source = new SampleSource(World.STANDARD, SEED, Split.VALIDATION, PICTURES);
        List<String> sentences = IntStream.range(0, prompts).mapToObj(i -> source.sample(i).text()).toList();
        try (Model expected = Opening.open(engine, arguments, trusted.with(Precision.EXACT));
                Model actual = Opening.open(engine, arguments, placement.with(Precision.EXACT))) {
            return new Parity(expected, actual).compare(sentences, done -> {
                goOn();
                progress.show("model " + actual.name() + ": picture " + done + " of " + prompts);
            });
        }
    }

    private static void goOn() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("verify was interrupted");
        }
    }

    /**
     * A case or promise that was not met.
     *
     * @param name of the case, or the promise
     * @param why  what was wrong
     */
    public record Failed(String name, String why) {
    }

    /**
     * One kind of operation, forward and backward.
     *
     * @param op       its kind
     * @param cases    how many shapes and encodings were tried
     * @param maxError the largest error, in roundings of 2⁻²⁴; infinite where a case gave no numbers at all
     * @param way      how the device runs it: native, decomposed, or both where that depends on the shapes
     * @param failures the cases that failed
     */
    public record Operation(String op, int cases, double maxError, String way, List<Failed> failures) {
        static Operation of(String kind, List<Outcome> outcomes) {
            return new Operation(kind, outcomes.size(), outcomes.stream().mapToDouble(Outcome::maxError).max().orElse(0),
                    outcomes.stream().map(outcome -> outcome.way().name().toLowerCase(Locale.ROOT)).distinct().sorted()
                            .collect(Collectors.joining(", ")),
                    outcomes.stream().filter(outcome -> !outcome.passed())
                            .map(outcome -> new Failed(outcome.name(), outcome.message())).toList());
        }
    }

    /**
     * What {@code --json} prints.
     *
     * @param backend    the backend's name
     * @param device     its device, driver and extensions
     * @param operations a line of the table each
     * @param unchecked  how many cases were not begun, since the time was up
     * @param failures   of all operations, and of what the interface of backends promises beside computing
     * @param parity     the model beside another backend; nothing where no prompts were asked for
     */
    public record Verified(String backend, DeviceInfo device, List<Operation> operations, int unchecked,
            List<Failed> failures, List<Parity.Compared> parity) {
        private Result result(int cases) {
            List<String> problems = new ArrayList<>();
            if (!failures.isEmpty()) {
                problems.add(failures.size() + " of " + cases + " cases and promises are not met, the first is "
                        + failures.getFirst().name());
            }
            parity.stream().filter(compared -> !compared.passed()).forEach(compared -> problems.add("the model differs on "
                    + (compared.prompts() - compared.same()) + " of " + compared.prompts() + " prompts, and by "
                    + compared.pixels() + " of 255 in pictures of the same tokens"));
            return new Result(this, table(), problems.isEmpty() ? Optional.empty()
                    : Optional.of("backend " + backend + " fails: " + String.join("; ", problems)));
        }

        private String table() {
            List<String> lines = new ArrayList<>();
            lines.add(backend + "/" + device.name() + ": " + device.description());
            device.features().forEach(feature -> lines.add("  " + feature));
            lines.add(String.format(Locale.ROOT, "%-22s %6s %7s %18s  %s", "operation", "cases", "failed", "error in roundings",
                    "runs"));
            operations.forEach(operation -> lines.add(String.format(Locale.ROOT, "%-22s %6d %7d %18.2f  %s", operation.op(),
                    operation.cases(), operation.failures().size(), operation.maxError(), operation.way())));
            if (unchecked > 0) {
                lines.add(unchecked + " cases were not checked: the time was up; " + SECONDS + " gives more of it");
            }
            failures.forEach(failure -> lines.add("not met: " + failure.name() + ": " + failure.why()));
            parity.forEach(compared -> {
                lines.add("the model chooses the same tokens for " + compared.same() + " of " + compared.prompts()
                        + " pictures, whose colours differ by " + compared.pixels() + " of 255 at most");
                compared.divergences().forEach(divergence -> lines.add("  " + divergence.sentence()));
            });
            return String.join("\n", lines);
        }
    }
}
