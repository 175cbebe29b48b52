package org.intarsia.http;

import java.util.List;
import org.intarsia.engine.api.Model;

/**
 * The models by the names that clients send: those that are installed, those whose directories the server was started with,
 * and aliases such as {@code gpt-image-1}, which clients have built in. A service of the server.
 */
public interface Models {

    /**
     * Opens a model, or shares it where it is open.
     *
     * @param name what the client sent; null for the default model
     * @throws HttpException 404 with the code {@code model_not_found} when there is none of that name
     */
    Opened open(String name);

    /** Returns all names that can be opened, installed models first. */
    List<Served> list();

    /** An open model. It stays open for others, and for some time, after this is closed. */
    interface Opened extends AutoCloseable {

        /** The name by which the client called it; that of the default model where it named none. */
        String name();

        Model model();

        @Override
        void close();
    }

    /**
     * A name that can be opened.
     *
     * @param id      what clients send
     * @param model   the model that is meant; equal to the id unless that is an alias
     * @param created when its files were last changed, in seconds since 1970
     */
    record Served(String id, String model, long created) {
    }
}
