package org.intarsia.engine.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.intarsia.engine.Workshop;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Meter;
import org.intarsia.engine.api.Meter.Pace;
import org.intarsia.engine.api.Meter.Rate;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured of models, and what is left out; how fast they are is of no account. */
class ModelMeterTest {
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration ANY_TIME = Duration.ofDays(1);
    private static final Duration READING = Duration.ofMillis(20);

    private static Pace measure(Model model, Duration longest) {
        return new ModelMeter(model, new Stopwatch(NO_TIME, longest), news -> { }).measure();
    }

    private static void assertMeasured(Rate rate) {
        assertThat(rate.perSecond().orElseThrow()).isPositive().isFinite();
        assertThat(rate.reason()).isEmpty();
        assertThat(rate.runSeconds()).isEmpty();
    }

    @Test
    void aModelOfTextIsMeasuredWithText() {
        try (Model model = new Workshop().withAllFamilies().open("llama")) {
            Pace pace = measure(model, ANY_TIME);
            assertThat(pace.goal()).isEqualTo(Goal.CONTINUATION);
            // As many words as the context has room for, which is less than all of them.
            assertThat(pace.promptTokens()).isBetween(100, 512 - 16);
            assertThat(pace.prefillPerSecond()).isPositive().isFinite();
            assertThat(pace.weightBytes()).isEqualTo(model.bytesPerToken());
            assertThat(pace.decodePerSecond()).containsOnlyKeys(1, 2, 4, 8);
            assertThat(pace.decodePerSecond().values()).allSatisfy(ModelMeterTest::assertMeasured);
            assertThat(pace.picturesPerSecond()).isEmpty();
        }
    }

    @Test
    void aModelOfPicturesIsMeasuredWithPictures() {
        try (Model model = new Workshop().withAllFamilies().open("janus")) {
            Pace pace = measure(model, ANY_TIME);
            assertThat(pace.goal()).isEqualTo(Goal.PICTURE);
            assertThat(pace.decodePerSecond().values()).hasSize(4).allSatisfy(ModelMeterTest::assertMeasured);
            assertThat(pace.picturesPerSecond()).containsOnlyKeys(1, 8);
            assertThat(pace.picturesPerSecond().values()).allSatisfy(ModelMeterTest::assertMeasured);
        }
    }

    @Test
    void anImageDecoderIsMeasuredAlone() {
        try (Model model = new Workshop().withAllFamilies().open("chameleon-7b")) {
            Meter.Decoding decoding = new ModelMeter(model, new Stopwatch(NO_TIME, ANY_TIME), news -> { }).measureDecoder();
            assertThat(decoding.codes()).isEqualTo(model.grid().cells());
            assertThat(List.of(decoding.width(), decoding.height())).containsExactly(model.grid().width(), model.grid().height());
            assertMeasured(decoding.pictures());
        }
        try (Model text = new Workshop().withAllFamilies().open("llama")) {
            ModelMeter meter = new ModelMeter(text, new Stopwatch(NO_TIME, ANY_TIME), news -> { });
            assertThatThrownBy(meter::measureDecoder).isInstanceOf(ModelException.class);
        }
    }

    @Test
    void readingCountsUpToTheFirstTokenAndNotUpToTheNewsOfIt() {
        try (Model model = new Workshop().withAllFamilies().open("llama")) {
            // Reading takes so much longer here.
            Model slow = (Model) Proxy.newProxyInstance(Model.class.getClassLoader(), new Class<?>[] {Model.class},
                    (proxy, method, arguments) -> method.getName().equals("prepare") && arguments.length == 2
                            ? model.prepare(requests(arguments[0]), event -> {
                                listener(arguments[1]).accept(event);
                                if (event instanceof Event.Reading reading && reading.done() == 0 && reading.request() == 0) {
                                    LockSupport.parkNanos(READING.toNanos());
                                }
                            }) : method.invoke(model, arguments));
            Pace pace = new ModelMeter(slow, new Stopwatch(NO_TIME, ANY_TIME), news -> { }).measure();
            assertThat(pace.promptTokens() / pace.prefillPerSecond()).isGreaterThan(READING.toMillis() / 2e3);
        }
    }

    @SuppressWarnings("unchecked") // what Model.prepare takes
    private static List<Request> requests(Object argument) {
        return (List<Request>) argument;
    }

    @SuppressWarnings("unchecked") // what Model.prepare takes
    private static Consumer<Event> listener(Object argument) {
        return (Consumer<Event>) argument;
    }

    private static Request words(Model model, int count) {
        return new Request(List.of(new Text("a ".repeat(count).strip())),
                model.makes(Goal.PICTURE) ? Goal.PICTURE : Goal.CONTINUATION, Sampling.GREEDY.withMaxTokens(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "chameleon-7b"})
    void roomIsWhatAPromptMayGrow(String fixture) {
        try (Model model = new Workshop().withAllFamilies().open(fixture)) {
            int fits = 1;
            while (model.room(words(model, fits + 1)) >= 0) {
                fits++;
            }
            Request most = words(model, fits);
            Request tooMuch = words(model, fits + 1);
            Answer answer = model.answer(most);
            assertThat(model.room(words(model, 1))).isEqualTo(answer.prompt().size()
                    - model.answer(words(model, 1)).prompt().size() + model.room(most));
            assertThatThrownBy(() -> model.answer(tooMuch)).isInstanceOf(ModelException.class)
                    .hasMessageContaining("hand in less text");
        }
    }

    @Test
    void whatWouldTakeTooLongIsNotRun() {
        try (Model model = new Workshop().open("chameleon-7b")) {
            Pace pace = measure(model, NO_TIME);
            assertThat(pace.prefillPerSecond()).isPositive();
            assertThat(pace.decodePerSecond()).containsOnlyKeys(1, 2, 4, 8);
            assertThat(pace.picturesPerSecond()).containsOnlyKeys(1, 8);
            assertTooLong(pace.decodePerSecond().get(1), pace.decodePerSecond().get(8));
            assertTooLong(pace.picturesPerSecond().get(1), pace.picturesPerSecond().get(8));
        }
    }

    /** Nothing is known of more sequences than that they take no longer than one after the other. */
    private static void assertTooLong(Rate one, Rate eight) {
        assertThat(one.perSecond()).isEmpty();
        assertThat(eight.runSeconds().orElseThrow()).isEqualTo(8 * one.runSeconds().orElseThrow());
    }

    @Test
    void anInterruptEndsIt() {
        try (Model model = new Workshop().open("chameleon-7b")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> measure(model, ANY_TIME)).isInstanceOf(CancellationException.class)
                    .hasMessage("the measuring was interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
