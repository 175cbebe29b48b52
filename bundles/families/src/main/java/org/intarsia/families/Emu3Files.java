package org.intarsia.families;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.Fields;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Weights;

/**
 * The files of Emu3 in the layout of its authors ({@code model_type} {@code Emu3}: BAAI/Emu3-Gen, BAAI/Emu3-Chat) seen
 * as if they were published in that of transformers ({@code emu3}). The authors keep the picture tokenizer
 * (BAAI/Emu3-VisionTokenizer) apart; here it is in the model directory, as the folder {@code Emu3-VisionTokenizer}, or a link
 * of that name. A {@code tokenizer.json} counts where it is there; else it is made from the authors' files. Safe for use by
 * several threads.
 */
final class Emu3Files implements ModelFiles, AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final String TOKENIZER = "tokenizer.json";
    static final String AUTHORS = "Emu3";
    private static final String OURS = "emu3";
    private static final String VISION = "Emu3-VisionTokenizer";
    private static final String VISION_FAMILY = "Emu3VisionVQ";
    private static final List<String> SAME_NAMES = List.of("codebook_size", "embed_dim", "in_channels", "out_channels",
            "temporal_downsample_factor", "num_res_blocks", "attn_resolutions");
    /** In the text of a prompt this stands for a picture; transformers gave it the place of a token that nobody uses. */
    private static final String PLACEHOLDER = "<image>";
    private static final String UNUSED = "<|extra_0|>";

    private final ModelFiles files;
    private String config;
    private Optional<String> tokenizer;
    private Weights weights;

    /** @param files published by the authors */
    Emu3Files(ModelFiles files) {
        this.files = files;
    }

    @Override
    public Path directory() {
        return files.directory();
    }

    @Override
    public String family() {
        return OURS;
    }

    @Override
    public synchronized Weights weights() {
        if (weights == null) {
            weights = new JoinedWeights(files.weights().renamed(name -> "text_model." + name),
                    new Emu3Names(Checkpoint.open(vision(directory()))), name -> true);
        }
        return weights;
    }

    @Override
    public synchronized void close() {
        if (weights != null) {
            weights.close();
        }
    }

    @Override
    public synchronized Optional<String> json(String fileName) {
        return switch (fileName) {
            case CONFIG -> Optional.of(config());
            case TOKENIZER -> tokenizer();
            case PREPROCESSOR -> files.json(PREPROCESSOR).or(() -> Fields.text(vision(directory()).resolve(PREPROCESSOR)));
            default -> files.json(fileName);
        };
    }

    /**
     * The folder of the picture tokenizer.
     *
     * @throws ModelException when it is not there
     */
    static Path vision(Path directory) {
        Path vision = directory.resolve(VISION);
        if (!Files.isDirectory(vision)) {
            throw new ModelException("the model in " + directory + " lacks the picture tokenizer that its authors publish apart:"
                    + " put BAAI/" + VISION + ", or a link to it, there as " + vision);
        }
        return vision;
    }

    private String config() {
        if (config == null) {
            ObjectNode emu3 = Fields.object().put("model_type", OURS);
            emu3.set("text_config", Fields.read(files.json(CONFIG).orElse("{}"), where(directory())));
            Path place = vision(directory());
            JsonNode vision = Fields.read(Fields.text(place.resolve(CONFIG)).orElse("{}"), where(place));
            String family = vision.path("model_type").asText();
            if (!family.equals(VISION_FAMILY)) {
                throw new ModelException(where(place) + " should have the model_type " + VISION_FAMILY + ", not "
                        + Quoted.of(family) + ": put BAAI/" + VISION + " there");
            }
            translate(vision, emu3.putObject("vq_config"));
            vocabulary(emu3.putObject("vocabulary_map"));
            config = emu3.toString();
        }
        return config;
    }

    private static String where(Path directory) {
        return CONFIG + " of the model in " + directory;
    }

    private static void translate(JsonNode authors, ObjectNode vq) {
        SAME_NAMES.forEach(name -> Fields.copy(authors, name, vq, name));
        Fields.copy(authors, "z_channels", vq, "latent_channels");
        Fields.copy(authors, "double_z", vq, "double_latent");
        Fields.copy(authors, "ch", vq, "base_channels");
        Fields.copy(authors, "ch_mult", vq, "channel_multiplier");
        // The authors' attention has as many channels as there are where it stands.
        JsonNode multipliers = authors.path("ch_mult");
        vq.put("hidden_size", authors.path("ch").asLong(256) * multipliers.path(multipliers.size() - 1).asLong(4));
    }

    private void vocabulary(ObjectNode map) {
        String text = tokenizer().orElseThrow(() -> new ModelException("the model in " + directory() + " has neither "
                + Emu3Tokenizer.RANKS + " and " + Emu3Tokenizer.VISION + " nor " + TOKENIZER
                + "; copy them there from where the weights come from"));
        for (JsonNode token : Fields.read(text, TOKENIZER + " of the model in " + directory()).path("added_tokens")) {
            map.set(token.path("content").asText(), token.path("id"));
        }
        if (!map.has(PLACEHOLDER)) {
            Fields.copy(map, UNUSED, map, PLACEHOLDER);
        }
    }

    private Optional<String> tokenizer() {
        if (tokenizer == null) {
            tokenizer = files.json(TOKENIZER).or(() -> files.json(Emu3Tokenizer.RANKS).flatMap(ranks ->
                    files.json(Emu3Tokenizer.VISION).map(vision -> new Emu3Tokenizer(directory(), ranks, vision).json())));
        }
        return tokenizer;
    }
}
