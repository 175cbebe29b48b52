package org.intarsia.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.backend.api.DeviceInfo;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.FamilyInfo;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.shell.api.Console;
import org.junit.jupiter.api.Test;

/** Who uses what, as a drawing. */
class ComponentsTest {
    private static final DeviceInfo TWO_CORES = new DeviceInfo("cpu", "two cores", 1L << 31, List.of());

    /** An engine with one model from a bundle, one from a directory, and parts that both share. */
    private static final class Busy extends StandIn {
        @Override
        public List<ComponentInfo> components() {
            return List.of(new ComponentInfo("tokenizer", "huggingface", "org.intarsia.tokenizer 0.1.0", List.of("mine", "picturebook")),
                    new ComponentInfo("image decoder", "chameleon-vq", "org.intarsia.image.decoder 0.1.0", List.of("picturebook")),
                    new ComponentInfo("image decoder", "other", "org.example 2.0.0", List.of()));
        }

        @Override
        public List<FamilyInfo> families() {
            return List.of(new FamilyInfo("chameleon", "org.intarsia.families 0.1.0", List.of("mine", "picturebook")),
                    new FamilyInfo("llama", "org.intarsia.families 0.1.0", List.of()));
        }

        @Override
        public List<BackendInfo> backends() {
            return List.of(new BackendInfo("cpu", "org.intarsia.backend.cpu 0.1.0", List.of(TWO_CORES), "", List.of("mine", "picturebook"), true),
                    new BackendInfo("vulkan", "org.intarsia.backend.vulkan 0.1.0", List.of(), "there is no driver", List.of(), false));
        }

        @Override
        public List<InUse> inUse() {
            Optional<String> device = Optional.of("cpu/cpu org.intarsia.backend.cpu 0.1.0");
            return List.of(new InUse("picturebook", List.of(TOKENIZER, decoder("0.1.0")), device, 3, true),
                    new InUse("picturebook", List.of(TOKENIZER, decoder("0.2.0")), device, 1, false),
                    new InUse("mine", List.of(TOKENIZER), Optional.empty(), 0, false));
        }
    }

    private static final InUse.Part TOKENIZER = new InUse.Part("tokenizer", "huggingface", "org.intarsia.tokenizer 0.1.0");

    private static InUse.Part decoder(String version) {
        return new InUse.Part("image decoder", "chameleon-vq", "org.intarsia.image.decoder " + version);
    }

    /** An engine that nobody asks anything of. */
    private static final class Idle extends StandIn {
        private final List<ModelInfo> models;

        Idle(List<ModelInfo> models) {
            this.models = models;
        }

        @Override
        public List<ModelInfo> models() {
            return models;
        }

        @Override
        public List<ComponentInfo> components() {
            return List.of();
        }
    }

    private static String call(StandIn engine, String... words) throws Exception {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Components(engine).call(List.of(words), Path.of(""), new Console(InputStream.nullInputStream(), nowhere, nowhere))
                .toString();
    }

    @Test
    void drawsEachModelWithWhatItUsesAndThenTheRest() throws Exception {
        assertThat(call(new Busy())).isEqualTo("""
                mine
                └─ 0 generations in flight
                   └─ tokenizer huggingface (org.intarsia.tokenizer 0.1.0)
                picturebook (org.intarsia.model.picturebook 0.1.0)
                ├─ 3 generations in flight, kept until they end
                │  ├─ tokenizer huggingface (org.intarsia.tokenizer 0.1.0)
                │  ├─ image decoder chameleon-vq (org.intarsia.image.decoder 0.1.0)
                │  └─ cpu/cpu org.intarsia.backend.cpu 0.1.0
                └─ 1 generation in flight
                   ├─ tokenizer huggingface (org.intarsia.tokenizer 0.1.0)
                   ├─ image decoder chameleon-vq (org.intarsia.image.decoder 0.2.0)
                   └─ cpu/cpu org.intarsia.backend.cpu 0.1.0
                families
                ├─ chameleon (org.intarsia.families 0.1.0): mine, picturebook
                └─ llama (org.intarsia.families 0.1.0)
                not in use
                ├─ image decoder other (org.example 2.0.0)
                └─ backend vulkan (org.intarsia.backend.vulkan 0.1.0)
                   └─ no device: there is no driver""");
    }

    @Test
    void aModelThatNobodyHasOpenedRests() throws Exception {
        assertThat(call(new Idle(new StandIn().models()))).isEqualTo("picturebook (org.intarsia.model.picturebook 0.1.0): at rest");
    }

    @Test
    void saysWhereToGetAModel() throws Exception {
        assertThat(call(new Idle(List.of()))).startsWith("no model is installed or open; install a model bundle");
    }

    @Test
    void programsGetTheSameTree() throws Exception {
        assertThat(call(new Busy(), "--json")).startsWith("{\"models\":[{\"model\":\"mine\",\"bundle\":\"\",\"inUse\":[{\"model\":\"mine\",\"components\":[{\"kind\":\"tokenizer\"")
                .contains("\"families\":[{\"name\":\"chameleon\",\"bundle\":\"org.intarsia.families 0.1.0\","
                        + "\"usedBy\":[\"mine\",\"picturebook\"]},")
                .contains("\"unusedBackends\":[{\"name\":\"vulkan\"");
    }
}
