package org.intarsia.http;

import java.util.List;
import java.util.Map;

/**
 * A form of parts, {@code multipart/form-data}. Names are kept as sent: {@code image} and {@code image[]} are two.
 *
 * @param fields the texts of each name, in their order
 * @param files  the bytes of each name whose parts have a file name or the type of a file, in their order
 */
public record Multipart(Map<String, List<String>> fields, Map<String, List<byte[]>> files) {
}
