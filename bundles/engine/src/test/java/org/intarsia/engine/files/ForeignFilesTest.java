package org.intarsia.engine.files;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One sentence says what a folder is that cannot be opened, and what can. */
class ForeignFilesTest {
    private static final String KNOWN = "; models are folders with config.json and safetensors files, and GGUF files";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "model_index.json | {\"_class_name\": \"FluxPipeline\"} | holds a diffusers pipeline ('FluxPipeline'), which is not"
                + " supported",
        "adapter_config.json | {} | holds an adapter without its model; name its base model",
        "params.json | {} | holds a model in the layout of its authors (params.json), which is not read: take the one that was"
                + " converted for transformers",
        "model.onnx | x | holds an ONNX graph ('model.onnx'), which is not read",
        "consolidated.00.pth | x | holds weights as PyTorch pickles ('consolidated.00.pth'), which are not read: save them as"
                + " safetensors"})
    void namesWhatLiesInAFolder(String file, String content, String what) throws IOException {
        Files.writeString(folder.resolve(file), content);
        assertThatThrownBy(() -> OpenedFiles.open(folder)).isInstanceOf(ModelException.class)
                .hasMessage("'" + folder + "' " + what + KNOWN);
    }

    @Test
    void namesWeightsThatAreNotReadBesideAConfiguration() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
        Files.writeString(folder.resolve("pytorch_model.bin"), "x");
        assertThatThrownBy(() -> OpenedFiles.open(folder)).isInstanceOf(ModelException.class)
                .hasMessage("'" + folder + "' holds weights as PyTorch pickles ('pytorch_model.bin'), which are not read: save"
                        + " them as safetensors" + KNOWN);
    }

    @Test
    void namesAFileThatIsNoModel() throws IOException {
        Path file = Files.writeString(folder.resolve("x.pth"), "x");
        assertThatThrownBy(() -> {
            throw ForeignFiles.file(file);
        }).hasMessage("'" + file + "' holds weights as PyTorch pickles, which are not read: save them as safetensors" + KNOWN);
    }
}
