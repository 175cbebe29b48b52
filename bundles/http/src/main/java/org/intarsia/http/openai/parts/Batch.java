package org.intarsia.http.openai.parts;

import java.util.List;
import java.util.function.Consumer;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Event;
import org.intarsia.engine.api.Generation;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Request;
import org.intarsia.http.Admission;
import org.intarsia.http.Exchange;

/** Runs the requests of one exchange in one batch, when their turn in the queue has come. */
public final class Batch {

    private Batch() {
    }

    /**
     * Runs requests on the calling thread. The generation is cancelled when the client disconnects.
     *
     * @param queue  hears of the place in the queue
     * @param events hears what the generation tells; what it throws ends the generation
     */
    public static List<Answer> run(Exchange exchange, Admission admission, Model model, List<Request> requests,
            Consumer<Admission.Waiting> queue, Consumer<Event> events) {
        try (Admission.Ticket ticket = admission.take(exchange, requests.getFirst().priority(), queue)) {
            Generation generation = model.prepare(requests, events);
            exchange.onGone(generation::cancel);
            ticket.cancelOnStop(generation);
            List<Answer> answers = generation.run();
            ticket.check();
            return answers;
        }
    }
}
