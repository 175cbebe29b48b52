package org.intarsia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.engine.api.Missing;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.ModelInfo;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.http.HttpException;
import org.intarsia.http.Models;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;

/** The names under which clients find models. */
class ServedModelsTest {
    private final StandIn engine = new StandIn() { };

    private ServedModels served(String models, String aliases) {
        return new ServedModels(engine, Settings.of(Map.of("models", models, "aliases", aliases), _ -> null, _ -> { }));
    }

    @Test
    void anAliasOfAServedDirectoryOpensIt() {
        try (ServedModels models = served("/models/first,/models/second", "small=second,big=picturebook,any")) {
            assertThat(models.list()).extracting(Models.Served::id).contains("small", "big", "any");
            models.open("small").close();
            assertThat(engine.opened).last().isEqualTo("/models/second");
            models.open("big").close();
            assertThat(engine.opened).last().isEqualTo("picturebook");
            models.open("any").close();
            assertThat(engine.opened).last().isEqualTo("/models/first");
            assertThatThrownBy(() -> models.open("third")).isInstanceOf(HttpException.class).hasMessageContaining("'third'");
        }
    }

    /** A request for it is not at fault, whatever name it uses; one for a model that never was there is. */
    @Test
    void aModelWhoseBundleHasStoppedIsMissingAndNotUnknown() {
        try (ServedModels models = new ServedModels(new Stopping(), Settings.of(Map.of("aliases", "any"), _ -> null, _ -> { }))) {
            for (String name : new String[] {null, "any", "picturebook"}) {
                assertThatThrownBy(() -> models.open(name)).isInstanceOf(Missing.class).hasMessage("its bundle has stopped");
            }
            assertThatThrownBy(() -> models.open("other")).isInstanceOfSatisfying(HttpException.class,
                    e -> assertThat(e.status()).isEqualTo(404));
        }
    }

    /** An engine whose model is there only when it is asked for the first time. */
    private static final class Stopping extends StandIn {
        private boolean asked;

        @Override
        public List<ModelInfo> models() {
            List<ModelInfo> before = asked ? List.of() : super.models();
            asked = true;
            return before;
        }

        @Override
        public Model open(String nameOrDirectory, Placement placement) {
            throw new Stopped();
        }
    }

    /** As the engine throws it. */
    private static final class Stopped extends ModelException implements Missing {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("its bundle has stopped");
        }

        @Override
        public Optional<String> departed() {
            return Optional.of("its bundle has stopped");
        }
    }

    @Test
    void aModelThatIsMissingIsNamed() {
        assertThat(served("/models/first", "small=first,other=picturebook,any").fault()).isEmpty();
        assertThat(served("nowhere", "any").fault()).hasValue("there is no model nowhere");
        assertThat(served("/models/first", "small=nowhere").fault()).hasValue("there is no model nowhere");
        assertThat(served("/a/model,/b/model", "any").fault().orElseThrow()).contains("'/a/model' and '/b/model'", "'model'");
    }
}
