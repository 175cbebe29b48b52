package org.intarsia.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.felix.hc.api.Result;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Plan;
import org.intarsia.backend.cpu.CpuBackend;
import org.junit.jupiter.api.Test;

class BackendCheckTest {
    /** The backend of the house with devices that somebody has tampered with. */
    private record Tampered(Backend whole, InvocationHandler device) implements Backend {
        @Override
        public String name() {
            return "tampered";
        }

        @Override
        public List<DeviceInfo> devices() {
            return whole.devices();
        }

        @Override
        public Device open(String name) {
            return proxy(Device.class, device);
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** What the true object does, but for one method that does nothing. */
    private static InvocationHandler without(String method, Object whole) {
        return (self, called, arguments) -> {
            try {
                return called.getName().equals(method) ? null : called.invoke(whole, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
    }

    private static String sentence(Result result) {
        return result.iterator().next().getMessage();
    }

    @Test
    void aBackendThatComputesRightlyIsWell() {
        Result result = BackendCheck.check(new CpuBackend());

        assertThat(result.getStatus()).isEqualTo(Result.Status.OK);
        assertThat(sentence(result)).isEqualTo("cpu computes rightly");
    }

    @Test
    void wrongNumbersAreCritical() {
        Backend cpu = new CpuBackend();
        Result result = BackendCheck.check(new Tampered(cpu, (self, method, arguments) -> {
            Device device = cpu.open();
            Object made = method.invoke(device, arguments);
            return made instanceof Plan plan ? proxy(Plan.class, without("run", plan)) : made;
        }));

        assertThat(result.getStatus()).isEqualTo(Result.Status.CRITICAL);
        assertThat(sentence(result)).startsWith("device cpu computes wrongly (0.0 instead of ")
                .endsWith("`verify backend tampered` shows which operations do");
    }

    @Test
    void aDeviceThatFailsIsCritical() {
        Result result = BackendCheck.check(new Tampered(new CpuBackend(), (self, method, arguments) -> {
            if (method.getName().equals("close")) {
                return null;
            }
            throw new BackendException("the driver crashed; reinstall it");
        }));

        assertThat(result.getStatus()).isEqualTo(Result.Status.CRITICAL);
        assertThat(sentence(result)).isEqualTo("the driver crashed; reinstall it");
    }

    @Test
    void aBackendWithoutADeviceSaysWhatWouldMendIt() {
        Result result = BackendCheck.check(new Backend() {
            @Override
            public String name() {
                return "none";
            }

            @Override
            public List<DeviceInfo> devices() {
                return List.of();
            }

            @Override
            public String unavailable() {
                return "there is no driver; install one";
            }

            @Override
            public Device open(String device) {
                throw new BackendException(unavailable());
            }
        });

        assertThat(result.getStatus()).isEqualTo(Result.Status.WARN);
        assertThat(sentence(result)).isEqualTo("there is no device: there is no driver; install one");
    }
}
