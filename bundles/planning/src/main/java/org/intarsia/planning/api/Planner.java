package org.intarsia.planning.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.intarsia.graph.Encoding;
import org.intarsia.weights.tool.ProgressListener;
import org.osgi.annotation.versioning.ProviderType;

/** Plans models that need not be there. A service; safe for use by several threads. */
@ProviderType
public interface Planner {

    /** The names of the configurations in the box. */
    List<String> SHAPES = List.of("chameleon-7b", "chameleon-30b", "chameleon-405b", "janus-pro-1b");

    /** The encodings that {@link #write} knows. */
    List<Encoding> WRITABLE = List.of(Encoding.F32, Encoding.F16, Encoding.BF16, Encoding.Q8_0, Encoding.Q4_0, Encoding.Q4_K);

    /**
     * Memory that can hold a part of a model.
     *
     * @param name  for people, for example {@code 80GB}
     * @param bytes how much of it there is
     */
    record Memory(String name, long bytes) {
    }

    /**
     * Hosts that share one model: the first has the prompt, the embedding and the heads.
     *
     * @param hosts     in the order in which a step goes through them
     * @param link      bytes a second between two of them
     * @param roundTrip seconds that the smallest message takes there and back
     */
    record Network(List<Host> hosts, double link, double roundTrip) {
    }

    /**
     * A host for a part of a model's layers.
     *
     * @param name        for people, for example {@code 64GB@30GB/s}
     * @param memoryBytes how much memory its device has
     * @param bandwidth   bytes a second at which it reads weights and cache
     */
    record Host(String name, long memoryBytes, double bandwidth) {
    }

    /**
     * What shall be planned.
     *
     * @param encodings  how the weights may be stored
     * @param memories   each for itself: whether the model fits, or how many of the kind it takes
     * @param together   the memories of devices or machines that share one model; may be empty
     * @param bandwidths bytes a second at which weights and cache are read
     * @param context    tokens of a stream whose keys and values are kept; 0 for as many as the model can have
     * @param network    hosts that share one model, if any
     */
    record Question(List<Encoding> encodings, List<Memory> memories, List<Memory> together, List<Double> bandwidths,
            int context, Optional<Network> network) {
    }

    /**
     * What a model is made of. The installed components tell their own tensors, so this knows every family that is
     * installed.
     *
     * @param nameOrPath one of {@link #SHAPES}, a {@code config.json}, or a model directory, with or without weights
     * @throws org.intarsia.model.api.ModelException when there is none, it is broken, or no component knows its family
     */
    Blueprint blueprint(String nameOrPath);

    /**
     * What it needs.
     *
     * @throws org.intarsia.model.api.ModelException when the context is longer than the model can have
     */
    Forecast forecast(Blueprint blueprint, Question question);

    /**
     * Writes a checkpoint of random weights, to measure with: nothing that it says or paints has a meaning. Beside the weights
     * stand the configuration and a tokenizer with a token for each byte of a text. Equal seeds give equal bytes.
     *
     * <p>The directory appears when all is on the disk. When the writing was broken off, the same call goes on where it was.
     *
     * @param nameOrPath as for {@link #blueprint}
     * @param encoding   one of {@link #WRITABLE}; matrices are stored so, and where it is one of blocks, the rest in two or four
     *                   bytes an element
     * @param directory  what to make; it must not be there, or be empty
     * @return the bytes of the weights
     * @throws org.intarsia.model.api.ModelException    when the configuration cannot be used, or the directory is there already
     * @throws org.intarsia.weights.WeightsException when it cannot be written
     */
    long write(String nameOrPath, Encoding encoding, Path directory, long seed, ProgressListener listener);
}
