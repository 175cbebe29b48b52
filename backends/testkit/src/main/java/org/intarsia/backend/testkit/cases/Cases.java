package org.intarsia.backend.testkit.cases;

import java.util.List;
import org.intarsia.backend.testkit.suite.Case;

/** All cases of all groups of ops. */
public final class Cases {
    private Cases() {
    }

    /** Returns the cases, group by group; made anew on each call and equal each time. */
    public static List<Case> all() {
        Catalogue catalogue = new Catalogue();
        LeafCases.addTo(catalogue);
        ElementwiseCases.addTo(catalogue);
        CastCases.addTo(catalogue);
        ReduceCases.addTo(catalogue);
        MoveCases.addTo(catalogue);
        IndexCases.addTo(catalogue);
        MatMulCases.addTo(catalogue);
        BlockCases.addTo(catalogue);
        VocabularyCases.addTo(catalogue);
        NormalizeCases.addTo(catalogue);
        ActivationCases.addTo(catalogue);
        AttentionCases.addTo(catalogue);
        PagedAttentionCases.addTo(catalogue);
        PictureCases.addTo(catalogue);
        LossCases.addTo(catalogue);
        StateCases.addTo(catalogue);
        NamedSizeCases.addTo(catalogue);
        CompositeCases.addTo(catalogue);
        RandomGraphCases.addTo(catalogue);
        return catalogue.cases();
    }
}
