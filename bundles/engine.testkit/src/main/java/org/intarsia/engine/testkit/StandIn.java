package org.intarsia.engine.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.intarsia.backend.api.Precision;
import org.intarsia.engine.api.AdapterChoice;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.BackendInfo;
import org.intarsia.engine.api.ChatTemplate;
import org.intarsia.engine.api.ComponentInfo;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.FamilyInfo;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.api.Metrics;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.engine.api.ModelParts;
import org.intarsia.engine.api.Origin;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.engine.api.PictureRecord;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Redraw;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.stages.Stage;
import org.intarsia.engine.stages.StageLayers;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;

/** An engine with one model that answers at once: pictures have the colour of their seed, text is always the same. */
public class StandIn implements Engine, Model {
    /** The size of the painted world. */
    private static final int SIDE = 64;
    /** The size of a cell of it: there are four. */
    private static final int CELL = SIDE / 2;
    /** The origin of each of its pictures. */
    public static final Origin ORIGIN = new Origin("0.1.0", DEFAULT_MODEL, "sha256:00", new TreeMap<>(), List.of("cpu/cpu"));
    /** Its answer to every request for text. */
    public static final String WORDS = "a red star\n";

    /** The requests so far, in order. */
    public final List<Request> requests = new ArrayList<>();
    /** The models that were opened, with the backend that was named, and the names that were given to use. */
    public final List<String> opened = new ArrayList<>();
    /** The number of models that were closed. */
    public int closed;
    /** The chat template of the model; null where it has none. */
    public ChatTemplate template;
    /** The precision of the model that was opened last. */
    public Precision precision = Precision.EXACT;
    /** The adapters that the model was last opened with; the hash of each is its folder's name. */
    public List<Origin.Adapted> adapters = List.of();
    /** Why text ends. */
    public Answer.Outcome outcome = Answer.Outcome.COMPLETE;

    /** The picture that a seed gives. */
    public static Image picture(long seed) {
        byte[] rgb = new byte[3 * SIDE * SIDE];
        Arrays.fill(rgb, (byte) seed);
        return new Image(SIDE, SIDE, rgb);
    }

    @Override
    public List<ModelInfo> models() {
        return List.of(new ModelInfo(DEFAULT_MODEL, "org.intarsia.model.picturebook 0.1.0", 23_400_000, true, 0));
    }

    @Override
    public Path directory(String nameOrDirectory) {
        return Path.of(nameOrDirectory);
    }

    @Override
    public Model open(String nameOrDirectory, Placement placement, List<AdapterChoice> adapters) {
        opened.add(nameOrDirectory
                + adapters.stream().map(each -> " with " + each.weight() + " of " + each.folder()).collect(Collectors.joining())
                + placement.backend().map(backend -> " on " + backend).orElse("")
                + placement.precision().map(asked -> " " + asked).orElse(""));
        precision = placement.precision().orElse(Precision.EXACT);
        this.adapters = adapters.stream().map(each -> new Origin.Adapted(each.folder().getFileName().toString(), each.weight(),
                "sha256:" + each.folder().getFileName())).toList();
        if (!nameOrDirectory.equals(DEFAULT_MODEL) && !nameOrDirectory.startsWith("/")) {
            throw new ModelException("there is no model " + nameOrDirectory);
        }
        return this;
    }

    @Override
    public List<ComponentInfo> components() {
        return List.of(new ComponentInfo("tokenizer", "huggingface", "org.intarsia.tokenizer", List.of("picturebook")),
                new ComponentInfo("image decoder", "chameleon-vq", "org.intarsia.image.decoder", List.of()));
    }

    @Override
    public List<FamilyInfo> families() {
        return List.of();
    }

    @Override
    public List<BackendInfo> backends() {
        return List.of();
    }

    @Override
    public void useComponent(String kind, String name) {
        opened.add("every " + kind + " is " + name);
    }

    @Override
    public List<InUse> inUse() {
        return List.of();
    }

    @Override
    public Metrics metrics() {
        Metrics.Spans none = new Metrics.Spans(0, 0, 0, 0);
        return new Metrics(0, 0, 0, 0, 0, 0, 0, none, none, new TreeMap<>(), 0);
    }

    @Override
    public void useBackend(String name) {
        opened.add("all on " + name);
    }

    @Override
    public String name() {
        return DEFAULT_MODEL;
    }

    @Override
    public Path directory() {
        return Path.of("model");
    }

    @Override
    public Sampling sampling(Goal goal) {
        return Sampling.builder().temperature(0.7).topP(0.9).guidance(3, 1.2).build();
    }

    /** It knows words of up to six letters. */
    @Override
    public List<String> unknownWords(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> word.length() > 6).toList();
    }

    @Override
    public Precision precision() {
        return precision;
    }

    @Override
    public List<Origin.Adapted> adapters() {
        return adapters;
    }

    @Override
    public Stage stage(StageLayers layers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ModelParts parts() {
        throw new UnsupportedOperationException();
    }

    private Origin origin() {
        return new Origin(ORIGIN.platform(), ORIGIN.model(), ORIGIN.weights(), ORIGIN.components(), ORIGIN.devices(), adapters);
    }

    @Override
    public Optional<ChatTemplate> chatTemplate() {
        return Optional.ofNullable(template);
    }

    @Override
    public int room(Request request) {
        return 100;
    }

    @Override
    public Generation prepare(List<Request> asked, Consumer<Event> listener) {
        requests.addAll(asked);
        return new Generation() {
            @Override
            public List<Answer> run() {
                return asked.stream().map(request -> answered(request, listener)).toList();
            }

            @Override
            public Generation start() {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<Answer> await() {
                throw new UnsupportedOperationException();
            }

            @Override
            public void cancel() {
                throw new UnsupportedOperationException();
            }
        };
    }

    /** What a seed gives. */
    protected Image paint(long seed) {
        return picture(seed);
    }

    /** The only token of a picture. */
    protected int token() {
        return 7;
    }

    private Answer answered(Request request, Consumer<Event> listener) {
        if (request.goal() == Goal.PICTURE) {
            Image painted = paint(request.sampling().seed());
            Image picture = request.redraw().map(redraw -> redrawn(redraw, painted)).orElse(painted);
            return new Answer(List.of(picture), List.of(token()), List.of(3), Answer.Outcome.COMPLETE, origin());
        }
        listener.accept(new Event.TextPiece(0, WORDS));
        return new Answer(List.of(new Text(WORDS)), List.of(1, 2), List.of(), outcome, origin());
    }

    private static Image redrawn(Redraw redraw, Image painted) {
        byte[] rgb = redraw.picture().rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / 3;
            if (redraw.cells().get(pixel / SIDE / CELL * (SIDE / CELL) + pixel % SIDE / CELL)) {
                rgb[i] = painted.rgb()[i];
            }
        }
        return new Image(SIDE, SIDE, rgb);
    }

    @Override
    public int[] encode(Image picture) {
        return new int[grid().cells()];
    }

    @Override
    public Image decode(int[] codes) {
        return picture(codes[0]);
    }

    @Override
    public PictureGrid grid() {
        return new PictureGrid(SIDE / CELL, SIDE / CELL, CELL, CELL);
    }

    @Override
    public Redraw redraw(Image picture, Optional<PictureRecord> record, BitSet cells) {
        return new Redraw(picture, encode(picture), cells);
    }

    @Override
    public List<Part> question(String text, List<Image> pictures) {
        List<Part> parts = new ArrayList<>(List.of(new Text(text)));
        parts.addAll(pictures);
        return parts;
    }

    @Override
    public boolean makes(Goal goal) {
        return goal != Goal.INTERLEAVED;
    }

    @Override
    public Trace trace(Path inputs, Path outputs) {
        Safetensors.write(outputs, List.of(Tensor.of("parity.logits_raw", Shape.of(1, 10),
                new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})), Map.of());
        return new Trace(List.of("parity.logits_raw"), List.of());
    }

    @Override
    public long bytesPerToken() {
        return 8;
    }

    @Override
    public void close() {
        closed++;
    }
}
