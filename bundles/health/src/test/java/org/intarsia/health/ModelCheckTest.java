package org.intarsia.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.apache.felix.hc.api.Result;
import org.intarsia.engine.api.Engine;
import org.intarsia.model.api.ModelException;
import org.junit.jupiter.api.Test;

class ModelCheckTest {
    @Test
    void whatIsMissingIsSaid() {
        Engine engine = (Engine) Proxy.newProxyInstance(Engine.class.getClassLoader(), new Class<?>[] {Engine.class},
                (self, method, arguments) -> {
                    throw new ModelException("there is no tokenizer: start or install the bundle org.intarsia.tokenizer");
                });

        Result result = ModelCheck.check(engine, "picturebook");

        assertThat(result.getStatus()).isEqualTo(Result.Status.CRITICAL);
        assertThat(result.iterator().next().getMessage())
                .isEqualTo("there is no tokenizer: start or install the bundle org.intarsia.tokenizer");
    }
}
