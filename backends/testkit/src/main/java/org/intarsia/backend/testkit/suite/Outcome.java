package org.intarsia.backend.testkit.suite;

/**
 * What came of one case or check.
 *
 * @param name     of the case or check
 * @param way      how the device runs the op under test
 * @param maxError the worst error over all outputs and states in roundings (see {@link Tolerance}); infinite when a value
 *                 was not finite that should be, or a finite one that should not
 * @param overrun  whether bytes were changed that the plan had no business to change
 * @param message  what was wrong, empty when all was well; for {@link Way#UNSUPPORTED} the device's reason
 */
public record Outcome(String name, Way way, double maxError, boolean overrun, String message) {

    /** How a device runs an op. */
    public enum Way {
        NATIVE, DECOMPOSED, UNSUPPORTED
    }

    public boolean passed() {
        return message.isEmpty();
    }

    @Override
    public String toString() {
        return name + ": " + (passed() ? "passed, " + way + ", error " + (float) maxError + " roundings" : message);
    }
}
