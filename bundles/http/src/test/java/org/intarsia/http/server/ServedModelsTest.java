package org.intarsia.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.intarsia.engine.testkit.StandIn;
import org.intarsia.http.HttpException;
import org.intarsia.http.Models;
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

    @Test
    void aModelThatIsMissingIsNamed() {
        assertThat(served("/models/first", "small=first,other=picturebook,any").fault()).isEmpty();
        assertThat(served("nowhere", "any").fault()).hasValue("there is no model nowhere");
        assertThat(served("/models/first", "small=nowhere").fault()).hasValue("there is no model nowhere");
        assertThat(served("/a/model,/b/model", "any").fault().orElseThrow()).contains("'/a/model' and '/b/model'", "'model'");
    }
}
