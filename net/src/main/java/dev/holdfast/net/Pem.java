package dev.holdfast.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.holdfast.base.file.Disk;
import dev.holdfast.base.file.DiskException;
import dev.holdfast.base.file.DiskFile;
import dev.holdfast.base.file.OpenMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// A file of certificates or of a key, as text between lines of dashes.
final class Pem {
    private static final int BYTES_MAX = 1 << 20;
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----([^-]*)-----END");

    private final Path path;
    private final byte[] content;

    private Pem(Path path, byte[] content) {
        this.path = path;
        this.content = content;
    }

    static Pem read(Path path) throws TlsException {
        try (DiskFile file = Disk.system().open(path.toAbsolutePath(), OpenMode.READ)) {
            long size = file.size();
            if (BYTES_MAX < size) throw new TlsException("too large. file=`" + path + "`", null);
            byte[] content = new byte[(int) size];
            file.read(ByteBuffer.wrap(content), 0);
            return new Pem(path, content);
        } catch (DiskException failed) {
            throw new TlsException("cannot be read. file=`" + path + "`", failed);
        }
    }

    /// All certificates, in their order; at least one.
    List<X509Certificate> certificates() throws TlsException {
        List<X509Certificate> found = new ArrayList<>();
        try {
            var factory = CertificateFactory.getInstance("X.509");
            for (Certificate each : factory.generateCertificates(new ByteArrayInputStream(content)))
                if (each instanceof X509Certificate certificate) found.add(certificate);
        } catch (GeneralSecurityException malformed) {
            throw new TlsException("no certificates. file=`" + path + "`", malformed);
        }
        if (found.isEmpty()) throw new TlsException("no certificates. file=`" + path + "`", null);
        return found;
    }

    /// The first key.
    ///
    /// @param password empty if it has none
    PrivateKey key(String password) throws TlsException {
        Matcher found = KEY.matcher(new String(content, US_ASCII));
        if (!found.find()) throw new TlsException("no private key. file=`" + path + "`", null);
        try {
            byte[] body = Base64.getMimeDecoder().decode(found.group(2));
            return switch (found.group(1)) {
                case "PRIVATE KEY" -> key(new PKCS8EncodedKeySpec(body));
                case "ENCRYPTED PRIVATE KEY" -> key(decrypted(body, password));
                default ->
                        throw new TlsException(
                                "private key in an old form, `openssl pkcs8 -topk8` makes a new one"
                                        + " of it. file=`"
                                        + path
                                        + "`",
                                null);
            };
        } catch (GeneralSecurityException | IOException | IllegalArgumentException malformed) {
            throw new TlsException("no usable private key. file=`" + path + "`", malformed);
        }
    }

    private static KeySpec decrypted(byte[] body, String password)
            throws IOException, GeneralSecurityException {
        var sealed = new EncryptedPrivateKeyInfo(body);
        String algorithm = sealed.getAlgParameters().toString();
        var spec = new PBEKeySpec(password.toCharArray());
        var secret = SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
        var cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.DECRYPT_MODE, secret, sealed.getAlgParameters());
        return sealed.getKeySpec(cipher);
    }

    private static PrivateKey key(KeySpec spec) throws GeneralSecurityException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException another) {
                continue;
            }
        }
        throw new InvalidKeySpecException("neither of " + ALGORITHMS);
    }
}
