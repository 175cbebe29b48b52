package org.intarsia.backend.testkit.cases;

import org.intarsia.backend.testkit.suite.Tolerance;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Node;

/** The longest matrices of models: a row for each token, as tables and in products. Devices may have to cut them. */
final class VocabularyCases {
    private static final Encoding[] ENCODINGS = {Encoding.F32, Encoding.BF16, Encoding.Q8_0, Encoding.Q4_K};
    private static final long TOKENS = 1100;
    private static final long HIDDEN = 256;

    private VocabularyCases() {
    }

    static void addTo(Catalogue all) {
        for (Encoding encoding : ENCODINGS) {
            for (long rows : new long[] {1, 3, 9}) {
                all.value("matMul", encoding + " with a vocabulary, rows " + rows, Tolerance.reduction(HIDDEN),
                        d -> d.graph.linear(d.input("x", rows, HIDDEN), vocabulary(d, encoding)));
            }
            all.value("gather", encoding + " from a vocabulary", Tolerance.exact(),
                    d -> d.graph.gather(vocabulary(d, encoding), d.indices("ids", (int) TOKENS, 2, 37)));
        }
    }

    private static Node vocabulary(Draft d, Encoding encoding) {
        return encoding.isBlockQuantised() ? d.blocks("vocabulary", encoding, TOKENS, HIDDEN)
                : d.weight("vocabulary", encoding, TOKENS, HIDDEN);
    }
}
