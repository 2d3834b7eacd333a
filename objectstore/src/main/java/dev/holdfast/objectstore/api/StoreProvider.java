package dev.holdfast.objectstore.api;

import dev.holdfast.base.Env;
import java.util.Set;

/// Opens the stores of one URL scheme; it comes with a module of its own and is found as a service.
///
/// So a program that wants none of a provider's libraries leaves its module out. Thread-safe.
public interface StoreProvider {
    /// The schemes of its URLs, in small letters: `s3`. No other provider of the program may claim
    /// one of them.
    Set<String> schemes();

    /// What its URLs look like, for a person who typed a wrong one.
    String form();

    /// The store at `url`, with patience for calls that are not answered. Opening writes nothing.
    /// Throws [ObjectStoreException.Invalid] for a URL that it does not understand, without
    /// repeating what could be a secret in it.
    ObjectStore open(String url, Env env);
}
