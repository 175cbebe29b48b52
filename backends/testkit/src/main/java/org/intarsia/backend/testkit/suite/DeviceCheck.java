package org.intarsia.backend.testkit.suite;

import java.util.function.Supplier;
import org.intarsia.backend.api.Device;

/**
 * A promise of the backend API beside computing, such as which errors come or that memory is given back.
 *
 * @param name what is promised
 * @param body keeps silent when the promise is kept, else throws {@link Broken}
 */
public record DeviceCheck(String name, Body body) {

    /** Tries the promise on a device that nobody else uses; whether the body closes it does not matter. */
    @FunctionalInterface
    public interface Body {
        void check(Device device) throws Broken, InterruptedException;
    }

    /** A promise that was not kept; the message says which and how. */
    public static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        public Broken(String message) {
            super(message);
        }
    }

    /** Opens a device, tries the promise, and closes the device. */
    public Outcome run(Supplier<Device> open) {
        String message = "";
        try (Device device = open.get()) {
            body.check(device);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            message = "interrupted";
        } catch (Broken broken) {
            message = broken.getMessage();
        } catch (RuntimeException failure) {
            message = "threw " + failure;
        }
        return new Outcome(name, Outcome.Way.NATIVE, 0, false, message);
    }

    @Override
    public String toString() {
        return name;
    }
}
