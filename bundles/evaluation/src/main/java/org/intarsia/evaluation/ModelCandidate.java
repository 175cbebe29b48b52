package org.intarsia.evaluation;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;
import org.intarsia.picturebook.evaluation.Answerer;
import org.intarsia.picturebook.evaluation.Candidate;
import org.intarsia.picturebook.evaluation.Describer;
import org.intarsia.picturebook.evaluation.Editor;
import org.intarsia.picturebook.evaluation.PictureMaker;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.pictures.Picture;

/** A model of the engine as the picture book's benchmark sees it. Requests that come together run together. */
final class ModelCandidate {
    private final Model model;

    private ModelCandidate(Model model) {
        this.model = model;
    }

    static Candidate of(Model model) {
        ModelCandidate candidate = new ModelCandidate(model);
        return new Candidate(candidate.new Making(), candidate.new Editing(), candidate.new Describing(),
                candidate.new Answering(), picture -> {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CancellationException("the evaluation was interrupted; nothing was written");
                    }
                    return picture(model.decode(model.encode(image(picture))));
                });
    }

    private final class Making implements PictureMaker {
        @Override
        public Picture make(String sentence, long seed) {
            return makeAll(List.of(new PictureMaker.Request(sentence, seed))).getFirst();
        }

        @Override
        public List<Picture> makeAll(List<PictureMaker.Request> requests) {
            return pictures(requests, request -> pictured(request.seed(), new Text(request.sentence())));
        }
    }

    private final class Editing implements Editor {
        @Override
        public Picture edit(Picture picture, String instruction, long seed) {
            return editAll(List.of(new Editor.Request(picture, instruction, seed))).getFirst();
        }

        @Override
        public List<Picture> editAll(List<Editor.Request> requests) {
            return pictures(requests,
                    request -> pictured(request.seed(), new Text(request.instruction()), image(request.picture())));
        }
    }

    private final class Describing implements Describer {
        @Override
        public String describe(Picture picture, Language language) {
            return describeAll(List.of(new Describer.Request(picture, language))).getFirst();
        }

        @Override
        public List<String> describeAll(List<Describer.Request> requests) {
            return texts(requests, request -> worded(request.language().captionRequest(), request.picture()));
        }
    }

    private final class Answering implements Answerer {
        @Override
        public String answer(Picture picture, String question) {
            return answerAll(List.of(new Answerer.Request(picture, question))).getFirst();
        }

        @Override
        public List<String> answerAll(List<Answerer.Request> requests) {
            return texts(requests, request -> worded(request.question(), request.picture()));
        }
    }

    private Request pictured(long seed, Part... parts) {
        return new Request(List.of(parts), Goal.PICTURE, model.sampling(Goal.PICTURE).withSeed(seed));
    }

    private Request worded(String words, Picture picture) {
        return new Request(model.question(words, List.of(image(picture))), Goal.ANSWER, model.sampling(Goal.ANSWER));
    }

    private <R> List<Picture> pictures(List<R> requests, Function<R, Request> translate) {
        return run(requests, translate).stream().map(answer -> picture(answer.images().getFirst())).toList();
    }

    private <R> List<String> texts(List<R> requests, Function<R, Request> translate) {
        return run(requests, translate).stream().map(answer -> answer.text().strip()).toList();
    }

    private <R> List<Answer> run(List<R> requests, Function<R, Request> translate) {
        return model.prepare(requests.stream().map(translate).toList(), event -> { }).run();
    }

    private static Image image(Picture picture) {
        return new Image(picture.width(), picture.height(), picture.rgb());
    }

    private static Picture picture(Image image) {
        return new Picture(image.width(), image.height(), image.rgb());
    }
}
