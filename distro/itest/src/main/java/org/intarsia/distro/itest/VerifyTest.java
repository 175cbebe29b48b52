package org.intarsia.distro.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.intarsia.backend.api.Backend;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.backend.api.Plan;
import org.junit.jupiter.api.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** The command {@code verify}, on backends that keep their promises and on one that does not. */
class VerifyTest {
    private final Platform platform = new Platform();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aGoodBackendPasses() throws Exception {
        assertThat(execute("intarsia:verify backend cpu --op softmax --op attention --prompts 2")).asString()
                .contains("cpu/cpu: ", "softmax ", "attention ", " native")
                .endsWith("the model chooses the same tokens for 2 of 2 pictures, whose colours differ by 0 of 255 at most");
    }

    @Test
    void programsGetTheSame() throws Exception {
        assertThat(execute("intarsia:verify backend cpu --op softmax --prompts 1 --json")).asString()
                .startsWith("{\"backend\":\"cpu\",\"device\":{\"name\":\"cpu\",").contains("{\"op\":\"softmax\",\"cases\":")
                .endsWith("\"unchecked\":0,\"failures\":[],\"parity\":[{\"prompts\":1,\"same\":1,\"divergences\":[],\"pixels\":0}]}");
    }

    @Test
    void casesThatTimeDidNotSufficeForAreCounted() throws Exception {
        assertThat(execute("intarsia:verify backend cpu --op softmax --op attention --seconds 0 --prompts 0 --json")).asString()
                .contains("\"operations\":[],").containsPattern("\"unchecked\":[1-9][0-9]+,\"failures\":\\[\\]");
    }

    @Test
    void aBackendThatComputesNothingFails() throws Exception {
        platform.withBackend("cpu", cpu -> {
            ServiceRegistration<Backend> idle = FrameworkUtil.getBundle(VerifyTest.class).getBundleContext()
                    .registerService(Backend.class, new Idle(cpu), null);
            try {
                assertThatThrownBy(() -> execute("intarsia:verify backend idle --op softmax --prompts 0"))
                        .hasMessageMatching("backend idle fails: \\d+ of \\d+ cases and promises are not met, the first is softmax.*")
                        .hasMessageNotContaining("\n");
                assertThat(out.toString()).contains("idle/cpu: ", "not met: softmax");
            } finally {
                idle.unregister();
            }
        });
    }

    @Test
    void whatIsNotThereIsOneSentence() {
        assertThatThrownBy(() -> execute("intarsia:verify backend abacus")).hasMessage("there is no backend abacus (installed:"
                + " cpu, opencl, vulkan): name one of these, or start or install a bundle that provides it");
        assertThatThrownBy(() -> execute("intarsia:verify backend cpu --op soft")).hasMessageStartingWith(
                "verify: there is no operation soft; there are constant, iota,");
        assertThatThrownBy(() -> execute("intarsia:verify model picturebook")).hasMessage(
                "verify: WHAT is backend, not 'model'");
    }

    /** What a person sees of the result. */
    private CharSequence execute(String line) throws Exception {
        try (CommandSession session = platform.service(CommandProcessor.class).createSession(
                new ByteArrayInputStream(new byte[0]), new PrintStream(out), new PrintStream(out))) {
            return session.format(session.execute(line), Converter.INSPECT);
        }
    }

    /** A backend whose plans do nothing when they are run. */
    private record Idle(Backend real) implements Backend {
        @Override
        public String name() {
            return "idle";
        }

        @Override
        public List<DeviceInfo> devices() {
            return real.devices();
        }

        @Override
        public Device open(String device) {
            return changed(Device.class, real.open(device), "compile",
                    plan -> changed(Plan.class, (Plan) plan, "run", result -> null));
        }

        /** The same, but what one method returns is changed; one that returns nothing is not called at all. */
        private static <T> T changed(Class<T> type, T real, String name, UnaryOperator<Object> change) {
            return type.cast(Proxy.newProxyInstance(Idle.class.getClassLoader(), new Class<?>[] {type},
                    (proxy, method, arguments) -> {
                        boolean changed = method.getName().equals(name);
                        if (changed && method.getReturnType() == void.class) {
                            return null;
                        }
                        try {
                            Object result = method.invoke(real, arguments);
                            return changed ? change.apply(result) : result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }
    }
}
