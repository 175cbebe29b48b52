package org.intarsia.transformer.decoder;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.model.blocks.AxialRotary;
import org.intarsia.model.blocks.ConfigFile;

/**
 * The rotary position embedding, in the float32 steps of Hugging Face's reference: frequencies of 1 / theta^(2i / headDim),
 * changed for long contexts as {@code rope_type} says. transformers 5 writes base, type and numbers into {@code
 * rope_parameters}; transformers 4 writes {@code rope_theta} beside {@code rope_scaling}.
 *
 * <p>In M-RoPE (Wang et al., "Qwen2-VL", 2024) a token has three positions, and {@code mrope_section} says how many pairs are
 * turned by each: the first by time, the next by row, the last by column.
 *
 * @param frequencies radians a position, one for each pair of a head
 * @param scaling     factor on the rotated queries and keys; 1 but for YaRN
 * @param sections    pairs that are turned by the position on each axis; all, where a token has one position
 */
public record Rotary(List<Double> frequencies, double scaling, List<Integer> sections) {
    /** Time, row and column. */
    private static final int AXES = 3;
    private static final String SCALING = "rope_scaling";
    private static final String PARAMETERS = "rope_parameters";
    private static final String THETA = "rope_theta";
    private static final String TYPE = "rope_type";
    private static final String FACTOR = "factor";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String SECTIONS = "mrope_section";
    private static final String PARTIAL = "partial_rotary_factor";
    /** Fields of all types. The reference, too, ignores those of another type; any other may change the frequencies. */
    private static final Set<String> FIELDS = Set.of(THETA, TYPE, "type", FACTOR, ORIGINAL, PARTIAL, "low_freq_factor",
            "high_freq_factor", "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate",
            "finetuned");

    public Rotary {
        frequencies = List.copyOf(frequencies);
        sections = List.copyOf(sections);
    }

    /** The embedding of tokens that have one position. */
    public Rotary(List<Double> frequencies, double scaling) {
        this(frequencies, scaling, List.of(frequencies.size()));
    }

    /** How many positions a token has. */
    int axes() {
        return sections.size();
    }

    /**
     * Reads the embedding; what is wrong is left with the file.
     *
     * @param headDim      size of a head
     * @param context      most tokens of one stream
     * @param defaultTheta the base where the file names none
     */
    public static Rotary read(ConfigFile file, int headDim, int context, double defaultTheta) {
        return read(file, headDim, context, defaultTheta, FIELDS);
    }

    /** As {@link #read}, of a family whose tokens have three positions; what is wrong is left with the file. */
    public static Rotary readSections(ConfigFile file, int headDim, int context, double defaultTheta) {
        Set<String> fields = new HashSet<>(FIELDS);
        fields.add(SECTIONS);
        Rotary whole = read(file, headDim, context, defaultTheta, fields);
        ConfigFile found = scaling(file).orElse(file);
        List<Integer> sections = found.sizes(SECTIONS, List.of());
        if (sections.size() == AXES && sections.stream().mapToInt(Integer::intValue).sum() == headDim / 2) {
            return new Rotary(whole.frequencies, whole.scaling, sections);
        }
        found.wrong(SECTIONS, "should be three numbers, of pairs that are turned by time, row and column, which make half of a head's"
                + " size, " + headDim / 2 + ", together");
        return whole;
    }

    private static Optional<ConfigFile> scaling(ConfigFile file) {
        return object(file, SCALING).or(() -> object(file, PARAMETERS));
    }

    private static Rotary read(ConfigFile file, int headDim, int context, double defaultTheta, Set<String> known) {
        // As in the reference: an older field that is not empty counts, and the newer one does not then.
        Optional<ConfigFile> found = scaling(file);
        double outer = file.positive(THETA, defaultTheta);
        whole(file);
        if (found.isEmpty()) {
            return new Rotary(doubles(AxialRotary.frequencies(outer, headDim)), 1);
        }
        int originally = file.has(ORIGINAL) ? file.size(ORIGINAL) : found.get().size(ORIGINAL, context);
        return read(found.get(), headDim, context, outer, originally, known);
    }

    /**
     * Reads the embeddings of layers that have one by their type, as Gemma 3 has: {@code rope_parameters} of transformers 5
     * holds an object for each type; before that, {@code rope_theta} and {@code rope_scaling} belonged to full attention, and
     * {@code rope_local_base_freq} to sliding attention.
     *
     * @param defaultTheta the base for full attention where the file names none
     * @param defaultLocal the base for sliding attention
     * @return by the names of {@code layer_types}
     */
    public static Map<String, Rotary> readByType(ConfigFile file, int headDim, int context, double defaultTheta,
            double defaultLocal) {
        Optional<ConfigFile> scaling = object(file, SCALING);
        Optional<ConfigFile> parameters = object(file, PARAMETERS);
        if (scaling.isPresent() && parameters.isPresent()) {
            file.wrong(SCALING, "should not stand beside rope_parameters, which says the same");
        }
        parameters.ifPresent(fields -> fields.names().stream()
                .filter(name -> !name.equals(LayerVariant.FULL) && !name.equals(LayerVariant.SLIDING) && fields.has(name))
                .forEach(name -> fields.wrong(name, "is not supported beside an object for each type of layer, and may change the"
                        + " positions of tokens")));
        whole(file);
        double theta = file.positive(THETA, defaultTheta);
        double local = file.positive("rope_local_base_freq", defaultLocal);
        return Map.of(
                LayerVariant.FULL, scaling.or(() -> parameters.flatMap(types -> object(types, LayerVariant.FULL)))
                        .map(fields -> read(fields, headDim, context, theta, fields.size(ORIGINAL, context), FIELDS))
                        .orElseGet(() -> new Rotary(doubles(AxialRotary.frequencies(theta, headDim)), 1)),
                LayerVariant.SLIDING, parameters.flatMap(types -> object(types, LayerVariant.SLIDING))
                        .map(fields -> read(fields, headDim, context, local, fields.size(ORIGINAL, context), FIELDS))
                        .orElseGet(() -> new Rotary(doubles(AxialRotary.frequencies(local, headDim)), 1)));
    }

    /**
     * Reads one object of fields.
     *
     * @param outer    the base where the object names none
     * @param original the context before it was lengthened
     * @param known    the fields that may stand there
     */
    private static Rotary read(ConfigFile fields, int headDim, int context, double outer, int original, Set<String> known) {
        whole(fields);
        fields.names().stream().filter(name -> !known.contains(name) && fields.has(name))
                .forEach(name -> fields.wrong(name, "is not supported, and may change the positions of tokens"));
        double theta = fields.positive(THETA, outer);
        List<Float> frequencies = AxialRotary.frequencies(theta, headDim);
        String type = fields.text(TYPE, fields.text("type", "default"));
        // The name that published files of Qwen2-VL and its like give to unscaled frequencies in sections.
        if (type.equals("mrope") && known.contains(SECTIONS)) {
            type = "default";
        }
        switch (type) {
            case "default" -> { }
            case "linear" -> {
                float factor = (float) fields.positive(FACTOR);
                frequencies.replaceAll(frequency -> frequency / factor);
            }
            // The base grows with streams beyond max_position_embeddings, and no stream here is longer.
            case "dynamic" -> fields.positive(FACTOR);
            case "llama3" -> smooth(fields, frequencies, original);
            case "yarn" -> {
                return yarn(fields, frequencies, theta, context, original);
            }
            default -> fields.wrong(TYPE, "should be \"default\", \"linear\", \"dynamic\", \"llama3\" or \"yarn\"; \"" + type
                    + "\" is not supported");
        }
        return new Rotary(doubles(frequencies), 1);
    }

    private static Optional<ConfigFile> object(ConfigFile file, String name) {
        return file.has(name) ? Optional.of(file.at(name)).filter(fields -> !fields.names().isEmpty()) : Optional.empty();
    }

    /** No family here rotates a part of a head alone. */
    private static void whole(ConfigFile fields) {
        if (fields.positive(PARTIAL, 1) != 1) {
            fields.wrong(PARTIAL, "should be 1: heads that are rotated in part are not supported");
        }
    }

    /**
     * Llama 3.1: waves longer than the original context are slowed down by a factor, short ones stay, and those between
     * are mixed.
     */
    private static void smooth(ConfigFile fields, List<Float> frequencies, float context) {
        float factor = (float) fields.positive(FACTOR);
        float low = (float) fields.positive("low_freq_factor");
        float high = (float) fields.positive("high_freq_factor");
        if (high <= low) {
            if (fields.isSound()) {
                fields.wrong("high_freq_factor", "should be above low_freq_factor");
            }
            return;
        }
        frequencies.replaceAll(frequency -> {
            float wave = (float) (2 * Math.PI) / frequency;
            if (wave < context / high) {
                return frequency;
            }
            if (wave > context / low) {
                return frequency / factor;
            }
            float share = (context / wave - low) / (high - low);
            return (1 - share) * frequency / factor + share * frequency;
        });
    }

    /**
     * YaRN (Peng et al., 2023): frequencies that turn less than {@code beta_slow} times in the original context are divided
     * by a factor, those that turn more than {@code beta_fast} times stay, and those between are mixed.
     */
    private static Rotary yarn(ConfigFile fields, List<Float> frequencies, double theta, int context, int original) {
        double factor = fields.positive(FACTOR, (double) context / original);
        double slow = fields.positive("beta_slow", 1);
        double fast = fields.positive("beta_fast", 32);
        boolean truncate = fields.flag("truncate", true);
        int pairs = frequencies.size();
        double first = pairAt(fast, 2 * pairs, theta, original);
        double last = pairAt(slow, 2 * pairs, theta, original);
        float from = (float) Math.max(truncate ? Math.floor(first) : first, 0);
        double to = Math.min(truncate ? Math.ceil(last) : last, 2 * pairs - 1);
        float width = (float) (to == from ? 0.001 : to - from);
        List<Float> mixed = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            float kept = 1 - Math.clamp((i - from) / width, 0, 1);
            float divided = 1 / ((float) factor * (1 / frequencies.get(i)));
            mixed.add(divided * (1 - kept) + frequencies.get(i) * kept);
        }
        return new Rotary(doubles(mixed), yarnScaling(fields, factor));
    }

    /** The pair, with a fraction, that turns so often in the original context. */
    private static double pairAt(double turns, int headDim, double theta, int original) {
        return headDim * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private static double yarnScaling(ConfigFile fields, double factor) {
        double scale = fields.decimal("mscale", 0);
        double scaleOfAll = fields.decimal("mscale_all_dim", 0);
        double usual = scale != 0 && scaleOfAll != 0
                ? yarnScaling(factor, scale) / yarnScaling(factor, scaleOfAll) : yarnScaling(factor, 1);
        return fields.positive("attention_factor", usual);
    }

    private static double yarnScaling(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    /**
     * Rotates queries or keys.
     *
     * @param x         (S, L, heads, headDim)
     * @param positions (S, L) for each axis
     * @return (S, L, heads, headDim)
     */
    Node turn(GraphBuilder graph, Node x, List<Node> positions) {
        Node turned = new AxialRotary(frequencies, sections).turn(graph, x, positions);
        return scaling == 1 ? turned : graph.mul(turned, graph.scalar(scaling));
    }

    /** The same with frequencies divided by factors that a checkpoint holds as a tensor. */
    Rotary slowedBy(float[] factors) {
        List<Double> slowed = new ArrayList<>();
        for (int i = 0; i < frequencies.size(); i++) {
            slowed.add((double) (frequencies.get(i).floatValue() / factors[i]));
        }
        return new Rotary(slowed, scaling, sections);
    }

    private static List<Double> doubles(List<Float> frequencies) {
        return frequencies.stream().map(Float::doubleValue).toList();
    }
}
