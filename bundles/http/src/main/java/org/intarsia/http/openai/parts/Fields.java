package org.intarsia.http.openai.parts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.intarsia.http.Exchange;
import org.intarsia.http.HttpException;
import org.intarsia.http.Json;
import org.intarsia.http.Multipart;

/**
 * The fields of a request, whether they came as JSON or as a form of parts. A field that is {@code null} counts as absent.
 * Remembers which fields were asked for; {@link #unread} names the others.
 *
 * <p>In a form {@code name[]} is an element of the list {@code name}, {@code name[key]} a field of the object {@code name}, and an
 * object may stand in one part as JSON.
 */
public final class Fields {
    private final String prefix;
    private final JsonNode fields;
    private final Map<String, List<byte[]>> files;
    private final Set<String> read = new HashSet<>();
    private final Map<String, Fields> objects = new LinkedHashMap<>();

    private Fields(String prefix, JsonNode fields, Map<String, List<byte[]>> files) {
        this.prefix = prefix;
        this.fields = fields;
        this.files = files;
    }

    /** Reads the body of a request. */
    public static Fields of(Exchange exchange) {
        if (!exchange.isMultipart()) {
            return of(exchange.json());
        }
        Multipart form = exchange.multipart();
        return new Fields("", object(form.fields()), form.files());
    }

    /** The fields of a JSON object. */
    public static Fields of(JsonNode object) {
        return of("", object);
    }

    /**
     * The fields of an object within a request.
     *
     * @param prefix what stands before their names in errors and notes, such as {@code tools[0].}
     */
    public static Fields of(String prefix, JsonNode object) {
        return new Fields(prefix, object, Map.of());
    }

    private static ObjectNode object(Map<String, List<String>> form) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        form.forEach((sent, values) -> {
            boolean list = sent.endsWith("[]");
            String name = list ? sent.substring(0, sent.length() - 2) : sent;
            int bracket = name.endsWith("]") ? name.indexOf('[') : -1;
            if (bracket > 0) {
                nested(object, name.substring(0, bracket)).set(name.substring(bracket + 1, name.length() - 1), value(values, list));
            } else {
                object.set(name, value(values, list));
            }
        });
        return object;
    }

    private static ObjectNode nested(ObjectNode object, String name) {
        return object.get(name) instanceof ObjectNode inner ? inner : object.putObject(name);
    }

    private static JsonNode value(List<String> values, boolean list) {
        if (values.size() == 1 && !list) {
            return JsonNodeFactory.instance.textNode(values.getFirst());
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(array::add);
        return array;
    }

    /** Returns the value of a field; empty where it is absent. */
    public Optional<JsonNode> node(String name) {
        read.add(name);
        JsonNode node = fields.get(name);
        return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    /** Returns the first of several fields that mean the same, by its name. */
    private Optional<Map.Entry<String, JsonNode>> first(List<String> names) {
        return names.stream().flatMap(name -> node(name).map(node -> Map.entry(name, node)).stream()).findFirst();
    }

    /** Returns a text. */
    public Optional<String> text(String name) {
        return node(name).map(node -> {
            if (!node.isTextual()) {
                throw wrong(name, "must be a text");
            }
            return node.textValue();
        });
    }

    /** Returns one text, or a list of texts; nothing where the field is absent. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode node : list(name)) {
            if (!node.isTextual()) {
                throw wrong(name, "must be a text or a list of texts");
            }
            texts.add(node.textValue());
        }
        return texts;
    }

    /** Returns the elements of a list; one value counts as a list of one. */
    public List<JsonNode> list(String name) {
        List<JsonNode> list = new ArrayList<>();
        node(name).ifPresent(node -> {
            if (node.isArray()) {
                node.forEach(list::add);
            } else {
                list.add(node);
            }
        });
        return list;
    }

    /** Returns a number from {@code least} to {@code most}, also one that is written as text. */
    public Optional<Double> decimal(String name, double least, double most) {
        return decimal(List.of(name), least, most);
    }

    /** Returns the first of several numbers that mean the same. */
    public Optional<Double> decimal(List<String> names, double least, double most) {
        return first(names).map(found -> decimal(found.getKey(), found.getValue(), least, most));
    }

    private double decimal(String name, JsonNode node, double least, double most) {
        double number;
        try {
            number = node.isNumber() ? node.doubleValue() : Double.parseDouble(node.asText(""));
        } catch (NumberFormatException e) {
            throw wrong(name, "must be a number");
        }
        if (!(number >= least && number <= most)) {
            throw wrong(name, "must be from " + plain(least) + " to " + plain(most) + ", not " + plain(number));
        }
        return number;
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15 ? Long.toString((long) number) : Double.toString(number);
    }

    /** Returns a whole number from {@code least} to {@code most}, also one that is written as text. */
    public Optional<Long> whole(String name, long least, long most) {
        return whole(List.of(name), least, most);
    }

    /** Returns the first of several whole numbers that mean the same. */
    public Optional<Long> whole(List<String> names, long least, long most) {
        return first(names).map(found -> whole(found.getKey(), found.getValue(), least, most));
    }

    /** Returns a list of whole numbers; nothing where the field is absent. */
    public List<Long> wholes(String name, long least, long most) {
        return list(name).stream().map(node -> whole(name, node, least, most)).toList();
    }

    private long whole(String name, JsonNode node, long least, long most) {
        long number;
        try {
            number = node.canConvertToExactIntegral() && node.canConvertToLong() ? node.longValue() : Long.parseLong(node.asText(""));
        } catch (NumberFormatException e) {
            throw wrong(name, "must be a whole number");
        }
        if (number < least || number > most) {
            throw wrong(name, "must be from " + least + " to " + most + ", not " + number);
        }
        return number;
    }

    /** Returns whether a field is true; false where it is absent. */
    public boolean flag(String name) {
        return node(name).map(node -> switch (node.asText("")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, "must be true or false");
        }).orElse(false);
    }

    /** Returns the fields of an object; none where it is absent. */
    public Fields object(String name) {
        return objects.computeIfAbsent(name, this::inner);
    }

    private Fields inner(String name) {
        JsonNode node = node(name).orElseGet(JsonNodeFactory.instance::objectNode);
        if (node.isTextual() && node.textValue().startsWith("{")) {
            node = Json.object(node.textValue().getBytes(StandardCharsets.UTF_8));
        }
        if (!node.isObject()) {
            throw wrong(name, "must be an object");
        }
        return new Fields(prefix + name + ".", node, Map.of());
    }

    /** Returns the names of all fields, in the order of the request. */
    List<String> names() {
        return fields.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** Returns the files of a form that have this name, with or without {@code []}. */
    public List<byte[]> files(String name) {
        List<byte[]> found = new ArrayList<>(files.getOrDefault(name, List.of()));
        found.addAll(files.getOrDefault(name + "[]", List.of()));
        return found;
    }

    /** Returns the names of the fields that nobody asked for, in the order of the request, then those in objects. */
    List<String> unread() {
        List<String> unread = new ArrayList<>();
        fields.properties().forEach(field -> {
            if (!read.contains(field.getKey()) && !field.getValue().isNull()) {
                unread.add(prefix + field.getKey());
            }
        });
        objects.values().forEach(inner -> unread.addAll(inner.unread()));
        return unread;
    }

    /** Returns the error of a field, as a sentence that begins with its name. */
    public HttpException wrong(String name, String rule) {
        return HttpException.invalid(prefix + name, prefix + name + " " + rule);
    }
}
