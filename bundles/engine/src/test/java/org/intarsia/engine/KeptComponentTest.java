package org.intarsia.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.Inflater;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.InUse;
import org.intarsia.engine.api.Metrics;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.registry.Kind;
import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.image.decoder.ChameleonDecoderFactory;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ImageDecoder;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A generation ends with the components that it began with; those that begin later take what is there then. */
class KeptComponentTest {
    private static final Request PICTURE = new Request(List.of(), Goal.PICTURE,
            Sampling.builder().temperature(1).seed(5).maxTokens(1).build());

    private Workshop workshop = new Workshop();

    @Test
    void aDecoderThatHasLeftPaintsWhatItBegan() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            Answer kept = at(20, model, () -> workshop.registry.removeImageDecoder(workshop.decoder));
            assertThat(kept).isEqualTo(undisturbed);
            assertThatThrownBy(() -> model.answer(PICTURE)).hasMessageContaining("org.intarsia.image.decoder");
        }
    }

    @Test
    void whoBeginsLaterTakesTheNewOne() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            Answer kept = at(20, model, () -> {
                workshop.registry.removeImageDecoder(workshop.decoder);
                workshop.registry.addImageDecoder(new Inverting(), Workshop.properties(9));
                assertThat(model.answer(PICTURE).images()).containsExactly(inverted(undisturbed.images().getFirst()));
                assertThat(model.inUse()).extracting(InUse::outdated, InUse::generations)
                        .containsExactly(tuple(true, 1), tuple(false, 0));
            });
            assertThat(kept).isEqualTo(undisturbed);
            assertThat(model.inUse()).extracting(InUse::outdated).containsExactly(false);
        }
    }

    @Test
    void whatUsersPreferIsTakenByNewGenerations() {
        workshop.registry.addImageDecoder(new Inverting(), Workshop.properties(9));
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            Answer kept = at(20, model, () -> workshop.registry.prefer(Kind.IMAGE_DECODER, "inverting"));
            assertThat(kept).isEqualTo(undisturbed);
            Image inverted = inverted(undisturbed.images().getFirst());
            assertThat(model.answer(PICTURE).images()).containsExactly(inverted);
            workshop.registry.prefer(Kind.IMAGE_DECODER, workshop.decoder.name());
            assertThat(model.answer(PICTURE)).isEqualTo(undisturbed);
        }
        assertThatThrownBy(() -> workshop.registry.prefer(Kind.IMAGE_DECODER, "abacus")).isInstanceOf(ModelException.class)
                .hasMessage("there is no image decoder abacus (installed: " + workshop.decoder.name()
                        + ", inverting): start or install a bundle that has it");
    }

    @Test
    void afterItsTimeOfGraceItIsReplacedInTheMidst() {
        workshop = new Workshop(Duration.ZERO, Duration.ZERO);
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer undisturbed = model.answer(PICTURE);
            Answer moved = at(20, model, () -> {
                workshop.registry.removeImageDecoder(workshop.decoder);
                workshop.registry.addImageDecoder(new Inverting(), Workshop.properties(9));
            });
            assertThat(moved.ids()).isEqualTo(undisturbed.ids());
            assertThat(moved.images()).containsExactly(inverted(undisturbed.images().getFirst()));
            assertThat(moved.origin().components()).containsEntry("image decoder", "bundle4, bundle9");
        }
    }

    /**
     * Classes of a bundle that was uninstalled cannot be loaded any more; and where its file is closed while one is read, the
     * JDK complains of the state of its own objects.
     */
    @ParameterizedTest
    @MethodSource("failuresToLoad")
    void oneThatCannotGoOnIsReplacedInTheMidst(Runnable failure) {
        workshop.registry.removeImageDecoder(workshop.decoder);
        Inverting gone = new Inverting();
        workshop.registry.addImageDecoder(gone, Workshop.properties(8));
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer moved = at(20, model, () -> {
                gone.loading = failure;
                workshop.registry.removeImageDecoder(gone);
                workshop.registry.addImageDecoder(new ChameleonDecoderFactory(), Workshop.properties(9));
            });
            assertThat(moved).usingRecursiveComparison().ignoringFields("origin").isEqualTo(model.answer(PICTURE));
        }
    }

    @Test
    void oneThatComesWhileItIsLookedForIsFound() {
        workshop.registry.removeImageDecoder(workshop.decoder);
        workshop.registry.addImageDecoder(new Inverting() {
            private boolean asked;

            @Override
            public Optional<String> refuses(ModelFiles files) {
                if (!asked) {
                    asked = true;
                    // Behind this one in the list that is being gone through.
                    workshop.registry.addImageDecoder(workshop.decoder, Workshop.properties(9));
                }
                return Optional.of("of the test");
            }
        }, Workshop.properties(8));
        try (OpenModel model = workshop.open("chameleon-7b")) {
            assertThat(model.answer(PICTURE).images()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("failuresToLoad")
    void errorsOfAComponentThatIsThereAreNotHidden(Runnable failure) {
        Inverting broken = new Inverting();
        workshop.registry.removeImageDecoder(workshop.decoder);
        workshop.registry.addImageDecoder(broken, Workshop.properties(8));
        try (OpenModel model = workshop.open("chameleon-7b")) {
            assertThatThrownBy(() -> at(20, model, () -> broken.loading = failure)).isInstanceOfAny(NoClassDefFoundError.class, IllegalStateException.class);
        }
        Metrics metrics = workshop.recorder.metrics(0, Map.of());
        assertThat(metrics.failed()).isOne();
        assertThat(metrics.inFlight()).isZero();
    }

    @Test
    void pausesAndTokensAreCountedAndNothingStaysOnTheDevice() {
        try (OpenModel model = workshop.open("chameleon-7b")) {
            Answer answer = at(20, model, model::move);
            Metrics metrics = workshop.recorder.metrics(workshop.registry.queue(), model.memory());
            assertThat(metrics.tokens()).isEqualTo(answer.ids().size());
            assertThat(metrics.pauses().count()).isOne();
            assertThat(metrics.gaps().count()).isEqualTo(answer.ids().size() - 1);
            assertThat(metrics.pauses().maxMs()).isPositive();
            assertThat(metrics.finished()).isOne();
            assertThat(metrics.memory()).hasSize(1).allSatisfy((device, bytes) -> assertThat(bytes).isPositive());
        }
        assertThat(workshop.recorder.metrics(0, Map.of()).leakedBytes()).isZero();
    }

    @Test
    void oneThatCannotBeClosedStopsNothing() {
        Inverting stubborn = new Inverting();
        stubborn.closing = () -> {
            throw new IllegalStateException("of the test");
        };
        workshop.registry.removeImageDecoder(workshop.decoder);
        workshop.registry.addImageDecoder(stubborn, Workshop.properties(8));
        List<Object> told = new ArrayList<>();
        try (OpenModel model = workshop.open("chameleon-7b")) {
            model.answer(PICTURE);
            workshop.registry.watch(told::add);
            workshop.registry.addImageDecoder(workshop.decoder, Workshop.properties(9));
            workshop.registry.removeImageDecoder(stubborn);
            assertThat(told).as("watchers behind it").containsExactly(stubborn);
            assertThat(model.answer(PICTURE).images()).hasSize(1);
        }
        assertThat(workshop.recorder.metrics(0, Map.of()).leakedBytes()).isZero();
    }

    static List<Runnable> failuresToLoad() {
        return List.of(() -> {
            throw new NoClassDefFoundError("of the test");
        }, () -> {
            Inflater closed = new Inflater();
            closed.end();
            closed.getBytesRead();
        });
    }

    private static Answer at(int codes, OpenModel model, Runnable action) {
        Consumer<Event> listener = event -> {
            if (event instanceof Event.PictureProgress progress && progress.codes() == codes) {
                action.run();
            }
        };
        return model.prepare(List.of(PICTURE), listener).run().getFirst();
    }

    private static Image inverted(Image image) {
        byte[] rgb = image.rgb().clone();
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) ~rgb[i];
        }
        return new Image(image.width(), image.height(), rgb);
    }

    /** The real decoder, but light is dark. */
    private static class Inverting implements ComponentFactory.OfImageDecoder {
        private final ChameleonDecoderFactory real = new ChameleonDecoderFactory();
        private volatile Runnable loading = () -> { };
        private volatile Runnable closing = () -> { };

        @Override
        public String name() {
            return "inverting";
        }

        @Override
        public Optional<String> refuses(ModelFiles files) {
            return real.refuses(files);
        }

        @Override
        public ImageDecoder create(ModelFiles files) {
            return new Inverted(real.create(files));
        }

        /** What the factory makes. */
        private final class Inverted implements ImageDecoder, AutoCloseable {
            private final ImageDecoder decoder;

            Inverted(ImageDecoder decoder) {
                this.decoder = decoder;
            }

            @Override
            public int rows() {
                return decoder.rows();
            }

            @Override
            public int columns() {
                return decoder.columns();
            }

            @Override
            public int pixelsPerCode() {
                return decoder.pixelsPerCode();
            }

            @Override
            public Node embed(GraphBuilder graph, Node codes, int rows, int columns) {
                return decoder.embed(graph, codes, rows, columns);
            }

            @Override
            public Node pixels(GraphBuilder graph, Node latent) {
                return decoder.pixels(graph, latent);
            }

            @Override
            public Image picture(float[] pixels, int height, int width) {
                loading.run();
                return inverted(decoder.picture(pixels, height, width));
            }

            @Override
            public void close() {
                closing.run();
            }
        }
    }
}
