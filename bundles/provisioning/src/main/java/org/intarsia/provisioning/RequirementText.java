package org.intarsia.provisioning;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.ExecutionEnvironmentNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Requirement;

/** Requirements as a person would say them. */
final class RequirementText {
    private static final Map<String, String> KINDS = Map.of(
            PackageNamespace.PACKAGE_NAMESPACE, "the package ",
            BundleNamespace.BUNDLE_NAMESPACE, "the bundle ",
            HostNamespace.HOST_NAMESPACE, "the bundle ",
            IdentityNamespace.IDENTITY_NAMESPACE, "the bundle ",
            "osgi.extender", "the extender ");
    private static final Pattern BELOW = Pattern.compile("\\(!\\([\\w-]*version>=([^)]+)\\)\\)");
    private static final Pattern UP_TO = Pattern.compile("\\([\\w-]*version<=([^)]+)\\)");
    private static final Pattern FROM = Pattern.compile("(?<!\\(!)\\([\\w-]*version>=([^)]+)\\)");

    private RequirementText() {
    }

    /** Such as {@code the package org.foo [2.0.0,3.0.0)}. */
    static String of(Requirement requirement) {
        String kind = KINDS.get(requirement.getNamespace());
        if (requirement.getNamespace().equals(ExecutionEnvironmentNamespace.EXECUTION_ENVIRONMENT_NAMESPACE)) {
            return "another Java, " + filter(requirement);
        }
        Optional<String> name = name(requirement);
        if (kind == null || name.isEmpty()) {
            return "the capability " + requirement.getNamespace() + " with " + filter(requirement);
        }
        return kind + name.get() + range(requirement).map(range -> " " + range).orElse("");
    }

    /** The package, bundle or extender that is required, if the requirement is about one. */
    static Optional<String> name(Requirement requirement) {
        return find(Pattern.compile("\\(" + Pattern.quote(requirement.getNamespace()) + "=([^)]+)\\)"), requirement);
    }

    /** The least version that would do. */
    static Optional<String> least(Requirement requirement) {
        return find(FROM, requirement);
    }

    private static Optional<String> range(Requirement requirement) {
        String least = least(requirement).orElse("0");
        return find(BELOW, requirement).map(most -> "[" + least + "," + most + ")")
                .or(() -> find(UP_TO, requirement).map(most -> "[" + least + "," + most + "]"))
                .or(() -> least(requirement).map(from -> from + " or later"));
    }

    private static Optional<String> find(Pattern pattern, Requirement requirement) {
        Matcher matcher = pattern.matcher(filter(requirement));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String filter(Requirement requirement) {
        return requirement.getDirectives().getOrDefault(Constants.FILTER_DIRECTIVE, "any value");
    }
}
