package dev.holdfast.azure;

import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import dev.holdfast.objectstore.api.ObjectStoreException.Invalid;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a program shows to an account: the first of these that the environment names, as Azure's
/// own tools name them.
sealed interface AzureCredentials {
    /// `AZURE_STORAGE_CONNECTION_STRING`: a key or a signature, and often the server too.
    record ConnectionString(String text) implements AzureCredentials {
        @Override
        public String toString() {
            return "ConnectionString[***]";
        }
    }

    /// `AZURE_STORAGE_KEY`: the account's key.
    ///
    /// @param account whose key it is, if `AZURE_STORAGE_ACCOUNT` says so
    record Key(@Nullable String account, String key) implements AzureCredentials {
        @Override
        public String toString() {
            return "Key[***]";
        }
    }

    /// `AZURE_STORAGE_SAS_TOKEN`: a signature that allows some things for some time.
    record Signature(String token) implements AzureCredentials {
        @Override
        public String toString() {
            return "Signature[***]";
        }
    }

    /// What `environment` names; throws [Invalid] if it names nothing.
    static AzureCredentials of(UnaryOperator<@Nullable String> environment) {
        String connection = environment.apply("AZURE_STORAGE_CONNECTION_STRING");
        if (isThere(connection)) return new ConnectionString(connection);
        String key = environment.apply("AZURE_STORAGE_KEY");
        if (isThere(key)) return new Key(environment.apply("AZURE_STORAGE_ACCOUNT"), key);
        String signature = environment.apply("AZURE_STORAGE_SAS_TOKEN");
        if (isThere(signature)) return new Signature(signature);
        throw new Invalid(
                "no credentials for azure: set AZURE_STORAGE_CONNECTION_STRING,"
                        + " AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN",
                null);
    }

    private static boolean isThere(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    /// Makes `builder` show them to `account`. The server may be among what they say. Throws
    /// [IllegalArgumentException] if they are malformed.
    default void addTo(BlobServiceClientBuilder builder, String account) {
        switch (this) {
            case ConnectionString(String text) -> builder.connectionString(text);
            case Key(String owner, String key) -> {
                if (isThere(owner) && !account.equals(owner))
                    throw new Invalid(
                            "AZURE_STORAGE_ACCOUNT names another account than the url. account=`"
                                    + account
                                    + "`",
                            null);
                byte[] unused = Base64.getDecoder().decode(key); // nobody checks it later
                builder.credential(new StorageSharedKeyCredential(account, key));
            }
            case Signature(String token) -> builder.sasToken(token);
        }
    }
}
