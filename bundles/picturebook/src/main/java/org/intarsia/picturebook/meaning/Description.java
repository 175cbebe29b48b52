package org.intarsia.picturebook.meaning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Pattern;
import org.intarsia.picturebook.world.Relation;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.World;

/**
 * What a sentence says about a picture: exactly these things, in this relation, before this background. What is empty
 * is left open, so that many scenes may fit one description.
 *
 * @param groups     in the order in which they are named
 * @param relation   of the first thing to the second; only where there are exactly two
 * @param background empty where nothing is said of it
 */
public record Description(List<Group> groups, Optional<Relation> relation, Optional<Background> background) {
    public Description {
        groups = List.copyOf(groups);
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("a description without things: name at least one");
        }
        if (relation.isPresent() && (groups.size() != 2 || groups.stream().anyMatch(group -> group.count() != 1))) {
            throw new IllegalArgumentException("a relation joins exactly two things, not " + groups);
        }
    }

    /**
     * The full description of a scene: all that can be said, in reading order; alike things are counted; two things
     * that share a row or a column are related.
     *
     * @throws IllegalArgumentException if the scene is empty
     */
    public static Description of(Scene scene, World world) {
        Map<Pattern, Integer> counts = new LinkedHashMap<>();
        scene.things().forEach(thing -> counts.merge(Pattern.of(thing), 1, Integer::sum));
        List<Group> groups = counts.entrySet().stream().map(e -> new Group(e.getValue(), e.getKey())).toList();
        Optional<Relation> relation = Optional.empty();
        if (groups.size() == 2 && scene.things().size() == 2) {
            relation = Stream.of(Relation.values())
                    .filter(candidate -> world.holds(candidate, scene.things().get(0), scene.things().get(1))).findFirst();
        }
        return new Description(groups, relation, Optional.of(scene.background()));
    }

    /** How many things a fitting picture shows. */
    public int things() {
        return groups.stream().mapToInt(Group::count).sum();
    }

    /** One pattern for each thing, in the order of the groups. */
    public List<Pattern> patterns() {
        return groups.stream()
                .flatMap(group -> Stream.generate(group::pattern).limit(group.count()))
                .toList();
    }
}
