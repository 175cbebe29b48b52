package org.intarsia.soak;

import java.util.ArrayList;
import java.util.List;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.Text;

/** Text to picture, picture to text, and edits, with the answers that they give when nothing is swapped. Immutable. */
final class Tasks {
    private static final List<String> SENTENCES =
            List.of("a red star left of a blue house", "three yellow boats at night", "a small green tree by day");

    private final List<Task> all;

    /** A request and its answer. */
    record Task(Request request, Answer undisturbed) {
    }

    private Tasks(List<Task> all) {
        this.all = List.copyOf(all);
    }

    /** Asks the model everything once. */
    static Tasks ask(Model model) {
        List<Task> tasks = new ArrayList<>();
        for (String sentence : SENTENCES) {
            Task picture = ask(model, new Request(List.of(new Text(sentence)), Goal.PICTURE,
                    model.sampling(Goal.PICTURE).withSeed(tasks.size()), 16));
            Image image = picture.undisturbed().images().getFirst();
            tasks.add(picture);
            tasks.add(ask(model, new Request(List.of(image), Goal.ANSWER, model.sampling(Goal.ANSWER))));
            tasks.add(ask(model, new Request(List.of(new Text("make the star green"), image), Goal.PICTURE,
                    model.sampling(Goal.PICTURE).withSeed(tasks.size()))));
        }
        return new Tasks(tasks);
    }

    private static Task ask(Model model, Request request) {
        return new Task(request, model.answer(request));
    }

    /** The task of that number; they repeat. */
    Task get(int number) {
        return all.get(number % all.size());
    }
}
