package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.intarsia.backend.api.Buffer;
import org.intarsia.backend.api.Device;
import org.intarsia.backend.api.Plan;
import org.intarsia.engine.pipeline.Components;
import org.intarsia.engine.scheduler.PlanCompiler;
import org.intarsia.engine.scheduler.StagedCompiler;
import org.intarsia.engine.scheduler.StepRunner;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Graph;
import org.intarsia.graph.TensorType;
import org.intarsia.graph.op.Leaf;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.Weights;
import org.junit.jupiter.api.Test;

/** Layers on several devices give the bits of all layers on one, and each device has its own weights alone. */
class StagedCompilerTest {
    private static final String MODEL = "chameleon-7b";

    /** A device with the weights that it was asked for. */
    private static final class OnDevice implements PlanCompiler {
        final Map<String, Buffer> weights = new HashMap<>();
        private final Device device;
        private final Weights source;

        OnDevice(Device device, Weights source) {
            this.device = device;
            this.source = source;
        }

        @Override
        public Plan compile(Graph graph, Map<String, Buffer> states) {
            Map<String, Buffer> bound = new HashMap<>(states);
            graph.leaves(Leaf.Parameter.class).keySet().forEach(name -> bound.put(name, weights.computeIfAbsent(name, key -> {
                Tensor tensor = source.get(key);
                return device.constant(tensor.type(), tensor.content());
            })));
            return device.compile(graph, bound, 0);
        }

        @Override
        public boolean isAlikeBesideOthers() {
            return true;
        }

        @Override
        public Buffer allocate(TensorType type) {
            return device.allocate(type);
        }

        void end() {
            device.close();
        }
    }

    private static TokenRow stream(int length, int first) {
        return new TokenRow().add(IntStream.range(0, length).map(i -> 110 + (first + 17 * i) % 200).toArray());
    }

    @Test
    void layersOnSeveralDevicesHaveTheBitsOfOne() {
        Workshop workshop = new Workshop();
        try (OpenModel model = workshop.open(MODEL)) {
            model.using(() -> {
                Components components = model.pipelines().take().components();
                int layers = components.core().geometry().layers();
                assertThat(layers).isGreaterThan(1);
                Weights weights = components.presentation().weights();
                List<OnDevice> devices = new ArrayList<>();
                for (int i = 0; i <= layers; i++) {
                    devices.add(new OnDevice(workshop.backend.open(), weights));
                }
                PlanCompiler staged = new StagedCompiler(List.copyOf(devices.subList(0, layers)), IntStream.range(0, layers - 1).boxed().toList());
                try (StepRunner several = new StepRunner(staged, components.core(), Workshop.LIMITS, Encoding.F32);
                        StepRunner one = new StepRunner(devices.getLast(), components.core(), Workshop.LIMITS, Encoding.F32)) {
                    List<TokenRow> streams = new ArrayList<>(List.of(stream(40, 1), stream(25, 2)));
                    assertThat(several.next(streams, Head.TEXT)).isDeepEqualTo(one.next(streams, Head.TEXT));
                    // The cache of each device grows.
                    IntStream.range(0, 12).forEach(i -> streams.add(stream(100, 5 * i)));
                    streams.getFirst().add(7);
                    assertThat(several.next(streams, Head.TEXT)).isDeepEqualTo(one.next(streams, Head.TEXT));
                    assertThat(several.cacheBytes()).isEqualTo(one.cacheBytes());
                }
                List<String> all = devices.subList(0, layers).stream().flatMap(device -> device.weights.keySet().stream()).toList();
                assertThat(all).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(devices.getLast().weights.keySet());
                devices.forEach(OnDevice::end);
                return null;
            });
        }
    }
}
