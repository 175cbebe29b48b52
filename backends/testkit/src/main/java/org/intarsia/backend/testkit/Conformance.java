package org.intarsia.backend.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.testkit.cases.Cases;
import org.intarsia.backend.testkit.suite.Case;
import org.intarsia.backend.testkit.suite.DeviceCheck;
import org.intarsia.backend.testkit.suite.Outcome;

/**
 * The suite: every op, forward and backward, on many shapes, and every promise of the backend API.
 *
 * <p>Cases are made anew on each call and equal each time; running one needs nothing but the device. Not for use by
 * several threads on one device, because timing aside a failure could then not be told from its neighbour's.
 */
public final class Conformance {
    /** A device that lists this among its features gives the same bits whatever number of threads a plan was given. */
    public static final String SAME_BITS_FOR_ANY_THREADS = "same-bits-for-any-threads";
    /** A device that lists this gives a token of a decoder the same bits whatever runs beside it, in batches of up to 512 tokens. */
    public static final String SAME_BITS_BESIDE_OTHERS = "same-bits-beside-others";
    /** A device that lists this does so among batches of 5 tokens and more. */
    public static final String SAME_BITS_FROM_FIVE_ROWS = "same-bits-beside-others-from-5-rows";

    private Conformance() {
    }

    /** All cases, group by group. */
    public static List<Case> cases() {
        return Cases.all();
    }

    /** What a device must do beside computing: errors, memory, several plans, equal bits. */
    public static List<DeviceCheck> checks() {
        return Stream.concat(DeviceChecks.all().stream(), BatchChecks.all().stream()).toList();
    }

    /** Runs one case with all threads that the device has. */
    public static Outcome run(Device device, Case tested) {
        return run(device, tested, 0);
    }

    /** Runs one case with at most that many threads, as {@link Device#compile} counts them. */
    public static Outcome run(Device device, Case tested, int threads) {
        return Runner.run(device, tested, threads);
    }
}
