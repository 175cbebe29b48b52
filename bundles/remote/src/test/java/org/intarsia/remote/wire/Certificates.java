package org.intarsia.remote.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** PEM files of an authority and a host that it has signed, made by the JDK's keytool. */
public record Certificates(Path authority, Path certificate, Path key) {
    private static final char[] PASSWORD = "password".toCharArray();

    /** Makes the files in a folder. */
    public static Certificates make(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        Files.createDirectories(folder);
        Path store = folder.resolve("keys.p12");
        keytool(store, "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c");
        keytool(store, "-alias", "host", "-dname", "CN=host", "-signer", "authority", "-ext", "san=ip:127.0.0.1,dns:localhost");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, PASSWORD);
        }
        Certificates made = new Certificates(folder.resolve("authority.pem"), folder.resolve("host.pem"), folder.resolve("host.key"));
        Files.writeString(made.authority, pem("CERTIFICATE", keys.getCertificate("authority").getEncoded()));
        StringBuilder chain = new StringBuilder();
        for (Certificate certificate : keys.getCertificateChain("host")) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        Files.writeString(made.certificate, chain);
        Files.writeString(made.key, pem("PRIVATE KEY", keys.getKey("host", PASSWORD).getEncoded()));
        return made;
    }

    /** Mutual TLS with these. */
    public WireSecurity mutual() {
        return new WireSecurity(false, Optional.of(certificate), Optional.of(key), Optional.of(authority), Optional.empty());
    }

    /** The settings of a server that asks for a token. */
    public WireSecurity serverToken(String token) {
        return new WireSecurity(false, Optional.of(certificate), Optional.of(key), Optional.empty(), Optional.of(token));
    }

    /** The settings of a client that sends a token. */
    public WireSecurity clientToken(String token) {
        return new WireSecurity(false, Optional.empty(), Optional.empty(), Optional.of(authority), Optional.of(token));
    }

    private static void keytool(Path store, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30", "-storetype", "PKCS12",
                "-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        command.addAll(Arrays.asList(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + kind + "-----\n";
    }
}
