package org.intarsia.engine.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Limits;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Measures how fast backends compute, beside what their devices can do at most. A service; safe for use by several
 * threads, though measurements that run at once disturb each other.
 */
@ProviderType
public interface Meter {

    /**
     * Measures the best device of a backend, opened for this alone.
     *
     * @param backend  the name of a backend; empty for the best that is there
     * @param each     how long to measure each rate; at least one run is measured
     * @param progress hears what is being done, one sentence
     * @throws org.intarsia.backend.api.BackendException when there is no such backend, or it has no device
     */
    Rates measure(Optional<String> backend, Duration each, Consumer<String> progress);

    /**
     * What was measured.
     *
     * @param backend  the name of the backend
     * @param device   the device
     * @param limits   what it can do at most
     * @param products linear layers of several sizes, of large models and of the one in the box
     */
    record Rates(String backend, DeviceInfo device, Limits limits, List<Product> products) {
        public Rates {
            products = List.copyOf(products);
        }
    }

    /**
     * A linear layer in F32, x (rows, inner) · weightᵀ, weight (columns, inner) → (rows, columns), compiled as a graph for
     * all threads.
     *
     * @param floatOperationsPerSecond of the fastest run, where a multiply-add counts as two
     */
    record Product(int rows, int inner, int columns, double floatOperationsPerSecond) {
    }
}
