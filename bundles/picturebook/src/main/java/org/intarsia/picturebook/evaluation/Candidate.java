package org.intarsia.picturebook.evaluation;

/** A model, as an {@link Evaluation} sees it: by what goes in and what comes out. */
public record Candidate(PictureMaker pictureMaker, Editor editor, Describer describer, Answerer answerer,
                        RoundTrip roundTrip) {
}
