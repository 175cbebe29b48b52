package org.intarsia.engine.pipeline;

import java.util.Arrays;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.PromptFormat.Template;
import org.intarsia.model.api.Tokenizer;

/** Finds what a tokenizer's template puts around a text: it tokenizes one with and without. */
final class TextTemplate {
    private static final String PROBE = "a";

    private TextTemplate() {
    }

    /** @throws ModelException when the tokens of the text do not stand together in what the template makes of them */
    static Template of(Tokenizer tokenizer) {
        int[] plain = tokenizer.encode(PROBE, false);
        int[] framed = tokenizer.encode(PROBE, true);
        for (int start = 0; start + plain.length <= framed.length; start++) {
            int end = start + plain.length;
            if (Arrays.equals(framed, start, end, plain, 0, plain.length)) {
                return new Template(Arrays.copyOf(framed, start), Arrays.copyOfRange(framed, end, framed.length));
            }
        }
        throw new ModelException("the template of the model's tokenizer changes the text itself, which cannot be used");
    }
}
